"""What the book tells: sums by everything they are kept by, latencies, single bookings, break-even."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.config.accounting import Currency, Hardware
from sluice.ledger import Book, Feedback, Span, Tokens, amount, break_even, current, feedback, pico, reading
from sluice.ledger.daily import bucket_of, milliseconds_of
from sqlalchemy import event

from tests.ledger.conftest import NOW, closing, opening

TODAY = NOW.date()


@pytest.fixture
def filled(book: Book) -> Book:
    cloud = {"reasons": ("complexity 0.83 is at least 0.60",), "groups": ("g-1", "g-2"), "preset": "auto"}
    kept = {"reasons": ("personal data (2)",), "classes": {"personal": 2}, "groups": ("g-2",), "preset": "private"}
    book.add(opening(message="m-1", task_kind="code", **cloud), closing("3"), NOW - timedelta(days=1))
    book.add(opening(message="m-1", kind="tool round", **cloud), closing("1"), NOW)
    local = opening("0", location="local", model="qwen", user="u-2", chat="c-2", message="m-2", **kept)
    book.add(local, closing("0", baseline=pico(Decimal(2))), NOW)
    book.add(replace(local, kind="title_generation", task=True), closing("0", outcome="failed"), NOW)
    return book


@pytest.mark.parametrize(
    ("dimension", "expected"),
    [
        ("model", [("gpt", 2, "4"), ("qwen", 2, "0")]),
        ("location", [("cloud", 2, "4"), ("local", 2, "0")]),
        ("kind", [("chat", 2, "3"), ("tool round", 1, "1"), ("title_generation", 1, "0")]),
        ("preset", [("auto", 2, "4"), ("private", 2, "0")]),
        ("task_kind", [("code", 1, "3"), ("", 3, "1")]),
        ("group", [("g-2", 4, "4"), ("g-1", 2, "4")]),
        ("outcome", [("finished", 3, "4"), ("failed", 1, "0")]),
        ("leaving", [("complexity … is at least …", 2, "4")]),
        ("staying", [("personal data (…)", 2, "0")]),
        ("class", [("personal", 2, "0")]),
    ],
)
def test_sums_are_kept_by(filled: Book, dimension: str, expected: list[tuple[str, int, str]]) -> None:
    with filled.database.reading() as connection:
        found = reading.by(connection, dimension)  # type: ignore[arg-type]

    assert [(row.key, row.totals.calls, row.totals.cost) for row in found] == [
        (key, calls, Decimal(cost)) for key, calls, cost in expected
    ]


def test_sums_are_of_a_span_and_of_a_user(filled: Book) -> None:
    today = Span(TODAY, TODAY)
    with filled.database.reading() as connection:
        days = [(row.key, row.totals.cost) for row in reading.by_day(connection)]
        gpt = [row.totals.calls for row in reading.by_day(connection, dimension="model", value="gpt")]
        over_time = reading.by_day_and(connection, "location")
        own = reading.totals(connection, today, "u-2")
        users = [(row.key, row.totals.cost) for row in reading.by_user(connection, today)]

    assert days == [("2025-11-18", 3), ("2025-11-19", 1)]
    assert gpt == [1, 1]
    assert {place: [row.key for row in rows] for place, rows in over_time.items()} == {
        "cloud": ["2025-11-18", "2025-11-19"],
        "local": ["2025-11-19"],
    }
    assert (own.calls, own.failed, own.saving, own.findings) == (2, 1, 2, 4)
    assert users == [("u-1", 1), ("u-2", 0)]


def test_the_bookings_of_a_chat_and_of_a_message_are_those_of_their_user(filled: Book) -> None:
    with filled.database.reading() as connection:
        chat = [one.opening.kind for one in reading.of_chat(connection, "c-1", "u-1")]
        another = reading.of_chat(connection, "c-1", "u-2")
        message = reading.summed(reading.of_message(connection, "m-1", "u-1"))
        first = reading.recent(connection, limit=2)
        then = reading.recent(connection, limit=2, before=first[-1].id)
        since = reading.recent(connection, since=NOW, limit=None)

    assert chat == ["tool round", "chat"]
    assert another == []
    assert (message.calls, message.cost, message.prompt_tokens) == (2, 4, 20)
    assert len({one.id for one in (*first, *then)}) == 4
    assert len(since) == 3


def test_an_open_booking_is_told_as_a_call_that_cost_nothing_yet(book: Book) -> None:
    book.reserve(opening()).result()
    with book.database.reading() as connection:
        found = reading.of_chat(connection, "c-1")

    assert found[0].closing is None
    assert (reading.summed(found).calls, reading.summed(found).cost) == (1, 0)


def test_the_tasks_of_a_chat_are_summed_over_all_of_it(where: Path | str) -> None:
    book = Book(where)
    for number in range(150):
        book.add(opening(message=f"m-{number}"), closing("1"))
        book.add(opening(message=f"m-{number}", kind="title_generation", task=True), closing("0.01"))
    book.add(opening(kind="title_generation", task=True), closing(None))
    book.add(opening(kind="title_generation", task=True, user="u-2"), closing("1"))
    with book.database.reading() as connection:
        found = reading.tasks_of_chat(connection, "c-1", "u-1")
        nothing = reading.tasks_of_chat(connection, "c-2", "u-1")
    book.close()

    assert found == (Decimal("1.50"), 151, 1)
    assert nothing == (0, 0, 0)


def test_percentiles_are_right_within_a_tenth(where: Path | str) -> None:
    book = Book(where)
    for took in range(1, 101):
        book.add(opening(), closing(first_token_ms=took * 10, total_ms=took * 100))
    with book.database.reading() as connection:
        first, total = reading.latencies(connection)
    book.close()

    assert (first.model, first.measure, first.calls) == ("gpt", "first_token", 100)
    assert first.p50 == pytest.approx(500, rel=0.1)
    assert total.p95 == pytest.approx(9_500, rel=0.1)


@given(st.integers(1, 10**8))
def test_a_bucket_is_within_a_tenth_of_what_it_holds(took: int) -> None:
    assert milliseconds_of(bucket_of(took)) == pytest.approx(took, rel=0.1)


@pytest.mark.parametrize(
    ("price", "paid_on"),
    [("2", TODAY), ("10", TODAY + timedelta(days=40)), ("1000000", None)],
    ids=["paid", "in forty days", "never"],
)
def test_hardware_is_paid_back_at_the_pace_of_the_last_days(filled: Book, price: str, paid_on: date | None) -> None:
    hardware = [Hardware(price_usd=Decimal(price), bought=TODAY - timedelta(days=9))]
    with filled.database.reading() as connection:
        found = break_even(connection, hardware, TODAY)

    # Two dollars in ten days.
    assert found is not None
    assert (found.saved, found.per_day, found.paid_on) == (2, Decimal("0.2"), paid_on)


def test_without_hardware_there_is_nothing_to_pay_back(book: Book) -> None:
    with book.database.reading() as connection:
        assert break_even(connection, (), TODAY) is None


def test_what_people_made_of_answers_is_kept_in_order(where: Path | str) -> None:
    given_ = [
        Feedback("u-1", "c", "m", "regenerated", "code", "auto", "qwen", "local", 0.5, NOW),
        Feedback("u-2", "c", "m", "thumbs_down", at=NOW + timedelta(seconds=1)),
    ]
    book = Book(where)
    for one in given_:
        book.note(one)
    with book.database.reading() as connection:
        everything, later = feedback.given_since(connection), feedback.given_since(connection, given_[1].at)
    book.close()

    assert everything == given_
    assert later == given_[1:]


@pytest.mark.parametrize(
    ("usd", "currency", "shown"),
    [
        ("3.2", Currency(), "$3.20"),
        ("0", Currency(), "$0.00"),
        ("0.0084", Currency(), "$0.0084"),
        ("0.00000075", Currency(), "$0.00000075"),
        ("0.05", Currency(), "$0.05"),
        ("20", Currency(code="EUR", per_usd=Decimal("0.9")), "18.00 EUR"),
    ],
)
def test_amounts_are_shown_with_the_places_they_need(usd: str, currency: Currency, shown: str) -> None:
    assert amount(Decimal(usd), currency) == shown


def test_the_current_month_ends_where_the_next_begins() -> None:
    assert current("month", date(2025, 2, 14)) == Span(date(2025, 2, 1), date(2025, 2, 28))
    assert current("week", TODAY) == Span(date(2025, 11, 17), date(2025, 11, 23))


def test_tokens_a_second_are_of_the_answer(book: Book) -> None:
    book.add(opening(), closing(tokens=Tokens(5, 30), first_token_ms=500, total_ms=2_000))
    with book.database.reading() as connection:
        (booking,) = reading.recent(connection)

    assert booking.tokens_per_second == 20


@pytest.mark.parametrize(
    ("read", "index"), [(reading.of_message, "bookings_message"), (reading.of_chat, "bookings_chat")]
)
def test_what_belongs_together_is_found_without_reading_all_of_a_persons_bookings(
    book: Book, read: Callable[..., Any], index: str
) -> None:
    asked: list[tuple[str, Any]] = []
    event.listen(book.database.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with book.database.reading() as connection:
        read(connection, "m-1", "u-1")
        statement, parameters = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()

    steps = [str(row[3]) for row in plan]
    assert any(f"USING INDEX {index} " in step and "AND user=?" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)
