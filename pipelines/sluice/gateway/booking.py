"""Book each try to have a model answer: opened before the call, closed exactly once however it ends."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

from sluice import chat
from sluice.config import Deployment
from sluice.errors import BudgetUsedUp, UpstreamError
from sluice.gateway.auditing import kind_of
from sluice.gateway.costing import Costing, limits_of, picks_model
from sluice.gateway.plan import Plan, reasons_of
from sluice.ledger import Book, Closing, Opening, Outcome, Reservation, Tokens, pico
from sluice.ledger.prices import tokens_of
from sluice.routing import Candidate
from sluice.switches import Switches
from sluice.upstream import Delta, Usage

log = logging.getLogger("sluice.gateway")


class Booked:
    """The booking of one attempt, as it grows."""

    def __init__(self, book: Book, reservation: Reservation, plan: Plan, costing: Costing) -> None:
        self._book = book
        self._reservation = reservation
        self._plan = plan
        self._costing = costing
        self._usage: Usage | None = None
        self._answer_tokens = 0
        self._sent_at: float | None = None
        self._first_at: float | None = None
        self._outcome: Outcome | None = None
        self._ended_at: float | None = None

    @property
    def remark(self) -> str:
        """What the person is to be told of budgets that are nearly used up; each is told once."""
        currency = self._plan.config.ledger.currency
        return "; ".join(standing.sentence(currency) for standing in self._reservation.warnings)

    def sent(self) -> None:
        """The prompt is on its way: from here on the provider may bill it."""
        self._sent_at = time.monotonic()

    def saw(self, delta: Delta) -> None:
        """Count a piece of the answer, as the model sent it."""
        self._first_at = self._first_at or time.monotonic()
        self._usage = delta.usage or self._usage
        called = "".join(str(call.get("function", {}).get("arguments", "")) for call in delta.tool_calls)
        self._answer_tokens += chat.text_tokens(delta.content + delta.reasoning + called)

    def close(self, outcome: Outcome) -> None:
        """Book how it ended; whatever is said after the first time changes nothing."""
        if self._outcome:
            return
        self._outcome, self._ended_at = outcome, time.monotonic()
        try:
            self._book.settle(self._reservation, self._closing(outcome))
        except Exception as error:  # the ledger fails open: an answer is not lost over its booking
            log.error("A call could not be booked (%s)", type(error).__name__)

    def usage_shown(self, note: str) -> Mapping[str, Any]:
        """What the attempt took, as Open WebUI keeps it with a message."""
        usage = self._counted(self._outcome or "finished")
        price = self._costing.cost(usage, self._milliseconds(self._ended_at or time.monotonic()))
        saved = self._costing.baseline(usage)
        return {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "total_tokens": usage.total_tokens,
            "input_tokens": usage.prompt_tokens,
            "output_tokens": usage.completion_tokens,
            **usage.details,
            **({"cost": float(price)} if price is not None else {}),
            **({"saved": float(saved - price)} if price is not None and saved is not None else {}),
            "model": self._costing.title,
            "deployment": self._reservation.opening.model,
            "location": self._reservation.opening.location,
            "note": note,
            "lane": self._plan.signals.lane,
            "reasons": reasons_of(self._plan),
        }

    def _closing(self, outcome: Outcome) -> Closing:
        usage, took = self._counted(outcome), self._milliseconds(self._ended_at)
        price = self._costing.cost(usage, took)
        baseline = self._costing.baseline(usage) if outcome == "finished" else None
        return Closing(
            outcome=outcome,
            tokens=tokens_of(usage),
            measured="reported" if usage is self._usage else "estimated",
            cost=None if price is None else pico(price),
            budgeted=pico(self._costing.budgeted(usage)),
            baseline=None if baseline is None else pico(baseline),
            first_token_ms=self._milliseconds(self._first_at),
            total_ms=took,
        )

    def _counted(self, outcome: Outcome) -> Usage:
        """As reported; estimated where the call was left before its usage came.

        A prompt that was sent is billed, but by a model that failed before its first piece. What a provider reports in
        the midst of an answer counts only so far, so that what was seen since is added.
        """
        billed = self._sent_at is not None and (outcome != "failed" or self._first_at is not None)
        seen = Usage(self._plan.signals.prompt_tokens if billed else 0, self._answer_tokens)
        if self._usage is None:
            return seen
        if outcome == "finished" or self._usage.completion_tokens >= self._answer_tokens:
            return self._usage
        return Usage(self._usage.prompt_tokens, self._answer_tokens, self._usage.details)

    def _milliseconds(self, until: float | None) -> int | None:
        """From when the prompt was sent."""
        return None if self._sent_at is None or until is None else round((until - self._sent_at) * 1000)


class Bookings:
    """Opens bookings. One for the process."""

    def __init__(self, book: Book, switches: Callable[[], Switches]) -> None:
        self._book = book
        self._switches = switches

    async def open(self, plan: Plan, deployment: Deployment, candidate: Candidate, attempt: int = 1) -> Booked:
        """Return the booking of an attempt that is about to be made, and hold what it may cost.

        Raises UpstreamError of kind `budget` where a budget has no room for it, so that the next model is asked, and
        BudgetUsedUp where the person picked this very model and nothing was sent yet.
        """
        costing = Costing(plan.config, deployment, candidate, self._book.today(plan.config.ledger.zone))
        reserving = self._book.reserve(
            _opening(plan, candidate, costing, attempt), limits_of(plan.config, self._switches())
        )
        try:
            reservation = await asyncio.wrap_future(reserving)
        except asyncio.CancelledError:
            reserving.add_done_callback(self._never_called)
            raise
        except BudgetUsedUp as error:
            raise _refusal(error, plan, attempt) from None
        return Booked(self._book, reservation, plan, costing)

    def _never_called(self, reserving: "Future[Reservation]") -> None:
        """Close what was opened for somebody who left meanwhile."""
        if not reserving.cancelled() and reserving.exception() is None:
            self._book.settle(reserving.result(), Closing("cancelled", Tokens(), "estimated", 0, 0))


def _opening(plan: Plan, candidate: Candidate, costing: Costing, attempt: int) -> Opening:
    caller, signals = plan.caller, plan.signals
    expected = costing.expected(signals.prompt_tokens, signals.answer_tokens)
    return Opening(
        user=caller.user or "",
        chat=caller.chat,
        message=caller.message,
        kind=kind_of(plan.call, caller),
        lane=signals.lane,
        model=candidate.name,
        location=candidate.location,
        asked=plan.call.model[:128],
        groups=tuple(sorted(caller.groups)),
        role=caller.role[:32],
        preset=caller.preset,
        task=bool(caller.task),
        task_kind=signals.task_kind,
        complexity=signals.estimate,  # so that another calibration can be tried on it
        attempt=attempt,
        reasons=plan.decision.reasons,
        classes=plan.verdict.counts,
        expected=tokens_of(expected),
        held=pico(costing.budgeted(expected)),
        quote=costing.quote,
        baseline=costing.baseline_name,
    )


def local_title(plan: Plan) -> str:
    """The local model that would answer, as people know it; empty where there is none."""
    return next((one.title for _, one in plan.chain if one.location == "local"), "")


def _refusal(error: BudgetUsedUp, plan: Plan, attempt: int) -> UpstreamError | BudgetUsedUp:
    if attempt > 1 or not picks_model(plan.signals.lane, plan.target):
        return UpstreamError(f"{error.why}.", status=error.status, kind="budget")
    return BudgetUsedUp(error.why, error.renews, local_title(plan))
