"""A killed gateway, a full disk, a locked file: calls go on, and what is lost is told and bounded."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing as closed
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sluice.config.accounting import Budget
from sluice.errors import BudgetUsedUp
from sluice.ledger import Book, Limits, Quote, Reservation, Tokens, backlog, pico, reading
from sluice.ledger.book import ALIVE_FOR
from sqlalchemy import event

from tests.ledger.conftest import NOW, Clock, all_bookings, closing, opening, totals
from tests.ledger.test_budgets import ROOT

QUOTE = Quote("sluice.yaml", NOW.date(), Decimal(1), Decimal(1))
ENVIRONMENT = {"PYTHONPATH": f"{ROOT / 'pipelines'}:{ROOT}", "PATH": "/usr/bin:/bin"}


def start_busy(where: Path | str, *more: str) -> subprocess.Popen[str]:
    """A gateway under load; it prints each call's number as it is reserved and as it is given to be settled."""
    command = [sys.executable, "-u", "-m", "tests.ledger.busy", str(where), *more]
    return subprocess.Popen(command, env=ENVIRONMENT, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Somebody else writes to the file and does not end."""
    with closed(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


def later() -> datetime:
    """When a gateway that is killed now no longer seems alive."""
    return datetime.now(UTC) + ALIVE_FOR + timedelta(seconds=1)


def test_a_gateway_killed_under_load_loses_no_call_and_at_most_a_second_of_what_was_measured(
    where: Path | str,
) -> None:
    gateway = start_busy(where)
    assert gateway.stdout is not None
    lines = []
    for line in gateway.stdout:
        lines.append(line.split())
        if len(lines) == 1500:
            gateway.send_signal(signal.SIGKILL)
            break
    lines += [line.split() for line in gateway.stdout.read().splitlines() if len(line.split()) == 3]
    gateway.wait()

    after = Book(where, clock=later)
    after.reserve(opening()).result()
    found = {one.id: one for one in all_bookings(after)}
    summed = totals(after)
    after.close()

    reserved = {int(number) for word, number, _ in lines if word == "reserved"}
    settled = {int(number): float(at) for word, number, at in lines if word == "settled"}
    last = max(settled.values())
    measured = {number for number, one in found.items() if one.closing and one.closing.measured == "reported"}
    assert len(settled) > 500
    assert reserved <= found.keys()
    assert {number for number, at in settled.items() if at < last - 1} <= measured
    assert all(one.closing is not None for number, one in found.items() if number in reserved)
    assert summed == reading.summed([one for one in found.values() if one.closing])


def test_a_full_disk_stops_no_call_and_the_ledger_opens_clean_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Book(path).close()
    full = start_busy(path, "--largest-file", str(256 * 1024), "--calls", "3000")
    told = dict(line.split() for line in full.communicate(timeout=100)[0].splitlines() if len(line.split()) == 2)

    after = Book(path)
    found, summed = all_bookings(after), totals(after)
    after.add(opening(), closing())
    with closed(sqlite3.connect(path)) as connection:
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
    after.close()

    assert full.returncode == 0
    assert told["made"] == "3000"
    assert int(told["unreserved"]) > 0
    assert whole == "ok"
    assert summed == reading.summed([one for one in found if one.closing])
    # What is missing was told: each call is in the book, or counted as lost or as waiting when the gateway stopped.
    assert 3000 - len(found) <= int(told["lost"]) + int(told["waiting"])


def test_a_locked_file_stops_no_call_and_all_are_booked_when_it_is_free(tmp_path: Path) -> None:
    book = Book(tmp_path / "ledger.sqlite3", busy_seconds=0.05)
    with locked(tmp_path / "ledger.sqlite3"):
        reservations = [book.reserve(opening()).result() for _ in range(20)]
        for reservation in reservations:
            book.settle(reservation, closing("0.01"))
        fault, unreserved = book.health.fault, book.health.unreserved
    book.close()
    found = totals(book)

    assert (fault, unreserved) == ("OperationalError", 20)
    assert not any(reservation.written for reservation in reservations)
    assert (found.calls, found.cost, book.health.lost) == (20, Decimal("0.20"), 0)


def test_where_no_budget_can_be_kept_the_cloud_is_not_asked(tmp_path: Path) -> None:
    hard = Limits([Budget(scope="team", period="day", limit_usd=Decimal(100))])
    book = Book(tmp_path / "ledger.sqlite3", busy_seconds=0.05)
    with locked(tmp_path / "ledger.sqlite3"):
        cloud = book.reserve(opening(), hard).exception()
        local = book.reserve(opening("0", location="local"), hard).exception()
    book.close()

    assert isinstance(cloud, BudgetUsedUp)
    assert local is None


def test_what_cannot_be_written_is_kept_only_up_to_a_bound_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backlog, "MOST_WAITING", 5)
    book = Book(tmp_path / "ledger.sqlite3", busy_seconds=0.01)
    with locked(tmp_path / "ledger.sqlite3"):
        for _ in range(8):
            book.settle(book.reserve(opening()).result(), closing())
        lost = book.health.lost
    book.close()
    calls = totals(book).calls

    assert (calls, lost) == (5, 3)


def test_a_database_that_is_away_at_the_start_is_used_when_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    path.mkdir()
    book = Book(path, busy_seconds=0.05)
    book.settle(book.reserve(opening()).result(), closing())
    fault = book.health.fault
    path.rmdir()
    book.close()
    calls = totals(book).calls

    assert (fault, calls) == ("OperationalError", 1)


def test_a_ledger_of_a_newer_version_is_left_as_it_is_and_calls_go_on(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    Book(path).close()
    with closed(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    book = Book(path)
    reservation = book.reserve(opening()).result()
    book.settle(reservation, closing())
    fault = book.health.fault
    book.close()

    assert (fault, reservation.written, book.health.waiting) == ("CommandError", False, 1)


@pytest.mark.parametrize("tokens", [10**20, -(10**20)])
def test_a_closing_that_no_database_takes_is_dropped_and_all_others_are_booked(where: Path | str, tokens: int) -> None:
    book = Book(where)
    reservations = [book.reserve(opening()).result() for _ in range(3)]
    for reservation, prompt in zip(reservations, (10, tokens, 10), strict=True):
        book.settle(reservation, closing(tokens=Tokens(prompt, 5)))
    book.flush()
    book.settle(book.reserve(opening()).result(), closing())
    book.flush()
    calls, health = totals(book).calls, book.health
    book.close()

    assert (calls, health.lost, health.waiting, health.fault) == (3, 1, 0, "")


def test_an_opening_that_no_database_takes_closes_the_ledger_to_nobody_else(where: Path | str) -> None:
    book = Book(where)
    unfit = book.reserve(opening(expected=Tokens(10**20, 1))).result()
    fit = book.reserve(opening()).result()
    book.close()

    assert (unfit.written, fit.written, book.health.fault) == (False, True, "")


def test_an_observer_that_fails_leaves_no_call_open(book: Book) -> None:
    seen = []
    book.observers += [lambda opening, closing: 1 // 0, lambda opening, closing: seen.append(closing)]

    book.settle(book.reserve(opening()).result(), closing())
    book.flush()

    assert (totals(book).calls, seen) == (1, [closing()])


def test_while_the_ledger_is_locked_nobody_waits_for_it_anew(tmp_path: Path) -> None:
    book = Book(tmp_path / "ledger.sqlite3", busy_seconds=0.05)
    begun = []
    event.listen(book.database.engine, "begin", begun.append)
    with locked(tmp_path / "ledger.sqlite3"):
        book.reserve(opening()).result()
        waited = len(begun)
        for _ in range(40):
            book.flush()
        reserved_at_once = [book.reserve(opening()).done() for _ in range(40)]
        waited = len(begun) - waited
    book.close()

    assert all(reserved_at_once)
    assert waited < 20  # the ledger's own tries only, one a second


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("reserve"), st.integers(0, 3), st.integers(0, 10**6)),
        st.tuples(st.just("settle"), st.integers(0, 20), st.none() | st.integers(0, 10**6)),
        st.tuples(st.just("crash"), st.just(0), st.just(0)),
        st.tuples(st.just("forget"), st.integers(0, 3), st.just(0)),
    ),
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOVES)
def test_totals_are_the_sum_of_the_bookings_after_whatever_happened(
    tmp_path: Path, moves: list[tuple[str, int, int | None]]
) -> None:
    (tmp_path / "ledger.sqlite3").unlink(missing_ok=True)
    clock = Clock()
    book, crashed, open_calls = Book(tmp_path / "ledger.sqlite3", clock=clock), [], list[Reservation]()
    for move, number, amount in moves:
        if move == "reserve":
            known = opening("0", user=f"u-{number}", quote=QUOTE, reasons=(f"at {number}",), classes={"legal": number})
            open_calls.append(book.reserve(known).result())
        elif move == "settle" and open_calls:
            reservation = open_calls[number % len(open_calls)]
            book.settle(reservation, closing(None if amount is None else str(Decimal(amount) / 10**6)))
        elif move == "forget":
            book.forget(f"u-{number}")
        elif move == "crash":
            crashed.append(book)
            clock.now += ALIVE_FOR + timedelta(seconds=1)
            book, open_calls = Book(tmp_path / "ledger.sqlite3", clock=clock), []
    book.flush()
    book.reserve(opening()).result()

    found, summed = all_bookings(book), totals(book)
    with book.database.reading() as connection:
        by_user = reading.by_user(connection)
        by_dimension = {name: reading.by(connection, name) for name in ("model", "location", "outcome", "kind", "lane")}  # type: ignore[arg-type]
    for one in (book, *crashed):
        one.close()

    ended = [one for one in found if one.closing]
    assert summed == reading.summed(ended)
    assert sum(row.totals.calls for row in by_user) == summed.calls
    assert sum((row.totals.cost for row in by_user), Decimal(0)) == summed.cost
    assert all(sum(row.totals.calls for row in rows) == summed.calls for rows in by_dimension.values())
    assert len({one.id for one in found}) == len(found)
    assert pico(summed.cost) == sum(one.closing.cost or 0 for one in ended if one.closing)
