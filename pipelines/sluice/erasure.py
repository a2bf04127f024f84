"""Erase a person from everything that the gateway keeps, so that not even the files' free space names them."""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from sluice.audit import Audit
from sluice.guard import Memory
from sluice.ledger import Book
from sluice.masking import Vault

WAIT_SECONDS = 60.0


class Closes(Protocol):
    """A part that has a file open."""

    def close(self) -> None: ...


Part = TypeVar("Part", bound=Closes)


@dataclass(frozen=True, slots=True)
class Erased:
    """How many entries and bookings no longer name the person, and which files could not be cleaned up."""

    entries: int
    bookings: int
    busy: tuple[str, ...]


def erase(data: Path, user: str, *, ledger: str | None = None, wait_seconds: float = WAIT_SECONDS) -> Erased:
    """Erase a person from the files in a data folder, while a gateway may go on using them, and from the ledger.

    Masks and what the guard remembers are deleted. Bookings keep their sums and entries of the audit log their place in
    the chain, without whom they concern. Raises NotRecorded where the audit log cannot be written.
    """
    entries = bookings = 0
    with _open(data / "audit.sqlite3", Audit) as audit:
        if audit:
            entries = audit.erase(user)
    file = data / "ledger.sqlite3"
    books: list[str | Path] = [*([ledger] if ledger else []), *([file] if file.exists() else [])]
    for where in books:
        with contextlib.closing(Book(where)) as book:
            bookings += book.forget(user)
    with _open(data / "guard.sqlite3", Memory) as memory:
        if memory:
            memory.forget(user)
    with _open(data / "vault.sqlite3", lambda path: Vault(path.parent)) as vault:
        if vault:
            vault.forget(user)
    files = sorted(data.glob("*.sqlite3"))
    return Erased(entries, bookings, tuple(path.name for path in files if not _rewritten(path, wait_seconds)))


@contextmanager
def _open(path: Path, opened: Callable[[Path], Part]) -> Iterator[Part | None]:
    """Give the part whose file this is; nothing where there is no file, and none is made."""
    if not path.exists():
        yield None
        return
    with contextlib.closing(opened(path)) as part:
        yield part


def _rewritten(path: Path, wait_seconds: float) -> bool:
    """Rewrite a file without its free space, in which deleted rows may lie; False where somebody kept it busy."""
    with contextlib.closing(sqlite3.connect(path, timeout=wait_seconds, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM")
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy
