"""Walk the chain and tell the first entry that is not what was written."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from sluice.audit import store
from sluice.audit.chain import Link, following, sealed
from sluice.audit.expiry import erased_by
from sluice.audit.rows import Row, rows


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk found. `fault` is empty where all is as it was written, else a sentence that names the entry."""

    entries: int = 0
    first: str = ""  # time of the oldest entry kept
    last: str = ""
    head: str = ""  # hash of the last entry
    erased: int = 0  # entries whose person was erased
    fault: str = ""

    @property
    def ok(self) -> bool:
        return not self.fault


def verify(path: Path, expect: str = "") -> Verification:
    """Walk the chain from its first entry to its last, one entry at a time.

    `expect` is a head that was noted earlier: it must still be part of the chain. Only this tells of entries that were
    cut off at the end, and of a tail that was written anew with hashes of its own.
    """
    try:
        with store.reading(path) as connection:
            connection.execute("BEGIN")  # one moment of the file, while others write on
            walk = _Walk(store.checkpoint(connection), expect.strip().lower())
            for row in rows(connection, walk.last.number):
                if fault := walk.fault_of(row):
                    return walk.result(fault)
            return walk.result(walk.fault_at_end() or _damage(connection))
    except (sqlite3.Error, TypeError, ValueError, OverflowError) as error:
        return Verification(fault=f"The file cannot be read ({error}).")


def _damage(connection: sqlite3.Connection) -> str:
    """Say where SQLite's own structure is wrong: the entries can be read one after another, but may not be found."""
    (said,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return "" if said == b"ok" else f"The file is damaged ({said.decode(errors='replace')})."


class _Walk:
    """Where the walk is, and what the whole of the chain must add up to."""

    def __init__(self, start: store.Checkpoint, expect: str) -> None:
        self._start = start
        self._expect = expect
        self._met = not expect or expect == start.link.hash.hex()
        self._balance = start.balance  # erasures that were seen, less the entries without a person
        self._began: object = None  # where the chain begins by the last expiry
        self._entries = self._erased = 0
        self._first = self._at = ""
        self.last = start.link

    def fault_of(self, row: Row) -> str:
        """Take the next entry; say what is wrong with it."""
        fields = row.fields()
        if row.number != self.last.number + 1:
            return f"Entry {self.last.number + 1} is missing; entry {row.number} of {row.at} comes next."
        if row.hash != following(self.last.hash, row.document) or fields.get("number") != row.number:
            return f"Entry {row.number} of {row.at} is not what was written, or another stands in its place."
        if row.person and fields.get("person") != sealed(row.salt, row.person):
            return f"Whom entry {row.number} of {row.at} concerns is not what was written."
        self._take(row, fields)
        return ""

    def fault_at_end(self) -> str:
        """Say what is wrong with the chain as a whole."""
        start = self._start
        began = {"through": start.link.number, "hash": start.link.hash.hex(), "balance": start.balance}
        if (self._began or began) != began or (start.link.number and not self._began):
            return f"Entries up to {start.link.number} were removed other than by `privacy.audit_days`."
        if self._balance:
            accounted = self._erased + self._balance
            return f"{self._erased} entries do not tell whom they concern; erasures account for {accounted} of them."
        if not self._met:
            return (
                f"No entry has the hash {self._expect}: since it was noted, entries at the end were removed or "
                f"written anew, or it is older than entry {start.link.number}, where the log begins now."
            )
        return ""

    def result(self, fault: str) -> Verification:
        return Verification(self._entries, self._first, self._at, self.last.hash.hex(), self._erased, fault)

    def _take(self, row: Row, fields: dict[str, object]) -> None:
        self.last = Link(row.number, row.hash)
        self._at = str(fields.get("at", ""))
        self._first = self._first or self._at
        self._entries += 1
        self._met = self._met or row.hash.hex() == self._expect
        self._erased += row.person is None
        self._balance += erased_by(fields) - (row.person is None)
        if fields.get("event") == "expiry":
            self._began = fields.get("detail")
