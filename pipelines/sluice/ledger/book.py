"""The book of calls: each attempt is opened in one short transaction and closed in a batch, off the hot path."""

import logging
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path

from sluice.errors import BudgetUsedUp
from sluice.ledger import feedback, rows
from sluice.ledger.backlog import UNFIT, Backlog
from sluice.ledger.budgets import Limits, Spender, Standing, admit, standings
from sluice.ledger.database import BUSY_SECONDS, connect, migrate
from sluice.ledger.forgetting import expire, forget
from sluice.ledger.periods import day_of
from sluice.ledger.settling import Entry, recover, settle
from sluice.ledger.tables import bookings, gateways, open_bookings
from sluice.ledger.values import Closing, Feedback, Health, Opening

log = logging.getLogger("sluice.ledger")

FLUSH_SECONDS = 0.1  # what is measured waits at most so long, and one write
RETRY_SECONDS = 1.0
ALIVE_SECONDS = 10.0  # how often a gateway says that it is alive
ALIVE_FOR = timedelta(seconds=45)  # without a sign for so long, others settle its bookings
LAST_TRIES = 3


@dataclass(frozen=True, slots=True)
class Reservation:
    """An opened booking. `written` is False where the ledger could not be written and the call went on."""

    id: int
    at: datetime
    day: str
    opening: Opening
    written: bool
    warnings: tuple[Standing, ...] = ()  # budgets that a person is to be told of, for the first time


