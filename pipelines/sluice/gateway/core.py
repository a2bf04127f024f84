"""Run one call through the stages in order: guard, route, mask, call, restore, record."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace

from sluice.audit import Audit, Entry
from sluice.chat import Call
from sluice.config import LiveConfig
from sluice.errors import BudgetUsedUp, NoModel, NotRecorded, Refused, StaysLocal, TooLong
from sluice.gateway.auditing import refusal_entry
from sluice.gateway.booking import Bookings, local_title
from sluice.gateway.continuing import Continuing
from sluice.gateway.costing import limits_of
from sluice.gateway.events import Event
from sluice.gateway.feedback import Opinions
from sluice.gateway.judgement import Considered, Judge, policy_in_force
from sluice.gateway.leaving import Exit, Leaving
from sluice.gateway.plan import Plan
from sluice.gateway.relay import Relay
from sluice.gateway.router import Router
from sluice.gateway.second_opinion import SecondOpinion
from sluice.gateway.step import Means
from sluice.guard import Guard, Memory, Terms, Verdict, policy_of
from sluice.identity import Caller
from sluice.ledger import Book, Signal
from sluice.routing import Calibration, Candidate
from sluice.switches import Switches
from sluice.upstream import Fleet


@dataclass(frozen=True, slots=True)
class Records:
    """What a gateway writes to: bookings, the guard's memory, the audit log."""

    book: Book
    memory: Memory
    audit: Audit


class Gateway:
    """Answers calls. One for the process; every call sees one configuration from start to end."""

    def __init__(
        self,
        live: LiveConfig,
        fleet: Fleet,
        guard: Callable[[], Guard],
        exit: Exit,
        records: Records,
        switches: Callable[[], Switches],
        calibration: Callable[[], Calibration] = Calibration,
    ) -> None:
        self._live = live
        self._fleet = fleet
        self._guard = guard
        self._exit = exit
        self._means = Means(fleet, Bookings(records.book, switches), records.audit)
        self.opinions = Opinions(records.book)
        self._audit = records.audit
        self._switches = switches
        self._router = Router(fleet, switches, calibration)
        self._second_opinion = SecondOpinion(self._router, fleet, records.book)
        self._judge = Judge(live, fleet, guard, records.memory, records.book, switches)
        self._continuing = Continuing(self._judge, exit)

    async def plan(self, call: Call, caller: Caller, candidates: Sequence[Candidate] | None = None) -> Plan:
        """Decide without calling a model or remembering anything.

        `candidates` replaces the models as they are now.
        """
        considered = await self._judge.consider(call, caller)
        return await self._planned(considered, candidates, vault_of=replace(caller, chat=""))

    async def _planned(
        self, considered: Considered, candidates: Sequence[Candidate] | None = None, vault_of: Caller | None = None
    ) -> Plan:
        """Decide and mask, with the placeholders of the caller's chat where no other `vault_of` is named."""
        heard, judged = considered.heard, considered.judged
        plan = self._router.route(considered, judged, candidates)
        if judged.overspent and plan.leaves:
            limits = limits_of(considered.config, self._switches())
            raise BudgetUsedUp(judged.overspent.sentence(limits.currency), judged.overspent.renews, local_title(plan))
        if not plan.leaves or not (judged.masks or heard.signals.media):
            return plan
        try:
            leaving = await self._exit.prepare(
                considered.call,
                vault_of or considered.caller,
                judged.terms,
                policy_in_force(considered),
                considered.config.privacy,
            )
        except StaysLocal as error:
            stays = replace(judged, confined=(*judged.confined, str(error)), keeps=judged.keeps | error.keeps)
            return self._router.route(considered, stays, candidates)
        return replace(plan, leaving=leaving)

    async def answer(self, call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
        """Yield the answer's events. Closing the iterator closes the call at the model.

        Raises a SluiceError when nobody answers, or when an answer breaks off.
        """
        await self._fleet.settled()
        plan, last_resort = await self._plan_twice(call, caller)
        self.opinions.heard(plan)
        answered = self._router.conversations.answered
        relay = Relay(plan, self._means, self._continuing, answered, last_resort=last_resort)
        async with aclosing(relay.events()) as events:
            async for event in events:
                yield event

    async def told(self, caller: Caller, signal: Signal) -> bool:
        """Take what a person made of their answer; False where no answer of theirs is known by this message."""
        if signal == "thumbs_down":
            self._router.conversations.fell_short(caller, caller.message)
        return await self.opinions.said(caller, signal)

    async def _plan_twice(self, call: Call, caller: Caller, *, last_resort: bool = False) -> tuple[Plan, bool]:
        """Look at the servers anew before refusing: one that was down may have come back a moment ago.

        Where still nobody else can answer, models that failed a moment ago are tried all the same: the second value.
        """
        considered = await self._second_opinion.on(await self._judge.consider(call, caller))
        # Before anybody is asked: what nobody can answer now is private all the same.
        keeps = considered.judged.keeps | self._router.keeps(considered)
        await self._judge.keep(call, caller, keeps)
        try:
            plan = await self._planned(considered, self._fleet.candidates(last_resort=True) if last_resort else None)
        except (Refused, BudgetUsedUp, NoModel, TooLong) as error:
            if last_resort or not isinstance(error, NoModel):
                await self._note(refusal_entry(considered, error))
                raise
        else:
            await self._judge.keep(call, caller, plan.keeps - keeps)
            return plan, last_resort
        await self._fleet.look_again()
        return await self._plan_twice(call, caller, last_resort=True)

    async def _note(self, entry: Entry) -> None:
        """Write down what nobody answers. Nothing leaves, so it is told all the same where that fails."""
        with suppress(NotRecorded):
            await self._audit.record(entry)

    async def inspect(self, call: Call, caller: Caller) -> tuple[Verdict, Terms]:
        """Return what the guard says of a call, without deciding or remembering anything."""
        heard, terms = await self._judge.hear(call, caller)
        return await self._guard().judge(heard.pieces, terms, heard.own), terms

    async def masked(self, call: Call, caller: Caller, terms: Terms) -> Leaving:
        """Return a call as the cloud would get it; raises StaysLocal where it cannot be made fit to leave."""
        privacy = self._live.current.privacy
        return await self._exit.prepare(call, caller, terms, policy_of(privacy, caller.groups), privacy)
