"""Remember what answered last in each conversation, so that it stays there and moves for a reason."""

from collections import OrderedDict
from dataclasses import replace

from sluice.gateway.plan import Plan
from sluice.identity import Caller
from sluice.routing import Candidate, Previous, Signals, recognised
from sluice.routing.ladder import rung_of

# Some hundred bytes each. The oldest goes first; a conversation without memory is routed by its question alone.
MOST = 20_000

Key = tuple[tuple[str, str], str]  # person and chat, and the lane


class Conversations:
    """What answered last, by proven person, chat and lane. In memory only: after a restart every chat starts afresh."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._last: OrderedDict[Key, Previous] = OrderedDict()

    def previous(self, caller: Caller, lane: str) -> Previous | None:
        """Return what answered last, if anything did."""
        return self._last.get((caller.conversation, lane)) if caller.conversation else None

    def recognised(self, signals: Signals, caller: Caller) -> Signals:
        """The signals with what only earlier calls tell."""
        return recognised(signals, self.previous(caller, signals.lane))

    def answered(self, plan: Plan, candidate: Candidate) -> None:
        """Remember that this model began to answer."""
        signals, conversation = plan.signals, plan.caller.conversation
        if conversation is None or signals.task:
            return
        before = self._last.pop((conversation, signals.lane), None)
        goes_on = before is not None and before.escalated and plan.decision.change == "stayed"
        self._last[conversation, signals.lane] = Previous(
            model=candidate.name,
            location=candidate.location,
            rung=rung_of(candidate, plan.decision.rung),
            complexity=signals.complexity,
            turn=signals.turn,
            message=signals.message,
            escalated=plan.decision.change == "escalated" or goes_on,
            preset=signals.preset,
        )
        while len(self._last) > self._most:
            self._last.popitem(last=False)

    def fell_short(self, caller: Caller, message: str) -> None:
        """Remember that the person did not like an answer, so that the next one is asked of a stronger model."""
        for key, last in list(self._last.items()):
            if key[0] == caller.conversation and last.message == message:
                self._last[key] = replace(last, fell_short=True)
