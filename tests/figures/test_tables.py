"""Tables for people and spreadsheets."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.errors import RequestError
from sluice.figures import COLUMNS, DIMENSIONS, Table, csv_lines, days, last_days, month, span_of, table
from sluice.figures.spans import before
from sluice.ledger import Row, Span, Totals, reading
from sqlalchemy import Connection

TODAY = date(2026, 3, 18)
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@pytest.mark.parametrize("by", [by for by in DIMENSIONS if by not in ("reason", "class", "group")])
def test_a_table_by_anything_adds_up_to_the_totals(connection: Connection, by: str) -> None:
    span = last_days(31, TODAY)

    rows = table(connection, by, span).rows  # type: ignore[arg-type]

    assert sum((row.totals.cost for row in rows), Decimal(0)) == reading.totals(connection, span).cost
    assert sum(row.totals.calls for row in rows) == reading.totals(connection, span).calls


@given(st.lists(st.text(max_size=20).filter(lambda text: "\0" not in text), max_size=5))
def test_a_csv_reads_back_as_it_was_and_holds_no_formula(keys: list[str]) -> None:
    found = Table("model", [Row(key, Totals(calls=1, cost=Decimal("0.000000000001"))) for key in keys])

    head, *rows = csv.reader(io.StringIO("".join(csv_lines(found)), newline=""))

    assert head == ["model", *COLUMNS]
    assert [row[0].removeprefix("'") for row in rows] == [key.removeprefix("'") for key in keys]
    assert not any(row[0].startswith(("=", "+", "-", "@")) for row in rows)
    assert all(row[head.index("cost")] == "0.000000000001" for row in rows)


@given(DAYS, st.integers(1, 400))
def test_the_span_before_is_as_long_and_ends_the_day_before(today: date, count: int) -> None:
    span = last_days(count, today)

    assert len(days(before(span))) == len(days(span)) == count
    assert days(before(Span(span.first, span.last)))[-1] < days(span)[0]


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [({}, "2026-02-17", "2026-03-18"), ({"days": "1"}, "2026-03-18", "2026-03-18"),
     ({"month": "2026-02"}, "2026-02-01", "2026-02-28"), ({"month": "2025-12"}, "2025-12-01", "2025-12-31"),
     ({"since": "2026-01-05", "until": "2026-01-06"}, "2026-01-05", "2026-01-06")],
    ids=str,
)  # fmt: skip
def test_spans_are_whole_days(wanted: dict[str, str], first: str, last: str) -> None:
    assert span_of(wanted, TODAY) == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "2026", "2026-00", "2026-13", "0000-01", "26-1", "2026-01-01"])
def test_a_month_that_there_is_not_is_refused_in_words(text: str) -> None:
    with pytest.raises(RequestError, match="Name a month such as 2026-11"):
        month(text)
