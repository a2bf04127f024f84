"""One try to have one model answer, and its booking."""

import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from decimal import Decimal
from typing import Any

from sluice import chat
from sluice.audit import Audit
from sluice.chat import Call
from sluice.config import Deployment
from sluice.errors import UpstreamError
from sluice.gateway.auditing import entry_of, kind_of
from sluice.gateway.events import End, Event, Status
from sluice.gateway.plan import Plan, note_of, status_line
from sluice.gateway.restoring import Restoring
from sluice.ledger import Book, Booking, Outcome, cost, nano
from sluice.routing import Candidate
from sluice.upstream import Delta, Fleet, Usage, num_ctx, stream

log = logging.getLogger("sluice.gateway")

# Failures that say something of the model's state, so that the next call does not try it first.
LASTING = frozenset({"down", "timeout", "memory", "busy", "cut", "key", "missing"})


class Attempt:
    """One try to have one model answer, and its booking, made exactly once however the try ends."""

    def __init__(
        self,
        deployment: Deployment,
        candidate: Candidate,
        plan: Plan,
        fleet: Fleet,
        book: Book,
        audit: Audit,
    ) -> None:
        self.visible = False
        self._deployment = deployment
        self._plan = plan
        self._fleet = fleet
        self._book = book
        self._audit = audit
        self._candidate = candidate
        self._location = candidate.location
        self._usage: Usage | None = None
        self._answer_tokens = 0
        self._asked = False

    async def events(self, failures: Sequence[UpstreamError]) -> AsyncGenerator[Event, None]:
        """Yield the status line before the first piece of the answer, then the answer, then its end."""
        outcome: Outcome = "cancelled"
        try:
            async with aclosing(self._deltas()) as deltas:
                async for delta in deltas:
                    if not self.visible:
                        self.visible = True
                        yield Status(status_line(self._plan, self._candidate, failures))
                    yield delta
            outcome = "finished"
            self._fleet.succeeded(self._deployment.name)
            yield End(self._usage_shown(note_of(self._plan, failures, self._location)))
        except UpstreamError as error:
            outcome = "failed"
            self._asked = self.visible
            if error.kind in LASTING:
                self._fleet.failed(self._deployment.name, f"{error.kind}: it failed a moment ago")
            raise
        finally:
            self._settle(outcome)

    async def _deltas(self) -> AsyncGenerator[Delta, None]:
        if self._location == "local" and self._fleet.location_now(self._deployment) != "local":
            raise UpstreamError(f"{self._candidate.title} is no longer local (503).", status=503, kind="moved")
        destination = _destination(self._deployment, self._location)
        call, restoring = self._as_sent()
        parameters = chat.parameters_for(call, destination)
        if self._plan.caller.task:
            parameters = _brief(parameters, self._deployment, destination)
        if destination == "ollama":
            parameters["num_ctx"] = num_ctx(self._plan.signals.prompt_tokens, self._candidate.window)
        messages = chat.messages_for(call, destination)
        await self._recorded()
        self._asked = True
        async with aclosing(stream(self._deployment, messages, parameters, self._plan.config.routing)) as deltas:
            async for delta in deltas:
                self._usage = delta.usage or self._usage
                self._answer_tokens += chat.text_tokens(delta.content + delta.reasoning)
                yield restoring.of(delta) if restoring else delta

    def _as_sent(self) -> tuple[Call, Restoring | None]:
        """The call as this model gets it, and what puts back into the answer what was masked."""
        leaving = self._plan.leaving
        if self._location == "local":
            return self._plan.call, None
        if leaving is None:
            if self._plan.decision.transform == "mask":
                raise UpstreamError(f"{self._candidate.title} was not masked for (503).", status=503, kind="moved")
            return self._plan.call, None
        return leaving.call, Restoring(leaving.restorer()) if leaving.masked else None

    async def _recorded(self) -> None:
        """Write the decision down; what cannot be written does not leave."""
        try:
            await self._audit.record(entry_of(self._plan, self._candidate))
        except OSError as error:
            if self._location == "cloud":
                raise UpstreamError(
                    "The audit log cannot be written, so nothing was sent to the cloud. An admin finds why in the log.",
                    status=503,
                    kind="audit",
                ) from error

    def _counted(self) -> Usage:
        """As reported; estimated where the call was left before its usage came: a prompt that was sent is billed."""
        asked = self._plan.signals.prompt_tokens if self._asked else 0
        return self._usage or Usage(asked, self._answer_tokens)

    def _cost(self) -> Decimal | None:
        return cost(self._deployment, self._location, self._counted(), self._plan.config.prices)

    def _usage_shown(self, note: str) -> Mapping[str, Any]:
        usage, price = self._counted(), self._cost()
        return {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.total_tokens,
            "input_tokens": usage.prompt_tokens,
            "output_tokens": usage.completion_tokens,
            **usage.details,
            **({"cost": float(price)} if price is not None else {}),
            "model": self._candidate.title,
            "deployment": self._deployment.name,
            "location": self._location,
            "note": note,
            "lane": self._plan.signals.lane,
            "reasons": list(self._plan.decision.reasons),
        }

    def _settle(self, outcome: Outcome) -> None:
        try:
            usage = self._counted()
            self._book.add_soon(
                Booking(
                    user=self._plan.caller.user or "",
                    chat=self._plan.caller.chat,
                    message=self._plan.caller.message,
                    kind=kind_of(self._plan.call, self._plan.caller),
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
