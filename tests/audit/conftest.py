"""A log with some entries in it, and ways to look at and to tamper with its file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sluice.audit import Audit, Entry, Verification, verify

START = datetime(2025, 11, 19, 12, 0, tzinfo=UTC)


def entry(user: str = "u-1", **more: Any) -> Entry:
    given: dict[str, Any] = {
        "chat": f"chat-of-{user}",
        "message": f"message-of-{user}",
        "kind": "chat",
        "lane": "auto",
        "counts": {"personal": 2},
        "action": "mask",
        "location": "cloud",
        "model": "gpt",
        "reasons": ("personal data (2)",),
    }
    return Entry(user=user, **{**given, **more})


@dataclass
class Log:
    """A log on disk. `now` is the time that its clock tells."""

    path: Path
    now: datetime = START
    audit: Audit = field(init=False)

    def __post_init__(self) -> None:
        self.open()

    def open(self) -> None:
        self.audit = Audit(self.path, clock=lambda: self.now)

    def add(self, *users: str) -> None:
        """Write an entry for each, a second apart."""
        for user in users:
            self.audit.add(entry(user))
            self.now += timedelta(seconds=1)

    def head(self) -> str:
        return self.audit.head().hash.hex()

    def verify(self, expect: str = "") -> Verification:
        return verify(self.path, expect)

    def tamper(self, statement: str, values: Any = ()) -> None:
        """Change the file as somebody would who has it and knows SQLite."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            for name in ("entries_never_change", "entries_stay", "persons_never_change"):
                connection.execute(f"DROP TRIGGER IF EXISTS {name}")
            connection.execute(statement, values)

    def on_disk(self) -> bytes:
        """All bytes of the file and those beside it."""
        return b"".join(path.read_bytes() for path in sorted(self.path.parent.glob(f"{self.path.name}*")))


@pytest.fixture
def make_log(tmp_path: Path) -> Iterator[Callable[[str], Log]]:
    made: list[Log] = []

    def make(name: str = "audit") -> Log:
        made.append(Log(tmp_path / f"{name}.sqlite3"))
        return made[-1]

    yield make
    for log in made:
        log.audit.close()


@pytest.fixture
def log(make_log: Callable[[], Log]) -> Log:
    """Five entries of three persons."""
    made = make_log()
    made.add("u-1", "u-2", "u-1", "u-3", "u-1")
    return made
