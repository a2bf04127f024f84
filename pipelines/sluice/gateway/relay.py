"""Have the models of a chain answer one call, one after the other, until somebody finishes."""

import json
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from sluice.errors import SluiceError, UpstreamError
from sluice.gateway.booking import Booked
from sluice.gateway.continuing import Continuing
from sluice.gateway.events import End, Event, Status
from sluice.gateway.plan import Plan, note_of, status_line
from sluice.gateway.race import Race
from sluice.gateway.spoken import Spoken
from sluice.gateway.step import Means, Step
from sluice.routing import Candidate, Decision
from sluice.upstream import Delta

# Of what an answer took, these are the sum over all models that had a part in it.
SUMMED = ("input_tokens", "output_tokens", "total_tokens", "cost")
# Where a model failed so, others on its server wait until everybody else was asked.
OF_THE_SERVER = frozenset({"line", "timeout"})

Answering = Callable[[Plan, Candidate], None]


class Relay:
    """One call on its way through a chain.

    Until the person has seen a word of the answer, the next model begins anew and nobody notices. Afterwards it goes
    on from what was seen. Whoever wants the answer whole has seen nothing until its end.
    """

    def __init__(
        self, plan: Plan, means: Means, continuing: Continuing, answering: Answering, *, last_resort: bool = False
    ) -> None:
        self._plan = plan
        self._bookings = means.bookings
        self._continuing = continuing
        self._answering = answering
        self._left = deque(Step(*one, means, last_resort=last_resort) for one in plan.chain)
        self._running: list[Step] = []  # who may answer now; one, once it has begun
        self._failures: list[UpstreamError] = []
        self._booked: list[tuple[Step, Booked]] = []
        self._spoken = Spoken()
        self._continued = False

    async def events(self) -> AsyncGenerator[Event, None]:
        """Yield the answer's events. Raises a SluiceError when nobody finishes it."""
        while self._left:
            step = self._next()
            self._running = [step]
            try:
                async with aclosing(self._answer(step)) as events:
                    async for event in events:
                        yield event
                return
            except UpstreamError as error:
                self._failed(self._running[0], error)
        if (rest := self._spoken.rest()).content:
            yield rest
        raise _all_failed(self._failures, self._plan.decision)

    async def _answer(self, step: Step) -> AsyncGenerator[Event, None]:
        """The answer of one model, or of the one that outran it."""
        whole = not self._plan.call.stream
        held: list[Event] = []
        answering: Step | None = None
        async with aclosing(self._raced(step)) as events:
            async for runner, event in events:
                if isinstance(event, Status):
                    yield event
                    continue
                if answering is None:
                    answering = runner
                    yield self._told(runner, step)
                for piece in self._spoken.take(event):
                    if piece.finish_reason:
                        self._check_form()
                    if whole:
                        held.append(piece)
                    else:
                        yield piece
        for one in held:
            yield one
        yield End(self._usage(answering or step))

    def _told(self, runner: Step, asked: Step) -> Status:
        """Where the answer comes from, and why."""
        if runner is not asked and asked in self._running:
            slow = f"{asked.candidate.title} had not begun after {self._plan.config.routing.hedge_seconds:g} s"
            self._failures.append(UpstreamError(slow, status=504, kind="slow"))
        self._put_back([other for other in self._running if other is not runner], asked)
        self._running = [runner]
        self._continued = self._spoken.is_visible
        self._answering(self._plan, runner.candidate)
        plan, budgets = self._plan, self._booking(runner).remark
        if budgets and budgets not in plan.remark:
            plan = replace(plan, remark="; ".join(part for part in (plan.remark, budgets) if part))
        return Status(status_line(plan, runner.candidate, self._failures, continued=self._continued))

    def _put_back(self, outrun: Sequence[Step], asked: Step) -> None:
        """Keep who was only slower, should the faster one break off: the slow one last, the other where it stood."""
        for step in outrun:
            if step is asked:
                self._left.append(step)
            else:
                self._left.appendleft(step)

    async def _raced(self, step: Step) -> AsyncGenerator[tuple[Step, Status | Delta], None]:
        after = self._plan.config.routing.hedge_seconds
        if after is None:
            async with aclosing(self._asked(step)) as events:
                async for event in events:
                    yield step, event
            return
        race = Race(self._asked, self._another, self._lost, after)
        async with aclosing(race.run(step)) as both:
            async for runner, event in both:
                yield runner, event

    def _asked(self, step: Step) -> AsyncGenerator[Status | Delta, None]:
        async def prepared() -> Plan:
            if not self._spoken.is_visible:
                return self._plan
            return await self._continuing.plan(self._plan, self._spoken.text, step.candidate.location)

        async def book(plan: Plan) -> Booked:
            booked = await self._bookings.open(plan, step.deployment, step.candidate, len(self._booked) + 1)
            self._booked.append((step, booked))
            return booked

        return step.events(prepared, book)

    def _next(self) -> Step:
        step = self._left.popleft()
        return step if any(not _share_line(step, other) for other in self._left) else step.patiently()

    def _another(self) -> Step | None:
        if not self._left:
            return None
        self._running.append(self._next())
        return self._running[-1]

    def _lost(self, step: Step, error: UpstreamError) -> None:
        self._running.remove(step)
        self._failed(step, error)

    def _failed(self, step: Step, error: UpstreamError) -> None:
        self._failures.append(error)
        if self._plan.call.stream:
            self._spoken.break_off()
        else:
            self._spoken = Spoken()
        if error.kind in OF_THE_SERVER:
            beside = [other for other in self._left if _share_line(step, other)]
            elsewhere = [other for other in self._left if other not in beside]
            again = [step.patiently()] if error.kind == "line" and not step.patient else []
            self._left = deque([*elsewhere, *again, *beside])

    def _check_form(self) -> None:
        """Raises UpstreamError where an answer of two models is not the JSON that was asked for."""
        if not (self._continued and self._plan.call.parameters.get("response_format")):
            return
        try:
            json.loads(self._spoken.text)
        except ValueError:
            self._left.clear()
            raise UpstreamError(
                "The answer broke off, and no other model could complete its JSON. Try again (502).",
                status=502,
                kind="form",
            ) from None

    def _booking(self, step: Step) -> Booked:
        """The newest of a step's tries."""
        return next(booked for other, booked in reversed(self._booked) if other is step)

    def _usage(self, answering: Step) -> Mapping[str, Any]:
        """What the last model took, and, where others had a part in it, what all took together.

        There is no cost where a part took something whose price is not known.
        """
        note = note_of(self._plan, self._failures, answering.candidate.location, continued=self._continued)
        all_shown = [booked.usage_shown(note) for _, booked in self._booked]
        shown = self._booking(answering).usage_shown(note)
        sums = {key: sum(one.get(key, 0) for one in all_shown) for key in SUMMED if key in shown}
        if any("cost" not in one and one["total_tokens"] for one in all_shown):
            return {key: value for key, value in {**shown, **sums}.items() if key not in ("cost", "saved")}
        return {**shown, **sums}


def _share_line(one: Step, other: Step) -> bool:
    return one.line is not None and one.line is other.line


def _all_failed(failures: Sequence[UpstreamError], decision: Decision) -> SluiceError:
    first = failures[0]
    sentences = list(dict.fromkeys(str(failure) for failure in failures))
    if decision.kept_local:
        sentences.append("Nothing was sent to the cloud.")
    return UpstreamError(
        " ".join(sentences), status=failures[-1].status, kind=first.kind, retry_after=first.retry_after
    )
