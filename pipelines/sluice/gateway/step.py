"""One model of a chain: the wait until it is free, then as many tries as are worth it."""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

from sluice.audit import Audit
from sluice.config import Deployment
from sluice.errors import UpstreamError
from sluice.gateway.attempt import Attempt
from sluice.gateway.booking import Booked, Bookings
from sluice.gateway.events import Status
from sluice.gateway.plan import Plan
from sluice.gateway.waiting import place_in_line, rank_of
from sluice.routing import Candidate
from sluice.upstream import Delta, Fleet, Impatient, Line, pause


@dataclass(frozen=True, slots=True)
class Means:
    """What every call needs of the process."""

    fleet: Fleet
    bookings: Bookings
    audit: Audit
    chance: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A model to be asked. `patient` waits in line however long that takes, since nobody else may answer."""

    deployment: Deployment
    candidate: Candidate
    means: Means
    patient: bool = False
    last_resort: bool = False

    @property
    def line(self) -> Line | None:
        return self.means.fleet.line(self.deployment)

    def patiently(self) -> "Step":
        return replace(self, patient=True)

    async def events(
        self, prepared: Callable[[], Awaitable[Plan]], book: Callable[[Plan], Awaitable[Booked]]
    ) -> AsyncGenerator[Status | Delta, None]:
        """Yield places in line, then the answer. `book` opens the booking of each try.

        Raises UpstreamError, of kind `line` where the wait would be too long.
        """
        plan = await prepared()
        self._check(plan)
        line = self.line
        ticket = line.join(plan.caller.user or "", rank_of(plan)) if line else None
        answered = False
        try:
            if line and ticket:
                routing = plan.config.routing
                limit = routing.longest_queue_seconds if self.patient else routing.queue_seconds
                async with aclosing(line.wait(ticket, limit, at_once=not self.patient)) as places:
                    async for place in places:
                        yield place_in_line(self.candidate, place, plan.call.language)
                # Whoever waited may come when the model has failed others meanwhile.
                self._check(plan)
            await self._keep_to_rates(plan)
            async with aclosing(self._tries(plan, book)) as deltas:
                async for delta in deltas:
                    yield delta
            answered = True
        except Impatient as error:
            raise self._busy(f"{error.place.number} in line before it is free", "line") from None
        finally:
            if line and ticket:
                line.leave(ticket, answered=answered)

    async def _tries(self, plan: Plan, book: Callable[[Plan], Awaitable[Booked]]) -> AsyncGenerator[Delta, None]:
        tries = 0
        while True:
            booked = await book(plan)
            attempt = Attempt(self.deployment, self.candidate, plan, self.means.fleet, booked, self.means.audit)
            began = False
            try:
                async with aclosing(self._timed(attempt)) as deltas:
                    async for delta in deltas:
                        began = True
                        yield delta
                return
            except UpstreamError as error:
                wait = None if began else pause(error, tries, plan.config.routing, self.means.chance)
                if wait is None:
                    raise
            tries += 1
            await asyncio.sleep(wait)

    async def _timed(self, attempt: Attempt) -> AsyncGenerator[Delta, None]:
        """The answer, with its pace noted at its end."""
        began, first, tokens = time.monotonic(), None, 0
        async with aclosing(attempt.deltas()) as deltas:
            async for delta in deltas:
                now = time.monotonic()
                first = first or now
                tokens = delta.usage.completion_tokens if delta.usage else tokens
                yield delta
        if first is not None and tokens:
            self.means.fleet.paces.saw(self.candidate.name, first - began, tokens, time.monotonic() - first)

    def _check(self, plan: Plan) -> None:
        """Raises UpstreamError where a model failed since the decision, or cannot hold what it would be sent now."""
        if why := self.means.fleet.circuits.why_not(self.deployment, last_resort=self.last_resort):
            raise UpstreamError(f"{self.candidate.title} is left alone ({why}).", status=503, kind="open")
        if plan.signals.prompt_tokens > self.candidate.window:
            raise UpstreamError(
                f"{self.candidate.title} cannot hold this conversation (413).", status=413, kind="too_long"
            )

    async def _keep_to_rates(self, plan: Plan) -> None:
        rates, info = self.means.fleet.rates, self.deployment.info
        wait = rates.wait(self.deployment.name, info, plan.signals.prompt_tokens)
        if wait > plan.config.routing.retry_seconds:
            raise self._busy(f"its limit per minute is reached for {wait:.0f} s", "rate")
        await asyncio.sleep(wait)
        rates.asked(self.deployment.name, plan.signals.prompt_tokens)

    def _busy(self, why: str, kind: str) -> UpstreamError:
        return UpstreamError(f"{self.candidate.title} is busy: {why} (503).", status=503, kind=kind)
