"""Take what people made of local answers as evidence of where local models fall short."""

from collections.abc import Iterable

from sluice.learning.past import Past
from sluice.ledger import Signal
from sluice.routing.fitting import Observation

# What says that an answer fell short, and how sure that is. Who edits an answer uses it, too.
FELL_SHORT: dict[Signal, float] = {
    "thumbs_down": 1.0, "corrected": 1.0, "regenerated": 1.0, "asked_cloud": 1.0, "edited": 0.5,
}  # fmt: skip
# Most people say nothing of an answer that will do, and some nothing of one that will not.
SILENCE = 0.2


def evidence(past: Iterable[Past]) -> list[Observation]:
    """Return an observation for each local answer; a thumb down outweighs a thumb up."""
    return [_observation(call) for call in past if call.location == "local"]


def _observation(call: Past) -> Observation:
    weight = max((FELL_SHORT[signal] for signal in call.signals if signal in FELL_SHORT), default=0.0)
    if weight:
        return Observation(call.kind, call.estimate, True, weight)
    return Observation(call.kind, call.estimate, False, 1.0 if "thumbs_up" in call.signals else SILENCE)
