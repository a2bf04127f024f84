"""The chain: whatever is changed in the file is found, and nothing else is called changed."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sluice.audit import json_lines, verify

from tests.audit.conftest import Log, entry

COLUMNS = [
    *(("entries", column) for column in ("number", "document", "hash")),
    *(("persons", column) for column in ("number", "user", "chat", "message", "salt")),
    *(("checkpoint", column) for column in ("number", "hash", "balance")),
]


def test_what_nobody_changed_is_whole(log: Log) -> None:
    found = log.verify()

    assert (found.ok, found.entries, found.erased, found.head) == (True, 5, 0, log.head())
    assert (found.first, found.last) == ("2025-11-19T12:00:00.000+00:00", "2025-11-19T12:00:04.000+00:00")


def test_an_empty_log_is_whole(make_log: Callable[[], Log]) -> None:
    assert make_log().verify().ok


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A log with an erasure and an expiry in it, closed, all of it in one file."""
    made = Log(tmp_path_factory.mktemp("kept") / "audit.sqlite3")
    made.add("u-0", "u-2")
    made.now = made.now.replace(day=25)
    made.add(*(f"u-{number % 3}" for number in range(40)))
    made.audit.erase("u-2")
    made.audit.expire(3)
    made.add("u-1", "u-0")
    made.audit.close()
    assert made.verify().ok
    return made.path


@pytest.fixture
def copy(kept: Path, tmp_path: Path) -> Path:
    return tmp_path / "copy.sqlite3"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=150)
@given(column=st.sampled_from(COLUMNS), row=st.integers(0), at=st.integers(0), change=st.integers(1, 255))
def test_one_changed_byte_of_any_column_of_any_row_is_found(
    kept: Path, copy: Path, column: tuple[str, str], row: int, at: int, change: int
) -> None:
    shutil.copy(kept, copy)
    table, name = column
    with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        ids = [id for (id,) in connection.execute(f"SELECT rowid FROM {table} ORDER BY rowid")]
        id = ids[row % len(ids)]
        value, kind = connection.execute(
            f"SELECT CAST({name} AS BLOB), typeof({name}) FROM {table} WHERE rowid = ?", (id,)
        ).fetchone()
        assume(len(value) > 0)
        changed = _changed(value, at, change, kind)
        assume(changed != value)
        try:
            connection.execute(f"UPDATE {table} SET {name} = CAST(? AS {kind}) WHERE rowid = ?", (changed, id))
        except sqlite3.IntegrityError:  # a number that another row has
            assume(False)

    assert not verify(copy).ok


def _changed(value: bytes, at: int, change: int, kind: str) -> bytes:
    if kind == "integer":
        return str(int(value) + change).encode()
    at %= len(value)
    return value[:at] + bytes([value[at] ^ change]) + value[at + 1 :]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=300)
@given(at=st.integers(0), change=st.integers(1, 255))
def test_a_changed_byte_anywhere_in_the_file_is_found_or_changes_nothing_of_what_is_read(
    kept: Path, copy: Path, at: int, change: int
) -> None:
    raw = bytearray(kept.read_bytes())
    raw[at % len(raw)] ^= change
    copy.write_bytes(raw)

    assert not verify(copy).ok or list(json_lines(copy)) == list(json_lines(kept))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        pytest.param(
            "DELETE FROM entries WHERE number = 3", "Entry 3 is missing; entry 4 of 2025-11-19T12:00:03", id="row"
        ),
        pytest.param("DELETE FROM entries WHERE number <= 2", "Entry 1 is missing", id="first rows"),
        pytest.param(
            "UPDATE entries SET document = replace(document, 'cloud', 'local') WHERE number = 4",
            "Entry 4 of 2025-11-19T12:00:03",
            id="destination",
        ),
        pytest.param(
            "UPDATE persons SET user = 'u-2' WHERE number = 5",
            "Whom entry 5 of 2025-11-19T12:00:04",
            id="somebody else",
        ),
        pytest.param("DELETE FROM persons WHERE number = 1", "1 entries do not tell whom they concern", id="nobody"),
        pytest.param("DROP TABLE persons", "The file cannot be read", id="table"),
    ],
)
def test_the_first_wrong_entry_is_named_with_its_number_and_time(log: Log, statement: str, said: str) -> None:
    log.tamper(statement)

    found = log.verify()

    assert not found.ok
    assert said in found.fault


