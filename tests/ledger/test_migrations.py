"""The schema: what the first version booked is taken over whole, and the migrations make what the tables say."""

from __future__ import annotations

import sqlite3
from contextlib import closing as closed
from decimal import Decimal
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sluice.ledger import Book, reading
from sluice.ledger.tables import metadata

from tests.ledger.conftest import all_bookings, totals

FIRST_SCHEMA = """
CREATE TABLE bookings (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    user TEXT NOT NULL, chat TEXT NOT NULL, message TEXT NOT NULL, kind TEXT NOT NULL,
    lane TEXT NOT NULL, model TEXT NOT NULL, location TEXT NOT NULL, outcome TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, reported INTEGER NOT NULL,
    nano_usd INTEGER
);
CREATE INDEX bookings_spent ON bookings (at, user, nano_usd);
"""
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "at": st.datetimes().map(lambda at: at.replace(year=2025).isoformat(timespec="milliseconds") + "+00:00"),
            "user": st.sampled_from(["", "u-1", "u-2"]),
            "chat": st.just("c"),
            "message": st.just("m"),
            "kind": st.sampled_from(["chat", "api", "tool round", "title_generation"]),
            "lane": st.just("auto"),
            "model": st.sampled_from(["gpt", "qwen"]),
            "location": st.sampled_from(["local", "cloud"]),
            "outcome": st.sampled_from(["finished", "failed", "cancelled"]),
            "prompt_tokens": st.integers(0, 10**6),
            "completion_tokens": st.integers(0, 10**6),
            "reported": st.integers(0, 1),
            "nano_usd": st.none() | st.integers(0, 10**12),
        }
    ),
    max_size=20,
)


def first_ledger(path: Path, rows: list[dict[str, object]]) -> None:
    path.unlink(missing_ok=True)
    with closed(sqlite3.connect(path)) as connection:
        connection.executescript(FIRST_SCHEMA)
        if rows:
            names = list(rows[0])
            marks = ", ".join(f":{name}" for name in names)
            connection.executemany(f"INSERT INTO bookings ({', '.join(names)}) VALUES ({marks})", rows)
        connection.commit()


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_the_first_versions_ledger_is_taken_over_with_every_booking_and_its_sums(
    tmp_path: Path, rows: list[dict[str, object]]
) -> None:
    first_ledger(tmp_path / "ledger.sqlite3", rows)

    book = Book(tmp_path / "ledger.sqlite3")
    found, summed = all_bookings(book), totals(book)
    with book.database.reading() as connection:
        by_user = {row.key: row.totals for row in reading.by_user(connection)}
    book.close()

    assert [one.opening.user for one in found] == [row["user"] for row in rows]
    assert [one.at.isoformat(timespec="milliseconds") for one in found] == [row["at"] for row in rows]
    assert summed == reading.summed(found)
    assert summed.cost == sum(Decimal(int(str(row["nano_usd"] or 0))) for row in rows) / 10**9
    assert summed.unpriced == sum(row["nano_usd"] is None for row in rows)
    for user, sums in by_user.items():
        assert sums == reading.summed([one for one in found if one.opening.user == user])


def test_a_taken_over_ledger_goes_on(tmp_path: Path) -> None:
    first_ledger(tmp_path / "ledger.sqlite3", [])
    for _ in range(2):
        book = Book(tmp_path / "ledger.sqlite3")
        assert book.health.fault == ""
        book.close()


def test_the_migrations_make_what_the_tables_say(where: Path | str) -> None:
    book = Book(where)

    with book.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    book.close()

    assert differences == []
