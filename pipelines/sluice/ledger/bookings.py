"""The book of calls: one row for each attempt to call a model, in SQLite, only ever added to."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from sluice.config.schema import Location

Outcome = Literal["finished", "failed", "cancelled"]
Period = Literal["day", "week", "month"]
log = logging.getLogger("sluice.ledger")
NANO = Decimal(1_000_000_000)

SCHEMA = """
CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    user TEXT NOT NULL, chat TEXT NOT NULL, message TEXT NOT NULL, kind TEXT NOT NULL,
    lane TEXT NOT NULL, model TEXT NOT NULL, location TEXT NOT NULL, outcome TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, completion_tokens INTEGER NOT NULL, reported INTEGER NOT NULL,
    nano_usd INTEGER
);
CREATE INDEX IF NOT EXISTS bookings_spent ON bookings (at, user, nano_usd);
"""


@dataclass(frozen=True, slots=True)
class Booking:
    """One attempt. Holds ids and counts, never a text. `nano_usd` is None where the price is not known."""

    user: str
    chat: str
    message: str
    kind: str  # chat, tool round, a task's name, or api
    lane: str
    model: str
    location: Location
    outcome: Outcome
    prompt_tokens: int
    completion_tokens: int
    reported: bool  # tokens as the provider reported them, else estimated
    nano_usd: int | None


class Book:
    """Appends bookings and sums what was spent. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=5, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.executescript(SCHEMA)

    def add(self, booking: Booking, now: datetime | None = None) -> None:
        """Write one row."""
        row = {"at": _stamp(now or datetime.now(UTC)), **asdict(booking)}
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        with self._using() as connection:
            # Column names are this module's own.
            connection.execute(f"INSERT INTO bookings ({names}) VALUES ({marks})", row)  # noqa: S608

    def add_soon(self, booking: Booking) -> None:
        """Write one row off the hot path, in order; a failure is logged and costs no answer."""
        self._writer.submit(self._try_to_add, booking, datetime.now(UTC))

    def _try_to_add(self, booking: Booking, now: datetime) -> None:
        try:
            self.add(booking, now)
        except sqlite3.Error as error:
            log.error("A booking was not written (%s)", error)

    def spent(self, since: datetime, user: str | None = None) -> Decimal:
        """US dollars since a moment, of one user or of all."""
        with self._using() as connection:
            row = connection.execute(
                "SELECT COALESCE(SUM(nano_usd), 0) FROM bookings WHERE at >= ? AND (? IS NULL OR user = ?)",
                (_stamp(since), user, user),
            ).fetchone()
        return Decimal(row[0]) / NANO

    def forget(self, user: str) -> int:
        """Keep what a person's calls cost, and no longer whose they were; return how many they are."""
        with self._using() as connection:
            return connection.execute(
                "UPDATE bookings SET user = '', chat = '', message = '' WHERE user = ?", (user,)
            ).rowcount

    def close(self) -> None:
        """Write what is still waiting, then close the file."""
        self._writer.shutdown(wait=True)
        with self._using() as connection:
            connection.close()

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            yield self._connection


def nano(usd: Decimal | None) -> int | None:
    """Whole billionths of a dollar, which SQLite sums exactly."""
    return None if usd is None else int((usd * NANO).to_integral_value())


def start_of(period: Period, now: datetime) -> datetime:
    """When the current day, week (Monday) or month began, in UTC."""
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "day":
        return day
    return day - timedelta(days=day.weekday()) if period == "week" else day.replace(day=1)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
