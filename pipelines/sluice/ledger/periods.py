"""Calendar days, weeks and months in the time zone of the ledger."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

Period = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Span:
    """Whole calendar days, both included; an open end where None."""

    first: date | None = None
    last: date | None = None


def day_of(moment: datetime, zone: tzinfo = UTC) -> date:
    return moment.astimezone(zone).date()


def current(period: Period, today: date) -> Span:
    """The day, week (from Monday) or month that a day is part of."""
    first = start_of(period, today)
    return Span(first, renewal_of(period, today) - timedelta(days=1))


def start_of(period: Period, today: date) -> date:
    if period == "day":
        return today
    return today - timedelta(days=today.weekday()) if period == "week" else today.replace(day=1)


def renewal_of(period: Period, today: date) -> date:
    """The first day of the next period."""
    start = start_of(period, today)
    if period == "month":
        return (start + timedelta(days=32)).replace(day=1)
    return start + timedelta(days=7 if period == "week" else 1)
