"""One try to have one model answer."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from sluice import chat
from sluice.audit import Audit
from sluice.chat import Call
from sluice.config import Deployment
from sluice.errors import UpstreamError
from sluice.gateway.auditing import entry_of
from sluice.gateway.booking import Booked
from sluice.gateway.plan import Plan
from sluice.gateway.restoring import Restoring
from sluice.ledger import Outcome
from sluice.routing import Candidate
from sluice.upstream import Delta, Fleet, num_ctx, stream


class Attempt:
    """One try to have one model answer; its booking is closed however the try ends."""

    def __init__(
        self,
        deployment: Deployment,
        candidate: Candidate,
        plan: Plan,
        fleet: Fleet,
        booked: Booked,
        audit: Audit,
    ) -> None:
        self._deployment = deployment
        self._plan = plan
        self._fleet = fleet
        self._booked = booked
        self._audit = audit
        self._candidate = candidate
        self._location = candidate.location

    async def deltas(self) -> AsyncGenerator[Delta, None]:
        """Yield the answer as the person may read it. Raises UpstreamError where it does not come to its end."""
        outcome: Outcome = "cancelled"
        answered = False
        try:
            with self._fleet.circuits.asking(self._deployment):
                async with aclosing(self._restored()) as deltas:
                    async for delta in deltas:
                        answered = answered or bool(delta.content)
                        outcome = "finished" if delta.finish_reason else outcome
                        if delta.finish_reason:
                            self._fleet.circuits.succeeded(self._deployment)
                        yield delta
        except UpstreamError as error:
            outcome = "cut" if answered else "failed"
            self._fleet.circuits.failed(self._deployment, error, self._plan.config.routing)
            raise
        finally:
            self._booked.close(outcome)

    async def _restored(self) -> AsyncGenerator[Delta, None]:
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
        self._booked.sent()
        async with aclosing(self._asked(messages, parameters)) as deltas:
            async for delta in deltas:
                self._booked.saw(delta)
                yield restoring.of(delta) if restoring else delta

    def _asked(self, messages: list[dict[str, Any]], parameters: Mapping[str, Any]) -> AsyncGenerator[Delta, None]:
        routing = self._plan.config.routing
        deltas = stream(self._deployment, messages, parameters, routing)
        if self._location == "local":
            return deltas  # it was looked at a moment ago
        return self._fleet.reach.watched(deltas, self._deployment, self._candidate.title, routing.connect_seconds)

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
