"""Ask the local model itself whether it can answer, where the estimate is near the threshold.

One choice, constrained to yes or no, bounded in time, and asked of a model on this machine only. Whatever goes wrong,
the estimate alone decides.
"""

import asyncio
import json
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any, Literal

from sluice import chat
from sluice.chat import Call
from sluice.config import Deployment
from sluice.errors import SluiceError
from sluice.gateway.costing import Costing
from sluice.gateway.judgement import Considered
from sluice.gateway.plan import Plan
from sluice.gateway.router import Router
from sluice.ledger import Book, Closing, Opening, Tokens, pico
from sluice.ledger.prices import tokens_of
from sluice.routing import Candidate
from sluice.upstream import Fleet, Usage, num_ctx, stream

log = logging.getLogger("sluice.gateway")

KIND = "second opinion"
ASK = (
    "You are a language model of moderate strength. Here is a request that somebody will make:\n\n{question}\n\n"
    "Can you answer it fully and correctly by yourself? Answer with JSON only."
)
READ = 4000  # characters of the question
ANSWER_TOKENS = 12  # of {"answer": "yes"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"answer": {"type": "string", "enum": ["yes", "no"]}},
    "required": ["answer"],
    "additionalProperties": False,
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "opinion", "strict": True, "schema": SCHEMA}}


@dataclass(frozen=True, slots=True)
class Said:
    """What a model said of itself; None where it said nothing that could be read."""

    can: bool | None
    usage: Usage
    reported: bool
    outcome: Literal["finished", "failed"]
    milliseconds: int


class SecondOpinion:
    """Asks for opinions and books them. One for the process."""

    def __init__(self, router: Router, fleet: Fleet, book: Book) -> None:
        self._router = router
        self._fleet = fleet
        self._book = book

    async def on(self, considered: Considered) -> Considered:
        """Return the call with what the local model says of itself, where it is asked and may change something."""
        if not (plan := self._doubtful(considered)):
            return considered
        first = next(((d, c) for d, c in plan.chain if c.location == "local"), None)
        if first is None or self._fleet.location_now(first[0]) != "local" or _is_busy(first[1]):
            return considered
        said = await self._asked(*first, considered.call, plan)
        await self._booked(plan, *first, said)
        if said.can is None:
            return considered
        signals = replace(considered.heard.signals, opinion="can" if said.can else "cannot")
        return replace(considered, heard=replace(considered.heard, signals=signals))

    def _doubtful(self, considered: Considered) -> Plan | None:
        """The plan of a question that is near the threshold and free to go either way."""
        routing = considered.config.routing
        if not routing.second_opinion or chat.is_tool_round(considered.call):
            return None
        try:
            plan = self._router.route(considered, considered.judged, None)
        except SluiceError:
            return None  # who calls next finds the same, and says it
        near = abs(plan.signals.complexity - plan.decision.threshold) <= routing.second_opinion_band
        free = plan.decision.decided_by == "estimate" and not plan.decision.kept_local
        return plan if near and free else None

    async def _asked(self, deployment: Deployment, candidate: Candidate, call: Call, plan: Plan) -> Said:
        text, usage = "", None
        messages = [{"role": "user", "content": ASK.format(question=chat.bare_question(call)[:READ])}]
        estimated = chat.prompt_tokens(messages, [])
        routing = plan.config.routing
        parameters = _parameters(deployment, candidate, plan.signals.prompt_tokens)
        sent_at = time.monotonic()
        try:
            async with (
                asyncio.timeout(routing.second_opinion_seconds),
                aclosing(stream(deployment, messages, parameters, routing)) as deltas,
            ):
                async for delta in deltas:
                    text, usage = text + delta.content, delta.usage or usage
        except (SluiceError, TimeoutError) as error:
            log.info("A second opinion was not had (%s)", type(error).__name__)
            return Said(None, Usage(estimated, chat.text_tokens(text)), False, "failed", _since(sent_at))
        counted = usage or Usage(estimated, chat.text_tokens(text))
        return Said(_read(text), counted, usage is not None, "finished", _since(sent_at))

    async def _booked(self, plan: Plan, deployment: Deployment, candidate: Candidate, said: Said) -> None:
        caller, signals = plan.caller, plan.signals
        opening = Opening(
            user=caller.user or "",
            chat=caller.chat,
            message=caller.message,
            kind=KIND,
            lane=signals.lane,
            model=candidate.name,
            location="local",
            groups=tuple(sorted(caller.groups)),
            preset=caller.preset,
            task_kind=signals.task_kind,
            complexity=signals.estimate,
            expected=Tokens(said.usage.prompt_tokens, ANSWER_TOKENS),
        )
        measured: Literal["reported", "estimated"] = "reported" if said.reported else "estimated"
        zone = plan.config.ledger.zone
        costing = Costing(plan.config, deployment, candidate, self._book.today(zone))
        cost = costing.cost(said.usage, said.milliseconds)
        paid = None if cost is None else pico(cost)
        closing = Closing(said.outcome, tokens_of(said.usage), measured, paid, 0, total_ms=said.milliseconds)
        try:
            await asyncio.to_thread(self._book.add, opening, closing, None, zone)
        except Exception as error:  # the ledger fails open: an answer is not lost over its booking
            log.error("A second opinion could not be booked (%s)", type(error).__name__)


def _since(moment: float) -> int:
    """Milliseconds."""
    return round((time.monotonic() - moment) * 1000)


def _is_busy(candidate: Candidate) -> bool:
    """Whether others wait for it, or it would have to be loaded first: an opinion is not worth that."""
    return candidate.waiting > 0 or candidate.loaded is False


def _parameters(deployment: Deployment, candidate: Candidate, prompt_tokens: int) -> dict[str, Any]:
    """Of the question. The context is as large as the answer itself will ask for, so that nothing is loaded twice."""
    parameters: dict[str, Any] = {"temperature": 0.0, "max_tokens": ANSWER_TOKENS, "response_format": FORMAT}
    if deployment.is_ollama:
        parameters |= {"reasoning_effort": "none", "num_ctx": num_ctx(prompt_tokens, candidate.window)}
    return parameters


def _read(text: str) -> bool | None:
    try:
        answer = json.loads(text).get("answer")
    except (ValueError, AttributeError):
        return None
    return {"yes": True, "no": False}.get(answer) if isinstance(answer, str) else None