class Book:
    """Opens and closes bookings. Safe to use from several threads; several processes may share one database."""

    def __init__(
        self,
        where: Path | str,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        busy_seconds: float = BUSY_SECONDS,
    ) -> None:
        self.database = connect(where, busy_seconds=busy_seconds)
        self.observers: list[Callable[[Opening, Closing], None]] = []  # are told of each settlement
        self._clock = clock
        self._gateway = secrets.token_hex(16)
        self._backlog = Backlog(self.database)
        self._wake = threading.Event()
        self._closing = threading.Event()
        self._unreserved = 0
        self._fault = ""
        self._ready = False
        self._alive_at = -ALIVE_SECONDS
        # One thread writes, so that a booking is always opened before it is closed and no two wait for each other.
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._settling: threading.Thread | None = None
        self._starting = threading.Lock()
        self._writer.submit(self._attempt, self._prepare).result()

    @property
    def health(self) -> Health:
        return Health(len(self._backlog), self._backlog.lost, self._unreserved, self._backlog.late, self._fault)

    def start(self) -> None:
        """Say that this gateway is alive, and settle what others left open; otherwise done by the first booking."""
        self._start()
        self._writer.submit(lambda: None).result()

    def today(self, zone: tzinfo = UTC) -> date:
        return day_of(self._clock(), zone)

    def reserve(self, opening: Opening, limits: Limits = Limits()) -> "Future[Reservation]":  # noqa: B008 - frozen
        """Open a booking, if every budget has room for what it may cost.

        The future raises BudgetUsedUp where one has not, or where none can be read and a hard one applies. Where the
        ledger cannot be written, the reservation says so, and the booking is written whole as it closes.
        """
        self._start()
        if not self._fault:
            return self._writer.submit(self._reserve, opening, limits)
        known: Future[Reservation] = Future()  # never behind the next try to write, which may wait for a lock
        try:
            known.set_result(self._unwritten(opening, limits))
        except BudgetUsedUp as error:
            known.set_exception(error)
        return known

    def add(self, opening: Opening, closing: Closing, at: datetime | None = None, zone: tzinfo = UTC) -> None:
        """Write a call that is over, at once: one that did not pass the gateway. Blocks."""
        moment = at or self._clock()
        entry = Entry(_new_id(moment), moment, day_of(moment, zone).isoformat(), opening, moment, closing)
        with self.database.writing() as connection:
            settle(connection, [entry])

    def used_up(self, limits: Limits, spender: Spender) -> Standing | None:
        """The first hard budget that is spent or held to the last cent; None also where it cannot be read."""
        hard = [budget for budget in limits.budgets if budget.hard]
        if not hard:
            return None
        try:
            with self.database.reading() as connection:
                found = standings(connection, hard, spender, self.today(limits.zone))
        except Exception as error:  # a reservation is asked for before anything leaves
            self._failed(error)
            return None
        return next((standing for standing in found if standing.is_used_up), None)

    def forget(self, user: str) -> int:
        """Keep what a person's calls cost, and no longer whose they were; return how many they are."""
        with self.database.writing() as connection:
            return forget(connection, user)

    def expire(self, keep_days: int, zone: tzinfo = UTC) -> int:
        """Drop bookings that are older, and keep the daily totals; return how many. Calls are booked meanwhile."""
        dropped = 0
        while count := self._writer.submit(self._expire, keep_days, self.today(zone)).result():
            dropped += count
        return dropped

    def note(self, given: Feedback) -> None:
        """Write down what a person made of an answer. Blocks: call it off the event loop."""
        with self.database.writing() as connection:
            feedback.note(connection, given)

    def settle(self, reservation: Reservation, closing: Closing) -> None:
        """Close a booking soon; never waits and never raises."""
        if self._backlog.is_full:
            self._backlog.lost += 1
            return
        at = self._clock()
        self._backlog.add(Entry(reservation.id, reservation.at, reservation.day, reservation.opening, at, closing))
        self._start()
        self._wake.set()
        for observe in self.observers:
            try:
                observe(reservation.opening, closing)
            except Exception as error:
                log.error("A settled call could not be told on (%s)", type(error).__name__)

    def flush(self) -> None:
        """Write what waits now, before one's own writes are read; not while the ledger is known not to be writable."""
        self._writer.submit(lambda: None if self._fault else self._attempt(self._keep_up)).result()

    def close(self) -> None:
        """Write what is still waiting, then close the database; what cannot be written is counted in the log."""
        if self._closing.is_set():
            return
        self._closing.set()
        self._wake.set()
        if self._settling:
            self._settling.join()
        for _ in range(LAST_TRIES):
            if not self._backlog:
                break
            self._writer.submit(self._attempt, self._keep_up).result()
        if self._backlog:
            log.error("%d calls stay at their estimate or unbooked (%s)", len(self._backlog), self._fault)
        self._writer.submit(self._attempt, self._leave).result()
        self._writer.shutdown(wait=True)
        self.database.close()

    def _start(self) -> None:
        if self._settling or self._closing.is_set():
            return
        with self._starting:
            if self._settling is None:
                self._writer.submit(self._attempt, self._say_alive)
                self._settling = threading.Thread(target=self._keep_settling, name="ledger-settling", daemon=True)
                self._settling.start()

    def _keep_settling(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(timeout=RETRY_SECONDS)
            self._wake.clear()
            self._closing.wait(RETRY_SECONDS if self._fault else FLUSH_SECONDS)
            self._writer.submit(self._attempt, self._keep_up).result()

    def _keep_up(self) -> None:
        if self._fault or time.monotonic() - self._alive_at >= ALIVE_SECONDS:
            self._say_alive()
        self._backlog.write()

    def _attempt(self, work: Callable[[], None]) -> None:
        """Do something on the writer's thread; a failure is remembered until something succeeds."""
        try:
            work()
        except Exception as error:  # whatever it is, the next try comes
            self._failed(error)
        else:
            if self._fault:
                log.warning("The ledger can be written again; %d settlements were lost", self._backlog.lost)
            self._fault = ""

    def _failed(self, error: Exception) -> None:
        cause = getattr(error, "orig", None) or error
        fault = type(cause).__name__
        if not self._fault:  # once, not for each call; the driver's sentence holds no parameters
            log.error("The ledger cannot be used: %s (%s). Calls go on.", fault, str(cause).partition("\n")[0][:200])
        self._fault = fault

    def _prepare(self) -> None:
        migrate(self.database)
        self._ready = True

    def _reserve(self, opening: Opening, limits: Limits) -> Reservation:
        if self._fault:
            return self._unwritten(opening, limits)
        now = self._clock()
        day = day_of(now, limits.zone).isoformat()
        booking = _new_id(now)
        try:
            with self.database.writing() as connection:
                warned = admit(connection, opening, limits, day_of(now, limits.zone))
                connection.execute(bookings.insert(), rows.opened(booking, now, day, opening))
                connection.execute(open_bookings.insert(), {"booking": booking, "gateway": self._gateway})
        except BudgetUsedUp:
            raise
        except UNFIT as error:  # this one only: the ledger itself is well
            log.error("A call could not be opened in the ledger (%s)", type(error).__name__)
            return self._unwritten(opening, limits)
        except Exception as error:
            self._failed(error)
            return self._unwritten(opening, limits)
        return Reservation(booking, now, day, opening, True, warned)

    def _unwritten(self, opening: Opening, limits: Limits) -> Reservation:
        """A call that goes on without the ledger. Raises BudgetUsedUp where a hard budget would have to be kept."""
        if opening.held and limits.enforced and any(one.hard for one in limits.budgets):
            raise BudgetUsedUp("the ledger cannot be written, and without it no budget can be kept")
        self._unreserved += 1
        now = self._clock()
        return Reservation(_new_id(now), now, day_of(now, limits.zone).isoformat(), opening, False)

    def _say_alive(self) -> None:
        if not self._ready:
            self._prepare()
        now = self._clock()
        with self.database.writing() as connection:
            recovered = recover(connection, now, self._gateway)
            connection.execute(gateways.delete().where(gateways.c.id == self._gateway))
            until = rows.milliseconds(now + ALIVE_FOR)
            connection.execute(gateways.insert(), {"id": self._gateway, "alive_until": until})
        self._alive_at = time.monotonic()
        if recovered:
            log.warning("%d calls of a gateway that was killed were settled at their estimates", recovered)

    def _expire(self, keep_days: int, today: date) -> int:
        with self.database.writing() as connection:
            return expire(connection, keep_days, today)

    def _leave(self) -> None:
        """Hand what is open to the next gateway at once, since nobody will close it."""
        with self.database.writing() as connection:
            connection.execute(gateways.delete().where(gateways.c.id == self._gateway))


def _new_id(at: datetime) -> int:
    """Grows with time, and differs between gateways."""
    return (rows.milliseconds(at) << rows.RANDOM_BITS) | secrets.randbits(rows.RANDOM_BITS)
