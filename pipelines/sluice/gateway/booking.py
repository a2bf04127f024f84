"""Book each try to have a model answer: opened before the call, closed exactly once however it ends."""

import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sluice import chat
from sluice.config import Deployment
from sluice.gateway.auditing import kind_of
from sluice.gateway.plan import Plan
from sluice.ledger import Book, Booking, Outcome, cost, nano
from sluice.routing import Candidate
from sluice.upstream import Delta, Usage

log = logging.getLogger("sluice.gateway")


class Booked:
    """The booking of one attempt, as it grows."""

    def __init__(self, book: Book, plan: Plan, deployment: Deployment, candidate: Candidate) -> None:
        self._book = book
        self._plan = plan
        self._deployment = deployment
        self._candidate = candidate
        self._usage: Usage | None = None
        self._answer_tokens = 0
        self._sent = self._answered = self._closed = False

    def sent(self) -> None:
        """The prompt is on its way: from here on the provider may bill it."""
        self._sent = True

    def saw(self, delta: Delta) -> None:
        """Count a piece of the answer, as the model sent it."""
        self._answered = True
        self._usage = delta.usage or self._usage
        self._answer_tokens += chat.text_tokens(delta.content + delta.reasoning)

    def close(self, outcome: Outcome) -> None:
        """Book how it ended; whatever is said after the first time changes nothing."""
        if self._closed:
            return
        self._closed = True
        if outcome == "failed":
            self._sent = self._answered  # a model that failed before its first piece bills nothing
        try:
            self._book.add_soon(self._booking(outcome))
        except Exception as error:  # the ledger fails open: an answer is not lost over its booking
            log.error("A call could not be booked (%s)", type(error).__name__)

    def usage_shown(self, note: str) -> Mapping[str, Any]:
        """What the attempt took, as Open WebUI keeps it with a message."""
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
            "location": self._candidate.location,
            "note": note,
            "lane": self._plan.signals.lane,
            "reasons": list(self._plan.decision.reasons),
        }

    def _booking(self, outcome: Outcome) -> Booking:
        usage, caller = self._counted(), self._plan.caller
        return Booking(
            user=caller.user or "",
            chat=caller.chat,
            message=caller.message,
            kind=kind_of(self._plan.call, caller),
            lane=self._plan.signals.lane,
            model=self._deployment.name,
            location=self._candidate.location,
            outcome=outcome,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            reported=self._usage is not None,
            nano_usd=nano(self._cost()),
        )

    def _counted(self) -> Usage:
        """As reported; estimated where the call was left before its usage came: a prompt that was sent is billed."""
        return self._usage or Usage(self._plan.signals.prompt_tokens if self._sent else 0, self._answer_tokens)

    def _cost(self) -> Decimal | None:
        return cost(self._deployment, self._candidate.location, self._counted(), self._plan.config.prices)


class Bookings:
    """Opens bookings. One for the process."""

    def __init__(self, book: Book) -> None:
        self._book = book

    async def open(self, plan: Plan, deployment: Deployment, candidate: Candidate) -> Booked:
        """Return the booking of an attempt that is about to be made.

        Raises UpstreamError of kind `budget` where a budget has no room for it, so that the next model is asked.
        """
        return Booked(self._book, plan, deployment, candidate)
