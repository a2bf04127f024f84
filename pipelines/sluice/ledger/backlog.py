"""What is to be written: calls that are over and wait in memory for the next transaction."""

import logging
from collections import deque

from sqlalchemy.exc import DataError, IntegrityError

from sluice.ledger.database import Database
from sluice.ledger.settling import MOST, Entry, settle

log = logging.getLogger("sluice.ledger")

MOST_WAITING = 10_000  # while nothing can be written
# What one booking is refused for, by its figures; everything else is the fault of the database.
UNFIT = (DataError, IntegrityError, OverflowError, ValueError)


class Backlog:
    """Entries in the order of their ends. Any thread may add; one thread writes."""

    def __init__(self, database: Database) -> None:
        self.lost = 0  # given up
        self.late = 0  # written after another gateway had settled the call
        self._database = database
        self._waiting: deque[Entry] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        return len(self._waiting) >= MOST_WAITING

    def add(self, entry: Entry) -> None:
        self._waiting.append(entry)

    def write(self) -> None:
        """Write all that waits, in batches. Raises what the database raises; what was not written waits on."""
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(MOST, len(self._waiting)))]
            try:
                self._write(batch)
            except UNFIT:
                self._write_apart(batch)

    def _write(self, batch: list[Entry]) -> None:
        with self._database.writing() as connection:
            late = settle(connection, batch)
        self.late += late
        for _ in batch:
            self._waiting.popleft()

    def _write_apart(self, batch: list[Entry]) -> None:
        """Write one after the other, and drop what is not fit; its booking stays open, at its estimate."""
        for entry in batch:
            try:
                self._write([entry])
            except UNFIT as error:
                self._waiting.popleft()
                self.lost += 1
                log.error(
                    "A call could not be closed in the ledger and stays at its estimate (%s)", type(error).__name__
                )
