"""The book of calls: one row for each attempt, exact sums, and nothing that names a text."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from sluice.config.schema import Budget
from sluice.ledger import Book, Booking, nano, used_up
from sluice.ledger.bookings import start_of

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)  # a Wednesday


def booking(usd: str | None = "1", user: str = "u-1") -> Booking:
    price = nano(None if usd is None else Decimal(usd))
    return Booking(user, "c-1", "m-1", "chat", "auto", "gpt", "cloud", "finished", 10, 5, True, price)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Book]:
    opened = Book(tmp_path / "folder" / "ledger.sqlite3")
    yield opened
    opened.close()


def test_what_was_spent_is_summed_exactly(book: Book) -> None:
    for _ in range(1000):
        book.add(booking("0.0000001"), NOW)

    assert book.spent(NOW) == Decimal("0.0001")


def test_spending_is_counted_for_one_user_or_for_all(book: Book) -> None:
    book.add(booking("1", "u-1"), NOW)
    book.add(booking("2", "u-2"), NOW)

    assert (book.spent(NOW, "u-1"), book.spent(NOW), book.spent(NOW, "u-3")) == (1, 3, 0)


def test_what_came_before_the_period_does_not_count(book: Book) -> None:
    book.add(booking(), NOW - timedelta(milliseconds=1))

    assert book.spent(NOW) == 0


def test_an_unknown_price_counts_as_nothing_and_is_kept_as_unknown(book: Book) -> None:
    book.add(booking(None), NOW)

    assert book.spent(NOW) == 0


def test_what_was_booked_survives_a_restart(tmp_path: Path) -> None:
    first = Book(tmp_path / "ledger.sqlite3")
    first.add_soon(booking())
    first.close()

    second = Book(tmp_path / "ledger.sqlite3")
    spent = second.spent(datetime.now(UTC) - timedelta(days=1))
    second.close()

    assert spent == 1


@pytest.mark.parametrize(
    ("period", "start"),
    [
        ("day", datetime(2025, 11, 19, tzinfo=UTC)),
        ("week", datetime(2025, 11, 17, tzinfo=UTC)),
        ("month", datetime(2025, 11, 1, tzinfo=UTC)),
    ],
)
def test_a_period_begins_at_midnight_utc(period: str, start: datetime) -> None:
    assert start_of(period, NOW) == start  # type: ignore[arg-type]


def test_the_day_of_a_budget_is_that_of_utc_wherever_the_server_stands() -> None:
    local = datetime(2025, 11, 20, 1, 0, tzinfo=timezone(timedelta(hours=3)))

    assert start_of("day", local) == datetime(2025, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("scope", "limit", "spent", "whose"),
    [
        ("user", "5", "4.99", ""),
        ("user", "5", "5", "your budget for this day is used up ($5.00 of $5.00)"),
        ("team", "5", "6", "the team's budget for this day is used up ($6.00 of $5.00)"),
        ("user", "0", "0", "your budget for this day is used up ($0.00 of $0.00)"),
    ],
)
def test_a_budget_is_used_up_when_its_limit_is_reached(
    book: Book, scope: str, limit: str, spent: str, whose: str
) -> None:
    book.add(booking(spent), NOW)
    budget = Budget.model_validate({"scope": scope, "period": "day", "limit_usd": limit})

    assert used_up([budget], book, "u-1", NOW) == whose


def test_the_first_budget_that_is_spent_is_named(book: Book) -> None:
    book.add(booking("6"), NOW)
    budgets = [Budget(scope="user", period=period, limit_usd=limit) for period, limit in (("day", 9), ("month", 5))]  # type: ignore[arg-type]

    assert "month" in used_up(budgets, book, "u-1", NOW)


@pytest.mark.parametrize(("usd", "whole"), [(None, None), ("0", 0), ("0.000000001", 1), ("1.5", 1_500_000_000)])
def test_money_is_kept_in_whole_billionths(usd: str | None, whole: int | None) -> None:
    assert nano(None if usd is None else Decimal(usd)) == whole
