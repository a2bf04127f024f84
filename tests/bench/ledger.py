"""What the ledger adds to a call, how many bookings it takes, and how long a million of them are read.

SQLite and, where its programs are found, PostgreSQL, beside plain inserts of the same row with sqlite3: the least that
writing anything down costs. Synthetic bookings are of one year, by a team of twenty with six models.
"""

from __future__ import annotations

import argparse
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from contextlib import closing as closed
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sluice.config.accounting import Budget, Hardware
from sluice.ledger import (
    Book,
    Closing,
    Limits,
    Opening,
    Quote,
    Span,
    Spender,
    Tokens,
    break_even,
    pico,
    reading,
    rows,
    standings,
)  # fmt: skip
from sluice.ledger.settling import MOST, Entry, settle

from tests.bench import figures
from tests.standins.postgres import Postgres, binaries

YEAR = 365
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
QUOTE = Quote("litellm 1.106.2", NOW.date(), Decimal(2), Decimal(10), Decimal("0.1"))
MODELS = (("qwen3-8b", "local"), ("llama3.2-3b", "local"), ("qwen2.5-coder-7b", "local"), ("smollm2", "local"),
          ("claude-sonnet", "cloud"), ("gpt-4.1", "cloud"))  # fmt: skip
KINDS = ("chat", "tool round", "title_generation", "tags_generation", "follow_up_generation", "api")
PRESETS = ("auto", "private", "everyday", "quick", "code-review", "deep-analysis")
REASONS = (
    "complexity 0.41 is below 0.60",
    "complexity 0.83 is at least 0.60",
    "lane local",
    "@cloud",
    "personal data (2)",
)
CLASSES = ("personal", "secret", "financial", "source_code")
BUDGETS = Limits([Budget(scope="user", period="day", limit_usd=Decimal(10**6)),
                  Budget(scope="team", period="month", limit_usd=Decimal(10**6))])  # fmt: skip
TIMES_READ = 5