def test_swapped_entries_are_found(log: Log) -> None:
    with closing(sqlite3.connect(log.path)) as connection:
        second, third = connection.execute("SELECT document, hash FROM entries WHERE number IN (2, 3)").fetchall()
    log.tamper("UPDATE entries SET document = ?, hash = ? WHERE number = 2", third)
    log.tamper("UPDATE entries SET document = ?, hash = ? WHERE number = 3", second)

    assert log.verify().fault.startswith("Entry 2 of ")


def test_entries_cut_off_at_the_end_are_found_by_a_head_that_was_noted(log: Log) -> None:
    noted = log.head()
    log.tamper("DELETE FROM entries WHERE number >= 4")

    assert log.verify().ok
    assert noted in log.verify(noted).fault


def test_a_tail_written_anew_is_found_by_a_head_that_was_noted(log: Log) -> None:
    noted = log.head()
    log.tamper("DELETE FROM entries WHERE number >= 4")
    log.tamper("DELETE FROM persons WHERE number >= 4")
    log.add("u-9", "u-9", "u-9")

    assert log.verify().ok
    assert not log.verify(noted).ok


def test_a_head_that_was_noted_stays_part_of_a_log_that_only_grew(log: Log) -> None:
    noted = log.head()
    log.add("u-1", "u-2")

    assert log.verify(noted).ok
    assert log.verify(f" {noted.upper()}\n").ok


def test_a_beginning_moved_by_hand_is_found(log: Log) -> None:
    with closing(sqlite3.connect(log.path)) as connection:
        (hash,) = connection.execute("SELECT hash FROM entries WHERE number = 2").fetchone()
    log.tamper("UPDATE checkpoint SET number = 2, hash = ?", (hash,))
    log.tamper("DELETE FROM entries WHERE number <= 2")

    assert log.verify().fault == "Entries up to 2 were removed other than by `privacy.audit_days`."


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET document = '{}' WHERE number = 1",
        "DELETE FROM entries WHERE number = 1",
        "UPDATE persons SET user = 'u-2' WHERE number = 1",
    ],
)
def test_the_file_itself_refuses_what_would_break_the_chain_by_mistake(log: Log, statement: str) -> None:
    with closing(sqlite3.connect(log.path)) as connection, pytest.raises(sqlite3.IntegrityError, match="audit log"):
        connection.execute(statement)


def test_a_damaged_index_of_the_file_is_found_and_ends_no_export(kept: Path, copy: Path) -> None:
    raw = bytearray(kept.read_bytes())
    inner = next(at for at in range(0, len(raw), 4096) if raw[at] == 5)  # a page of a table that only points to others
    raw[inner + 4095] += 100  # the greatest number that is below the first of them
    copy.write_bytes(raw)

    assert "The file is damaged" in verify(copy).fault
    assert len(list(json_lines(copy))) < 1000


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "audit.sqlite3"
    path.write_bytes(b"something else" * 100)

    assert "The file cannot be read" in verify(path).fault


def test_anybody_can_recompute_the_chain_from_an_export(log: Log) -> None:
    import hashlib
    import json

    hash = bytes(32)
    for line in json_lines(log.path):
        fields = json.loads(line)
        said = {name: fields[name] for name in fields if name not in ("user", "chat", "message", "hash")}
        hash = hashlib.sha256(hash + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).digest()
        assert fields["hash"] == hash.hex()

    assert log.head() == hash.hex()


def test_any_text_in_an_entry_is_kept_as_it_was(log: Log) -> None:
    odd = entry("u-1", reasons=("\ud800 \x00 \u202e", "ü"), model="\n")

    log.audit.add(odd)

    assert log.verify().ok
