"""A book in a temporary file, with a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sluice.ledger import Book, Booking, Closing, Opening, Span, Tokens, Totals, pico, reading

NOW = datetime(2025, 11, 19, 15, 30, tzinfo=UTC)  # a Wednesday
OPENING = Opening("u-1", "c-1", "m-1", "chat", "auto", "gpt", "cloud", held=pico(Decimal("0.01")))


class Clock:
    """Tells the time that it is set to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def opening(usd: str = "0.01", **more: Any) -> Opening:
    return replace(OPENING, held=pico(Decimal(usd)), **more)


def closing(usd: str | None = "0.01", outcome: str = "finished", **more: Any) -> Closing:
    cost = None if usd is None else pico(Decimal(usd))
    values: dict[str, Any] = {"tokens": Tokens(10, 5), "measured": "reported", "budgeted": cost or 0, **more}
    return Closing(outcome=outcome, cost=cost, **values)  # type: ignore[arg-type]


def totals(book: Book, user: str | None = None, span: Span = reading.ALL_TIME) -> Totals:
    with book.database.reading() as connection:
        return reading.totals(connection, span, user)


def all_bookings(book: Book) -> list[Booking]:
    with book.database.reading() as connection:
        return list(reversed(reading.recent(connection, limit=None)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def book(tmp_path: Path, clock: Clock) -> Iterator[Book]:
    opened = Book(tmp_path / "folder" / "ledger.sqlite3", clock=clock)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a ledger is kept: in a file, and in PostgreSQL."""
    if request.param == "sqlite":
        return tmp_path / "ledger.sqlite3"
    url: str = request.getfixturevalue("postgres")()
    return url
