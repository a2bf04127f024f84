"""Spans of days, as people ask for them."""

import re
from datetime import date, timedelta

from sluice.errors import RequestError
from sluice.ledger import Span

MOST_DAYS = 3660
MONTH = re.compile(r"(\d{4})-(\d{2})\Z")


def last_days(count: int, today: date) -> Span:
    """The last days, today included."""
    return Span(today - timedelta(days=count - 1), today)


def before(span: Span) -> Span:
    """As many days, just before."""
    first, last = _ends(span)
    return Span(first - (last - first) - timedelta(days=1), first - timedelta(days=1))


def month(text: str) -> Span:
    """A calendar month such as 2026-11; raises RequestError."""
    found = MONTH.match(text)
    if not found or not 1 <= int(found[2]) <= 12 or int(found[1]) == 0:
        raise RequestError("Name a month such as 2026-11.")
    first = date(int(found[1]), int(found[2]), 1)
    return Span(first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1))


def span_of(wanted: dict[str, str], today: date) -> Span:
    """The span of a query: `month`, `since` and `until`, or the last `days`, of which 30 are taken if none is named."""
    if wanted.get("month"):
        return month(wanted["month"])
    if wanted.get("since") or wanted.get("until"):
        return Span(_day(wanted.get("since")), _day(wanted.get("until")))
    return last_days(count_of(wanted.get("days", "30")), today)


def count_of(text: str) -> int:
    """How many days; raises RequestError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MOST_DAYS:
        raise RequestError(f"`days` is a number from 1 to {MOST_DAYS}.")
    return int(text)


def days(span: Span) -> list[str]:
    """Each day of a span in ISO form."""
    first, last = _ends(span)
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def _ends(span: Span) -> tuple[date, date]:
    if span.first is None or span.last is None:
        raise ValueError("an open span has no days to count")
    return span.first, span.last


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RequestError("`since` and `until` are days such as 2026-01-31.") from None
