"""Run one call through the stages in order: guard, route, call, record."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

from sluice import chat
from sluice.chat import Call
from sluice.config import Config, LiveConfig
from sluice.errors import NoModel, Refused, SluiceError, UpstreamError
from sluice.gateway.attempt import Attempt
from sluice.gateway.events import Event
from sluice.gateway.plan import Heard, Plan, hear
from sluice.guard import Guard, Verdict
from sluice.identity import Caller
from sluice.ledger import Book, used_up
from sluice.routing import Candidate, Decision, decide
from sluice.switches import Switches
from sluice.upstream import Fleet

OWN_NAME = "your own name or address"


class Gateway:
    """Answers calls. One for the process; every call sees one configuration from start to end."""

    def __init__(
        self, live: LiveConfig, fleet: Fleet, guard: Callable[[], Guard], book: Book, switches: Callable[[], Switches]
    ) -> None:
        self._live = live
        self._fleet = fleet
        self._guard = guard
        self._book = book
        self._switches = switches

    async def plan(self, call: Call, caller: Caller, candidates: Sequence[Candidate] | None = None) -> Plan:
        """Decide without calling a model. `candidates` replaces the models as they are now, for dry runs."""
        config, switches = self._live.current, self._switches()
        heard = await asyncio.to_thread(hear, call, caller)
        confined, remark = await self._confined(heard, call, caller, config, switches)
        signals = replace(heard.signals, confined=confined)
        threshold = config.routing.auto_threshold if switches.auto_threshold is None else switches.auto_threshold
        # Taken together, after the last wait: a reload in between leaves no model without its deployment.
        deployments = {deployment.name: deployment for deployment in self._fleet.deployments}
        seen = self._fleet.candidates() if candidates is None else candidates
        known = {candidate.name: candidate for candidate in seen if candidate.name in deployments}
        decision = decide(signals, tuple(known.values()), threshold)
        chain = tuple((deployments[name], known[name]) for name in decision.chain)
        return Plan(call, caller, config, signals, decision, chain, remark)

    async def answer(self, call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
        """Yield the answer's events. Closing the iterator closes the call at the model.

        Raises a SluiceError when nobody answers, or when an answer breaks off.
        """
        await self._fleet.settled()
        plan = await self._plan_twice(call, caller)
        failures: list[UpstreamError] = []
        for deployment, candidate in plan.chain:
            attempt = Attempt(deployment, candidate, plan, self._fleet, self._book)
            try:
                async with aclosing(attempt.events(failures)) as events:
                    async for event in events:
                        yield event
                return
            except UpstreamError as error:
                if attempt.visible:
                    raise
                failures.append(error)
        raise _all_failed(failures, plan.decision)

    async def _plan_twice(self, call: Call, caller: Caller) -> Plan:
        """Look at the servers anew before refusing: one that was down may have come back a moment ago."""
        try:
            return await self.plan(call, caller)
        except NoModel:
            await self._fleet.look_again()
            return await self.plan(call, caller)

    async def _confined(
        self, heard: Heard, call: Call, caller: Caller, config: Config, switches: Switches
    ) -> tuple[tuple[str, ...], str]:
        """Everything that keeps the call local, and a remark on what a switch lets pass."""
        lane = heard.signals.lane
        confined = []
        if not switches.cloud:
            confined.append("the cloud is switched off")
        if not caller.is_known:
            confined.append("the caller is not identified")
        turns = chat.turns(call, self._book.salt)
        was_private = await asyncio.to_thread(self._was_private, caller, turns)
        if was_private:
            confined.append("this chat holds messages that were private")
        # Not for the switch: what is private while the cloud is off is still private when it is on again.
        decided = was_private or not caller.is_known or lane == "local" or bool(caller.task)
        reason, remark = await self._guarded(heard, caller, config, switches, decided=decided)
        if reason:
            confined.insert(0, reason)
        if reason or lane == "local" or heard.signals.preference == "private":
            await asyncio.to_thread(self._keep_private, caller, turns)
        if not decided and not confined:
            spent = await asyncio.to_thread(used_up, config.budgets, self._book, caller.user)
            if spent and switches.budgets == "enforce":
                confined.append(spent)
            remark = "; ".join(one for one in (remark, spent if switches.budgets == "warn" else "") if one)
        return tuple(confined), remark

    def _was_private(self, caller: Caller, turns: Sequence[str]) -> bool:
        """Whether any part of this branch of the chat was kept on the machine for what it said."""
        return caller.conversation is not None and self._book.any_private(*caller.conversation, turns)

    def _keep_private(self, caller: Caller, turns: Sequence[str]) -> None:
        """Remember the branch up to its newest message. Tasks have texts of their own and say nothing of it."""
        if caller.conversation is not None and turns and not caller.task:
            self._book.keep_private(*caller.conversation, turns[-1])

    async def _guarded(
        self, heard: Heard, caller: Caller, config: Config, switches: Switches, *, decided: bool
    ) -> tuple[str, str]:
        """Why the guard keeps the call local, and what it would have done where it only observes."""
        if decided and "block" not in config.privacy.actions.values():
            return "", ""
        verdict = await self._guard().judge(heard.pieces)
        if verdict.action == "allow" and heard.names_caller:
            # Open WebUI writes the person's name into some prompts, and the detector may not know it for one.
            verdict = replace(verdict, action=config.privacy.actions.get("personal", "local"), reasons=(OWN_NAME,))
        reason = ", ".join(verdict.reasons)
        if switches.guard == "observe" and verdict.complete and "secret" not in verdict.labels:
            did = "blocked this" if verdict.action == "block" else "kept this local"
            would = f"; it would have {did}: {reason}" if verdict.action != "allow" else ""
            return "", f"the guard only observes{would}"
        if verdict.action == "block":
            raise Refused(_refusal(verdict))
        return (reason if verdict.action == "local" else ""), ""


def _refusal(verdict: Verdict) -> str:
    found = ", ".join(verdict.reasons)
    return f"This was not sent to any model, because policy blocks it: {found}. Remove that and try again."


def _all_failed(failures: Sequence[UpstreamError], decision: Decision) -> SluiceError:
    first = failures[0]
    if len(failures) == 1:
        return first
    sentence = " ".join(dict.fromkeys(str(failure) for failure in failures))
    kept = " Nothing was sent to the cloud." if decision.kept_local else ""
    return UpstreamError(sentence + kept, status=failures[-1].status, kind=first.kind, retry_after=first.retry_after)
