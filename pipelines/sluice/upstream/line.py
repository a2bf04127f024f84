"""Let people wait in line for a server that answers few at once, fairly: one after the other, whoever asks most."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from enum import IntEnum

# A background task or a batch that has waited so long is as urgent as a person, so that nobody starves (seconds).
PATIENCE = 120.0
# Weight of the newest answer in the mean time that answers take.
NEWEST = 0.3


class Rank(IntEnum):
    """Who goes first: people in a chat, then Open WebUI's background tasks, then programs."""

    PERSON = 0
    TASK = 1
    BATCH = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands in line: 1 is next. `seconds` is an estimate, None before any answer was seen."""

    number: int
    seconds: float | None


class Impatient(Exception):
    """The wait in line was longer than it may be, or would be."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


@dataclass(slots=True, eq=False)
class Ticket:
    """A wish to be served; `began` is set when it is."""

    person: str
    rank: Rank
    came: float
    began: float | None = None


class Line:
    """The line before one server. `slots` may change while people wait."""

    def __init__(self, slots: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.slots = slots
        self._clock = clock
        # As they came; dicts, since a list would be searched for every ticket that looks.
        self._waiting: dict[Ticket, None] = {}
        self._serving: dict[Ticket, None] = {}
        self._numbers: dict[Ticket, int] | None = None  # places until the line changes; None where not yet counted
        self._last_served: dict[str, int] = {}
        self._count = 0
        self._mean: float | None = None
        self._changed = asyncio.Event()

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def join(self, person: str, rank: Rank) -> Ticket:
        """Take a place, or a free slot at once."""
        ticket = Ticket(person, rank, self._clock())
        self._waiting[ticket] = None
        self._serve()
        return ticket

    def leave(self, ticket: Ticket, *, answered: bool = False) -> None:
        """Give a slot or a place back. An answer that came to its end tells how long answers take."""
        if ticket in self._serving:
            del self._serving[ticket]
            if answered and ticket.began is not None:
                self._learn(self._clock() - ticket.began)
        else:
            self._waiting.pop(ticket, None)
        self._serve()

    def place(self, ticket: Ticket) -> Place | None:
        """Where a ticket stands now; None when it is served, or has left."""
        if self._numbers is None:
            self._numbers = {one: number for number, one in enumerate(self._order(), 1)}
        number = self._numbers.get(ticket)
        return None if number is None else Place(number, self._estimate(number))

    async def wait(self, ticket: Ticket, limit: float, *, at_once: bool = False) -> AsyncGenerator[Place, None]:
        """Yield the place whenever it changes, until it is the ticket's turn.

        Raises Impatient after `limit` seconds; with `at_once` already when the wait is estimated longer.
        """
        last: Place | None = None
        while (place := self.place(ticket)) is not None:
            left = limit - (self._clock() - ticket.came)
            if left <= 0 or (at_once and place.seconds is not None and place.seconds > left):
                raise Impatient(place)
            if last is None or last.number != place.number:
                last = place
                yield place
                continue  # the line may have moved meanwhile
            await self._change(left)

    async def _change(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._changed.wait(), seconds)
        except TimeoutError:
            return

    def _serve(self) -> None:
        while len(self._serving) < self.slots and self._waiting:
            ticket = self._order()[0]
            del self._waiting[ticket]
            ticket.began = self._clock()
            self._serving[ticket] = None
            self._mark_served(ticket.person)
        self._numbers = None
        # Whoever waits looks anew; those who come later wait for the next change.
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    def _mark_served(self, person: str) -> None:
        self._count += 1
        self._last_served[person] = self._count
        if not self._waiting:
            # Nobody is compared with anybody: forget all but those who are being served.
            known = {ticket.person for ticket in self._serving}
            self._last_served = {name: at for name, at in self._last_served.items() if name in known}

    def _order(self) -> list[Ticket]:
        """All who wait, next first: by rank, and within it in turns over people, each one's calls as they came."""
        now = self._clock()
        rounds: dict[tuple[int, str], int] = {}
        keyed = []
        for ticket in sorted(self._waiting, key=lambda one: one.came):
            rank = Rank.PERSON if now - ticket.came >= PATIENCE else ticket.rank
            turn = rounds[rank, ticket.person] = rounds.get((rank, ticket.person), -1) + 1
            keyed.append(((rank, turn, self._last_served.get(ticket.person, 0), ticket.came), ticket))
        return [ticket for _, ticket in sorted(keyed, key=lambda pair: pair[0])]

    def _learn(self, seconds: float) -> None:
        self._mean = seconds if self._mean is None else (1 - NEWEST) * self._mean + NEWEST * seconds

    def _estimate(self, number: int) -> float | None:
        """Full rounds of answers before the turn, less what the running ones have done of theirs."""
        if self._mean is None:
            return None
        now = self._clock()
        done = max((min(now - (one.began or now), self._mean) for one in self._serving), default=0.0)
        return max(0.0, math.ceil(number / self.slots) * self._mean - done)
