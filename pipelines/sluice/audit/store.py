"""Keep the chain in one SQLite file that only grows, but for erased persons and entries past their time.

Triggers refuse what would break the chain by mistake. What they cannot refuse, a person with the file and the will, is
what `verification` finds.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sluice.audit.chain import SALT_BYTES, START, Link, canonical, following, sealed
from sluice.audit.entry import Entry, public_part
from sluice.errors import StartError

# Long enough to outlast the command line's rewriting of a large file after an erasure.
WAIT_SECONDS = 60.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY, document TEXT NOT NULL, hash BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS persons (
    number INTEGER PRIMARY KEY, user TEXT NOT NULL, chat TEXT NOT NULL, message TEXT NOT NULL, salt BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, hash BLOB NOT NULL, balance INTEGER NOT NULL
);
INSERT OR IGNORE INTO checkpoint VALUES (1, 0, zeroblob(32), 0);
CREATE TRIGGER IF NOT EXISTS entries_never_change BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'entries of the audit log never change'); END;
CREATE TRIGGER IF NOT EXISTS entries_stay BEFORE DELETE ON entries
WHEN OLD.number > (SELECT number FROM checkpoint)
BEGIN SELECT RAISE(ABORT, 'entries of the audit log stay until privacy.audit_days have passed'); END;
CREATE TRIGGER IF NOT EXISTS persons_never_change BEFORE UPDATE ON persons
BEGIN SELECT RAISE(ABORT, 'persons in the audit log are erased, never changed'); END;
"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where the chain begins: the last entry that was dropped.

    `balance` is how many entries without a person are still kept whose erasure was dropped, less how many were dropped
    whose erasure is still kept.
    """

    link: Link = START
    balance: int = 0


def opened(path: Path) -> sqlite3.Connection:
    """Return a connection for writing; the file is made, for its owner alone, where there is none.

    Raises StartError where it cannot be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, check_same_thread=False, timeout=WAIT_SECONDS, isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        # A decision is on the disk before the call leaves; else a power cut could lose what was sent.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA secure_delete=ON")
        connection.executescript(SCHEMA)
    except (OSError, sqlite3.Error) as error:
        raise StartError(
            f"The audit log {path} cannot be opened ({error}). Mend its permissions or the disk, or move the file away."
        ) from error
    return connection


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that sees the file as it is and cannot change it; texts come as bytes."""
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode=ro",
        uri=True,
        check_same_thread=False,
        timeout=WAIT_SECONDS,
        isolation_level=None,
    )
    connection.text_factory = bytes
    try:
        yield connection
    finally:
        connection.close()


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Hold the file against other writers, of this and any other process, so that the chain stays one line."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def append(connection: sqlite3.Connection, entry: Entry, at: str) -> Link:
    """Add an entry after the last one, within a transaction."""
    last = head(connection)
    person = (entry.user, entry.chat, entry.message)
    salt = secrets.token_bytes(SALT_BYTES)
    number = last.number + 1
    document = canonical({"number": number, "at": at, "person": sealed(salt, person), **public_part(entry)})
    link = Link(number, following(last.hash, document))
    connection.execute("INSERT INTO entries VALUES (?, ?, ?)", (number, document.decode("ascii"), link.hash))
    connection.execute("INSERT INTO persons VALUES (?, ?, ?, ?, ?)", (number, *person, salt))
    return link


def head(connection: sqlite3.Connection) -> Link:
    """Return the last entry's place in the chain."""
    row = connection.execute("SELECT number, hash FROM entries ORDER BY number DESC LIMIT 1").fetchone()
    return Link(*row) if row else checkpoint(connection).link


def checkpoint(connection: sqlite3.Connection) -> Checkpoint:
    """Return where the chain begins."""
    number, hash, balance = connection.execute("SELECT number, hash, balance FROM checkpoint").fetchone()
    return Checkpoint(Link(number, hash), balance)


def erase(connection: sqlite3.Connection, user: str, at: str) -> int:
    """Delete who the entries of a person concern, write down that it was done, and return how many they were."""
    with transaction(connection):
        count = connection.execute("DELETE FROM persons WHERE user = ?", (user,)).rowcount
        append(connection, Entry(event="erasure", action="erased", detail={"entries": count}), at)
    return count


def move_checkpoint(connection: sqlite3.Connection, link: Link, erased: int, at: str) -> bool:
    """Let the chain begin after `link` from now on; `erased` is what erasures up to there account for.

    False where it begins there or later already.
    """
    with transaction(connection):
        before = checkpoint(connection)
        if link.number <= before.link.number:
            return False
        balance = before.balance + erased - _without_person(connection, before.link.number, link.number)
        connection.execute("UPDATE checkpoint SET number = ?, hash = ?, balance = ?", (link.number, link.hash, balance))
        detail: dict[str, str | int] = {"through": link.number, "hash": link.hash.hex(), "balance": balance}
        append(connection, Entry(event="expiry", action="dropped", detail=detail), at)
    return True


def drop(connection: sqlite3.Connection, limit: int) -> int:
    """Delete some of the entries before the checkpoint, and return how many they were."""
    with transaction(connection):
        rows = connection.execute(
            "SELECT number FROM entries WHERE number <= (SELECT number FROM checkpoint) ORDER BY number LIMIT ?",
            (limit,),
        ).fetchall()
        for table in ("entries", "persons"):
            connection.executemany(f"DELETE FROM {table} WHERE number = ?", rows)  # noqa: S608 - our own names
    return len(rows)


def _without_person(connection: sqlite3.Connection, after: int, through: int) -> int:
    known: Any = connection.execute("SELECT COUNT(*) FROM persons WHERE number > ? AND number <= ?", (after, through))
    return through - after - int(known.fetchone()[0])
