"""Write decisions down, durably and in one line, without holding up the event loop."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from sluice.audit import store
from sluice.audit.chain import Link
from sluice.audit.entry import Entry
from sluice.audit.expiry import last_expired
from sluice.audit.export import json_lines
from sluice.audit.rows import stamp
from sluice.audit.verification import Verification, verify
from sluice.errors import NotRecorded

log = logging.getLogger("sluice.audit")
T = TypeVar("T")
DROPPED_AT_ONCE = 1000  # entries; those who record wait no longer than this takes


class Audit:
    """The log of one process. Several processes may write to one file.

    Whoever records waits until the disk has it. Those who come while it is being written share the next write.
    """

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._waiting: deque[tuple[Entry, Future[None]]] = deque()
        self._connection = store.opened(path)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="audit")

    async def record(self, entry: Entry) -> None:
        """Write an entry down. Raises NotRecorded, an OSError, where that cannot be done."""
        await asyncio.wrap_future(self._queued(entry))

    def add(self, entry: Entry) -> None:
        """The same for callers without an event loop."""
        self._queued(entry).result()

    def erase(self, user: str) -> int:
        """Forget who the entries of a person concern, and return how many they were. The chain stays whole."""
        return self._done(lambda: store.erase(self._connection, user, self._now()))

    def expire(self, days: int) -> int:
        """Drop the entries that are older, and return how many they were."""
        before = stamp(self._clock() - timedelta(days=days))
        with _failing():
            link, erased = last_expired(self._path, before)
        self._done(lambda: store.move_checkpoint(self._connection, link, erased, self._now()))
        dropped = 0
        while count := self._done(lambda: store.drop(self._connection, DROPPED_AT_ONCE)):
            dropped += count
        return dropped

    def head(self) -> Link:
        """The last entry's number and hash. Noted elsewhere, it shows later whether the log is still the same."""
        return self._done(lambda: store.head(self._connection))

    def export_lines(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[str]:
        """Yield entries as one JSON object a line, from `since` on and before `until`."""
        return json_lines(self._path, since, until)

    def verify(self, expect: str = "") -> Verification:
        """Walk the whole chain; see `verification.verify`."""
        return verify(self._path, expect)

    def close(self) -> None:
        """Write what is still waiting, then close the file."""
        self._writer.shutdown(wait=True)
        self._connection.close()

    def _queued(self, entry: Entry) -> "Future[None]":
        done: Future[None] = Future()
        self._waiting.append((entry, done))
        try:
            self._writer.submit(self._write_waiting)
        except RuntimeError:  # closed
            raise NotRecorded from None
        return done

    def _write_waiting(self) -> None:
        """Write everything that waits in one transaction; those who came later find nothing left to do."""
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        wanted = [(entry, done) for entry, done in batch if done.set_running_or_notify_cancel()]
        if not wanted:
            return
        try:
            with store.transaction(self._connection):
                for entry, _ in wanted:
                    store.append(self._connection, entry, self._now())
        except (sqlite3.Error, ValueError) as error:  # ValueError: an id that SQLite cannot take
            log.error("The audit log cannot be written (%s)", error)
            for _, done in wanted:
                done.set_exception(NotRecorded())
            return
        for _, done in wanted:
            done.set_result(None)

    def _done(self, work: Callable[[], T]) -> T:
        with _failing():
            return self._writer.submit(work).result()

    def _now(self) -> str:
        return stamp(self._clock())


@contextmanager
def _failing() -> Iterator[None]:
    """Turn what goes wrong into NotRecorded; a RuntimeError is how a closed executor refuses work."""
    try:
        yield
    except (RuntimeError, sqlite3.Error) as error:
        log.error("The audit log cannot be used (%s)", error)
        raise NotRecorded from error