def main() -> None:
    parser = argparse.ArgumentParser(prog="./scripts/bench ledger", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--calls", type=int, default=5_000, help="calls that are booked one by one")
    parser.add_argument("--bookings", type=int, default=1_000_000, help="synthetic bookings that are read")
    options = parser.parse_args()
    found: dict[str, Any] = {"machine": figures.machine(), "calls": options.calls}
    with tempfile.TemporaryDirectory() as folder:
        plain = found["plain_sqlite_inserts"] = _plain(Path(folder) / "plain.sqlite3", options.calls)
        for name, where in places(Path(folder)):
            with where as place:
                found[name] = _written(place, options.calls)
                found[name]["share_of_plain_inserts"] = round(found[name]["per_second"] / plain["per_second"], 2)
                found[name]["read"] = _read(place, options.bookings)
    figures.show(found, as_json=options.json)


def places(folder: Path) -> Iterator[tuple[str, AbstractContextManager[Path | str]]]:
    """Where a ledger is kept: a file, and a PostgreSQL that runs as long as it is used."""

    @contextmanager
    def file() -> Iterator[Path | str]:
        yield folder / "ledger.sqlite3"

    @contextmanager
    def server(programs: Path) -> Iterator[Path | str]:
        with Postgres(programs) as running:
            yield running.new_database()

    yield "sqlite", file()
    if programs := binaries():
        yield "postgresql", server(programs)


def _plain(path: Path, calls: int) -> dict[str, Any]:
    """The row of a booking, written by sqlite3 in a transaction each, as the ledger's file is set up."""
    chosen = random.Random(1)
    with closed(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        row = rows.opened(1, NOW, "2026-11-24", _opening(chosen))
        names = ", ".join(f'"{name}"' for name in row)
        connection.execute(f"CREATE TABLE plain ({names.replace(chr(34) + 'id' + chr(34), 'id INTEGER PRIMARY KEY')})")
        marks = ", ".join(f":{name}" for name in row)
        took = []
        for number in range(calls):
            made = rows.opened(number, NOW, "2026-11-24", _opening(chosen))
            began = time.perf_counter()
            connection.execute(f"INSERT INTO plain ({names}) VALUES ({marks})", made)
            took.append(time.perf_counter() - began)
    return {"per_second": round(calls / sum(took)), **figures.spread(took)}


def _written(where: Path | str, calls: int) -> dict[str, Any]:
    book = Book(where)
    try:
        return {
            "added_before_a_call": _one_by_one(book, calls, Limits()),
            "added_before_a_call_with_two_budgets": _one_by_one(book, calls, BUDGETS),
            "added_after_a_call": _handing_over(book, calls),
            "per_second": _at_once(book, calls),
            "after_the_last_call_s": _timed(book.flush),
        }
    finally:
        book.close()


def _one_by_one(book: Book, calls: int, limits: Limits) -> dict[str, float]:
    """Calls that come one after the other, each settled while the next are reserved."""
    chosen, took = random.Random(2), []
    for _ in range(calls):
        opening = _opening(chosen, location="cloud")
        began = time.perf_counter()
        reservation = book.reserve(opening, limits).result()
        took.append(time.perf_counter() - began)
        book.settle(reservation, _closing(chosen, opening))
    book.flush()
    return figures.spread(took)


def _handing_over(book: Book, calls: int) -> dict[str, float]:
    chosen, took = random.Random(3), []
    for _ in range(min(calls, 2_000)):
        opening = _opening(chosen)
        reservation, closing = book.reserve(opening).result(), _closing(chosen, opening)
        began = time.perf_counter()
        book.settle(reservation, closing)
        took.append(time.perf_counter() - began)
    book.flush()
    return figures.spread(took)


def _at_once(book: Book, calls: int) -> int:
    """Bookings opened and closed each second, by eight callers, until the last is written."""

    def some(seed: int) -> None:
        chosen = random.Random(seed)
        for _ in range(calls // 8):
            opening = _opening(chosen)
            book.settle(book.reserve(opening).result(), _closing(chosen, opening))

    began = time.perf_counter()
    with ThreadPoolExecutor(8) as callers:
        list(callers.map(some, range(8)))
    book.flush()
    return round(calls // 8 * 8 / (time.perf_counter() - began))


def _read(where: Path | str, bookings: int) -> dict[str, Any]:
    book = Book(where)
    began = time.perf_counter()
    _fill(book, bookings)
    filled = time.perf_counter() - began
    year, month = Span(NOW.date() - timedelta(days=YEAR), NOW.date()), Span(NOW.date() - timedelta(days=30), NOW.date())
    with book.database.reading() as connection:
        some = reading.recent(connection, limit=1)[0].opening
        hardware = [Hardware(price_usd=Decimal(2500), bought=year.first or NOW.date())]
        reads: dict[str, Callable[[], object]] = {
            "totals of a year": lambda: reading.totals(connection, year),
            "totals of a user's month": lambda: reading.totals(connection, month, some.user),
            "by day, a year": lambda: reading.by_day(connection, year),
            "by model, a year": lambda: reading.by(connection, "model", year),
            "by model and day, a year": lambda: reading.by_day_and(connection, "model", year),
            "by user, a year": lambda: reading.by_user(connection, year),
            "by group, a year": lambda: reading.by(connection, "group", year),
            "by kind, a year": lambda: reading.by(connection, "kind", year),
            "reasons for leaving, a year": lambda: reading.by(connection, "leaving", year),
            "classes by day, a year": lambda: reading.by_day_and(connection, "class", year),
            "latencies of a year": lambda: reading.latencies(connection, year),
            "a chat": lambda: reading.of_chat(connection, some.chat),
            "a message": lambda: reading.of_message(connection, some.message),
            "the last hundred": lambda: reading.recent(connection),
            "budgets": lambda: standings(connection, BUDGETS.budgets, Spender(some.user), NOW.date()),
            "break-even": lambda: break_even(connection, hardware, NOW.date()),
        }
        took = {name: _median(read) for name, read in reads.items()}
    size = _size(where, book)
    book.close()
    return {
        "bookings": bookings,
        "filled_per_second": round(bookings / filled),
        "mebibytes": round(size / 2**20, 1),
        "bytes_a_booking": round(size / bookings),
        "median_ms": took,
        "all_together_ms": round(sum(took.values()), 1),
    }


def _fill(book: Book, bookings: int) -> None:
    """In order of time, in the batches that the gateway settles."""
    chosen = random.Random(4)
    start = NOW - timedelta(days=YEAR)
    step = timedelta(days=YEAR) / bookings
    for first in range(0, bookings, MOST):
        entries = [_entry(chosen, start + step * number) for number in range(first, min(bookings, first + MOST))]
        with book.database.writing() as connection:
            settle(connection, entries)


def _entry(chosen: random.Random, at: datetime) -> Entry:
    opening = _opening(chosen)
    number = (rows.milliseconds(at) << rows.RANDOM_BITS) | chosen.getrandbits(rows.RANDOM_BITS)
    return Entry(number, at, at.date().isoformat(), opening, at, _closing(chosen, opening))


def _opening(chosen: random.Random, location: str | None = None) -> Opening:
    model, where = chosen.choice([one for one in MODELS if location in (None, one[1])])
    kind, user = chosen.choice(KINDS), chosen.randrange(20)
    chat = chosen.randrange(20_000)
    return Opening(
        user=f"5d2c1b7e-0000-4000-8000-{user:012}",
        chat=f"8f0e3a44-0000-4000-8000-{chat:012}",
        message=f"c1aa90d2-0000-4000-8000-{chosen.randrange(10**12):012}",
        kind=kind,
        lane="auto",
        model=model,
        location=where,  # type: ignore[arg-type]
        asked="sluice.auto",
        groups=(f"group-{user % 4}",),
        role="user",
        preset=chosen.choice(PRESETS),
        task=kind.endswith("_generation"),
        task_kind="chat",
        complexity=round(chosen.random(), 3),
        reasons=(chosen.choice(REASONS),),
        classes={chosen.choice(CLASSES): 2} if chosen.random() < 0.2 else {},
        expected=Tokens(1_200, 1_024),
        held=pico(Decimal("0.0126")) if where == "cloud" else 0,
        quote=QUOTE if where == "cloud" else None,
        baseline="claude-sonnet",
    )


def _closing(chosen: random.Random, opening: Opening) -> Closing:
    tokens = Tokens(chosen.randrange(200, 4_000), chosen.randrange(20, 900))
    price = pico(Decimal(tokens.prompt * 2 + tokens.completion * 10) / 10**6)
    cost = price if opening.location == "cloud" else 0
    first = chosen.randrange(200, 2_000)
    return Closing("finished", tokens, "reported", cost, cost, price, first, first + chosen.randrange(500, 20_000))


def _size(where: Path | str, book: Book) -> int:
    if isinstance(where, Path):
        return sum(path.stat().st_size for path in where.parent.glob(f"{where.name}*"))
    with book.database.reading() as connection:
        size: int = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return size


def _median(read: Callable[[], object]) -> float:
    return round(statistics.median(_timed(read) for _ in range(TIMES_READ)) * 1000, 2)


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return round(time.perf_counter() - began, 6)


if __name__ == "__main__":
    main()
