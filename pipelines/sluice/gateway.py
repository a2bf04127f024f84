"""Run one call through the stages in order: guard, route, call, record."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sluice import chat
from sluice.chat import Call
from sluice.config import Config, Deployment, LiveConfig
from sluice.errors import Refused, SluiceError, UpstreamError
from sluice.guard import Guard, Verdict
from sluice.identity import Caller
from sluice.ledger import Book, Booking, Outcome, cost, nano, used_up
from sluice.routing import Candidate, Decision, Signals, complexity, decide
from sluice.switches import Switches
from sluice.upstream import Delta, Fleet, Usage, num_ctx, stream

log = logging.getLogger("sluice.gateway")

PREFIX = "sluice."
# Failures that say something of the model's state, so that the next call does not try it first.
LASTING = frozenset({"down", "timeout", "memory", "busy", "cut", "key", "missing"})


@dataclass(frozen=True, slots=True)
class Status:
    """One short line for the person: where the answer comes from, and why."""

    text: str


@dataclass(frozen=True, slots=True)
class End:
    """The last event of a good answer: what it took. `usage` is as Open WebUI keeps it with a message."""

    usage: Mapping[str, Any]


Event = Status | Delta | End


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided for a call before any model is asked."""

    decision: Decision
    signals: Signals
    chain: tuple[tuple[Deployment, Candidate], ...]
    remark: str = ""  # of a switch that lets pass what policy would not: shown with every answer


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
        signals, remark = await self._signals(call, caller, config, switches)
        threshold = config.routing.auto_threshold if switches.auto_threshold is None else switches.auto_threshold
        known = {c.name: c for c in (self._fleet.candidates() if candidates is None else candidates)}
        decision = decide(signals, tuple(known.values()), threshold)
        chain = tuple((self._fleet.deployment(name), known[name]) for name in decision.chain)
        return Plan(decision, signals, chain, remark)

    async def answer(self, call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
        """Yield the answer's events. Closing the iterator closes the call at the model.

        Raises a SluiceError when nobody answers, or when an answer breaks off.
        """
        await self._fleet.settled()
        config = self._live.current
        plan = await self.plan(call, caller)
        failures: list[UpstreamError] = []
        for deployment, candidate in plan.chain:
            attempt = Attempt(deployment, candidate, plan, call, caller, config, self._fleet, self._book)
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

    async def _signals(self, call: Call, caller: Caller, config: Config, switches: Switches) -> tuple[Signals, str]:
        lane = lane_of(call)
        confined = []
        if not switches.cloud:
            confined.append("the cloud is switched off")
        if not caller.is_known:
            confined.append("the caller is not identified")
        stays = bool(confined or lane == "local" or caller.task)
        reason, remark = await self._guarded(call, config, switches, stays=stays)
        if reason:
            confined.insert(0, reason)
        if not stays and not reason:
            spent = await asyncio.to_thread(used_up, config.budgets, self._book, caller.user)
            if spent and switches.budgets == "enforce":
                confined.append(spent)
            remark = "; ".join(one for one in (remark, spent if switches.budgets == "warn" else "") if one)
        return signals_of(call, lane, caller, tuple(confined)), remark

    async def _guarded(self, call: Call, config: Config, switches: Switches, *, stays: bool) -> tuple[str, str]:
        """Why the guard keeps the call local, and what it would have done where it only observes."""
        if stays and "block" not in config.privacy.actions.values():
            return "", ""
        verdict = await self._guard().judge(chat.pieces(call))
        if verdict.action == "block":
            raise Refused(_refusal(verdict))
        reason = ", ".join(verdict.reasons) if verdict.action == "local" else ""
        observed = switches.guard == "observe" and verdict.complete and "secret" not in verdict.labels
        if not observed:
            return reason, ""
        would = f"; it would have kept this local: {reason}" if reason else ""
        return "", f"the guard only observes{would}"


class Attempt:
    """One try to have one model answer, and its booking, made exactly once however the try ends."""

    def __init__(
        self,
        deployment: Deployment,
        candidate: Candidate,
        plan: Plan,
        call: Call,
        caller: Caller,
        config: Config,
        fleet: Fleet,
        book: Book,
    ) -> None:
        self.visible = False
        self._deployment = deployment
        self._plan = plan
        self._call = call
        self._caller = caller
        self._config = config
        self._fleet = fleet
        self._book = book
        self._candidate = candidate
        self._location = candidate.location
        self._usage: Usage | None = None
        self._answer_tokens = 0

    async def events(self, failures: Sequence[UpstreamError]) -> AsyncGenerator[Event, None]:
        """Yield the status line before the first piece of the answer, then the answer, then its end."""
        outcome: Outcome = "cancelled"
        try:
            async with aclosing(self._deltas()) as deltas:
                async for delta in deltas:
                    if not self.visible:
                        self.visible = True
                        yield Status(status_line(self._plan, self._candidate.title, self._location, failures))
                    yield delta
            outcome = "finished"
            self._fleet.succeeded(self._deployment.name)
            yield End(self._usage_shown())
        except UpstreamError as error:
            outcome = "failed"
            if error.kind in LASTING:
                self._fleet.failed(self._deployment.name, f"{error.kind}: it failed a moment ago")
            raise
        finally:
            self._settle(outcome)

    async def _deltas(self) -> AsyncGenerator[Delta, None]:
        if self._location == "local" and self._fleet.location_now(self._deployment) != "local":
            raise UpstreamError(f"{self._candidate.title} is no longer local (503).", status=503, kind="moved")
        destination = _destination(self._deployment, self._location)
        parameters = chat.parameters_for(self._call, destination)
        if self._caller.task:
            parameters = _brief(parameters, self._deployment, destination)
        if destination == "ollama":
            parameters["num_ctx"] = num_ctx(self._plan.signals.prompt_tokens, self._candidate.window)
        messages = chat.messages_for(self._call, destination)
        async with aclosing(stream(self._deployment, messages, parameters, self._config.routing)) as deltas:
            async for delta in deltas:
                self._usage = delta.usage or self._usage
                self._answer_tokens += chat.text_tokens(delta.content + delta.reasoning)
                yield delta

    def _counted(self) -> Usage:
        """As reported; estimated where the answer was cut before its usage came."""
        asked = self._plan.signals.prompt_tokens if self.visible else 0
        return self._usage or Usage(asked, self._answer_tokens)

    def _cost(self) -> Decimal | None:
        return cost(self._deployment, self._location, self._counted(), self._config.prices)

    def _usage_shown(self) -> Mapping[str, Any]:
        usage, price = self._counted(), self._cost()
        return {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.total_tokens,
            "input_tokens": usage.prompt_tokens,
            "output_tokens": usage.completion_tokens,
            **usage.details,
            **({"cost": float(price)} if price is not None else {}),
            "model": self._deployment.name,
            "location": self._location,
            "lane": self._plan.signals.lane,
            "reasons": list(self._plan.decision.reasons),
        }

    def _settle(self, outcome: Outcome) -> None:
        try:
            usage = self._counted()
            self._book.add_soon(
                Booking(
                    user=self._caller.user or "",
                    chat=self._caller.chat,
                    message=self._caller.message,
                    kind=_kind(self._call, self._caller),
                    lane=self._plan.signals.lane,
                    model=self._deployment.name,
                    location=self._location,
                    outcome=outcome,
                    prompt_tokens=usage.prompt_tokens,
                    completion_tokens=usage.completion_tokens,
                    reported=self._usage is not None,
                    nano_usd=nano(self._cost()),
                )
            )
        except Exception as error:  # the ledger fails open: an answer is not lost over its booking
            log.error("A call could not be booked (%s)", type(error).__name__)


def lane_of(call: Call) -> str:
    """The lane asked for. Intent may replace `auto`, and tighten any lane to `local`; it lifts nothing."""
    lane = call.model.removeprefix(PREFIX)
    wanted = call.intent.lane
    return wanted if wanted and (lane == "auto" or wanted == "local") else lane


def signals_of(call: Call, lane: str, caller: Caller, confined: tuple[str, ...]) -> Signals:
    """Read from a call what routing may know."""
    return Signals(
        lane=lane,
        prompt_tokens=chat.prompt_tokens(call.messages, call.tools),
        complexity=complexity(chat.bare_question(call)),
        answer_tokens=call.answer_tokens,
        media=chat.media_kinds(call),
        uses_tools=bool(call.tools),
        wish=chat.wish(call),
        preference=call.intent.preference,
        task=caller.task,
        confined=confined,
    )


def status_line(plan: Plan, name: str, location: str, failures: Sequence[UpstreamError]) -> str:
    """Where the answer comes from and why, such as `Local · qwen3:8b · private`."""
    failed = f"after: {failures[-1]}" if failures else ""
    parts = (location.capitalize(), name, plan.decision.note, failed, plan.remark)
    return " · ".join(part for part in parts if part)


def _brief(parameters: Mapping[str, Any], deployment: Deployment, destination: chat.Destination) -> dict[str, Any]:
    """Keep background tasks short: nobody reads their reasoning, and people wait behind them."""
    brief = dict(parameters)
    if limit := deployment.info.get("max_task_tokens"):
        brief["max_tokens"] = min(limit, brief.pop("max_completion_tokens", limit), brief.get("max_tokens", limit))
    if destination == "ollama":
        brief.setdefault("reasoning_effort", "none")
    return brief


def _destination(deployment: Deployment, location: str) -> chat.Destination:
    if location == "cloud":
        return "cloud"
    return "ollama" if deployment.is_ollama else "local"


def _kind(call: Call, caller: Caller) -> str:
    if caller.task:
        return caller.task
    return "tool round" if chat.is_tool_round(call) else "chat" if caller.message else "api"


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
