"""The book of calls: each attempt opened and closed once, exact sums, and nothing that names a text."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sluice.ledger import Book, Limits, Quote, Tokens, forgetting, pico, reading, usd
from sluice.ledger.book import ALIVE_FOR
from sqlalchemy import event

from tests.ledger.conftest import NOW, Clock, all_bookings, closing, opening, totals

QUOTE = Quote("sluice.yaml", NOW.date(), Decimal(1), Decimal(1))


def test_a_booking_is_open_until_it_is_closed(book: Book) -> None:
    reservation = book.reserve(opening()).result()
    (before,) = all_bookings(book)
    book.settle(reservation, closing())
    book.flush()
    (after,) = all_bookings(book)

    assert (before.closing, after.closing) == (None, closing())
    assert before.opening == after.opening == opening()


def test_everything_that_is_known_of_a_call_is_kept_with_it(where: Path | str) -> None:
    quote = Quote("litellm 1.2.3", NOW.date(), Decimal("2"), Decimal("8.5"), Decimal("0.000001"))
    known = opening(
        groups=("g-1", "g-2"), role="user", preset="auto", task=True, task_kind="code", complexity=0.5, attempt=2,
        reasons=("complexity 0.50", "lane auto"), classes={"personal": 3}, expected=Tokens(100, 1024), quote=quote,
        baseline="sonnet", asked="sluice.auto",
    )  # fmt: skip
    ended = closing(tokens=Tokens(9, 8, 7, 6, 5, 4, 3), baseline=pico(Decimal(1)), first_token_ms=80, total_ms=1080)
    book = Book(where)
    book.settle(book.reserve(known).result(), ended)
    book.close()

    again = Book(where)
    (booking,) = all_bookings(again)
    again.close()

    assert (booking.opening, booking.closing) == (known, ended)
    assert booking.tokens_per_second == 8


def test_a_booking_that_is_closed_twice_counts_once(book: Book) -> None:
    reservation = book.reserve(opening()).result()
    for _ in range(2):
        book.settle(reservation, closing())
        book.flush()

    assert totals(book).calls == 1
    assert book.health.late == 1


def test_what_was_spent_is_summed_exactly(book: Book) -> None:
    for _ in range(1000):
        book.settle(book.reserve(opening()).result(), closing("0.000000000001"))
    book.flush()

    assert totals(book).cost == Decimal("0.000000001")


def test_an_unknown_price_is_counted_as_unknown_and_never_as_free(book: Book) -> None:
    book.add(opening(), closing(None, budgeted=pico(Decimal(2))))

    assert (totals(book).unpriced, totals(book).cost, totals(book).budgeted) == (1, 0, 2)


def test_a_booking_counts_for_the_day_of_the_ledgers_time_zone(book: Book, clock: Clock) -> None:
    clock.now = NOW.replace(hour=23, minute=30)
    reservation = book.reserve(opening(), Limits(zone=ZoneInfo("Europe/Berlin"))).result()
    clock.now += timedelta(hours=3)
    book.settle(reservation, closing())
    book.flush()
    with book.database.reading() as connection:
        days = reading.by_day(connection)

    assert [row.key for row in days] == ["2025-11-20"]


def test_what_a_task_on_this_machine_saves_stays_out_of_the_headline(book: Book) -> None:
    local = {"location": "local", "model": "qwen"}
    book.add(opening("0", **local), closing("0", baseline=pico(Decimal(3))))
    book.add(opening("0", task=True, kind="title_generation", **local), closing("0", baseline=pico(Decimal(1))))

    assert (totals(book).saving, totals(book).task_saving, totals(book).baseline) == (3, 1, 3)


def test_two_bookings_of_one_moment_are_two(book: Book) -> None:
    for _ in range(50):
        book.reserve(opening())
    book.flush()

    assert len({booking.id for booking in all_bookings(book)}) == 50


def test_what_a_killed_gateway_left_open_is_settled_at_its_estimate_and_marked(where: Path | str, clock: Clock) -> None:
    killed = Book(where, clock=clock)
    expected = Tokens(100, 50)
    for _ in range(3):
        killed.reserve(opening("0.25", expected=expected, quote=QUOTE)).result()
    other = Book(where, clock=clock)
    other.settle(other.reserve(opening("0.01")).result(), closing("0.01"))
    other.flush()
    alive = totals(other).calls
    other.close()

    clock.now += ALIVE_FOR + timedelta(seconds=1)
    after = Book(where, clock=clock)
    after.reserve(opening()).result()
    recovered = [one.closing for one in all_bookings(after) if one.closing and one.closing.measured == "recovered"]
    summed = totals(after)
    after.close()
    killed.close()

    assert alive == 1
    told = [(one.outcome, one.tokens, usd(one.cost or 0)) for one in recovered]
    assert told == [("cut", expected, Decimal("0.25"))] * 3
    assert (summed.calls, summed.cut, summed.cost) == (4, 3, Decimal("0.76"))


def test_a_gateway_that_seemed_dead_changes_nothing_that_was_settled_for_it(where: Path | str, clock: Clock) -> None:
    slow = Book(where, clock=clock)
    reservation = slow.reserve(opening("0.25", quote=QUOTE)).result()
    clock.now += ALIVE_FOR + timedelta(seconds=1)
    other = Book(where, clock=clock)
    other.reserve(opening()).result()
    other.close()

    slow.settle(reservation, closing("0.30"))
    slow.flush()

    assert (totals(slow).cost, slow.health.late) == (Decimal("0.25"), 1)
    slow.close()


def test_the_sums_of_an_erased_person_stay(book: Book) -> None:
    for user in ("u-1", "u-2", ""):
        book.add(opening(user=user, groups=("g",), classes={"personal": 1}), closing("1"))
    before = totals(book)

    count = book.forget("u-1")

    with book.database.reading() as connection:
        users = {row.key: row.totals.cost for row in reading.by_user(connection)}
        classes = reading.by(connection, "class", user="")
    assert (count, totals(book)) == (1, before)
    assert users == {"u-2": 1, "": 2}
    assert classes[0].totals.findings == 2


def test_a_call_that_ends_after_its_person_was_erased_names_nobody(book: Book) -> None:
    reservation = book.reserve(opening()).result()
    book.forget("u-1")
    book.settle(reservation, closing())
    book.flush()

    assert (totals(book, "u-1").calls, totals(book, "").calls) == (0, 1)


def test_old_bookings_go_and_their_sums_stay(book: Book, clock: Clock) -> None:
    book.add(opening(), closing("1"), NOW - timedelta(days=31))
    book.add(opening(), closing("1"), NOW - timedelta(days=30))
    book.reserve(opening()).result()

    assert book.expire(30) == 1
    assert len(all_bookings(book)) == 2
    assert totals(book).cost == 2


def test_old_bookings_go_in_short_transactions(where: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "BATCH", 2)
    book = Book(where, clock=Clock())
    for _ in range(5):
        book.add(opening(), closing("1"), NOW - timedelta(days=31))
    dropped: list[int] = []
    event.listen(book.database.engine, "commit", lambda connection: dropped.append(1))

    count = book.expire(30)
    left, kept = len(all_bookings(book)), totals(book).calls
    book.close()

    assert (count, left, kept) == (5, 0, 5)
    assert len(dropped) >= 3
