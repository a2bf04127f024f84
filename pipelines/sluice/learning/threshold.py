"""Find the threshold that sends a share of a team's own questions to the cloud."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from sluice.learning.past import Past
from sluice.routing import Calibration

LEAST_CALLS = 100
LEAST_CHATS = 10
# A conversation of a hundred questions says no more of a team than one of ten.
FULL_CALLS_OF_A_CHAT = 10


class TooShort(Exception):
    """The history is too short to tell; the sentence says by how much."""


def threshold_for(past: Sequence[Past], calibration: Calibration, share: float) -> float:
    """Return the threshold that this share of the questions which may leave would have reached.

    Raises TooShort where there are too few to tell.
    """
    free = [call for call in past if call.may_leave]
    chats = Counter(call.chat for call in free)
    if len(free) < LEAST_CALLS or len(chats) < LEAST_CHATS:
        found = f"{len(free)} questions in {len(chats)} chats could have left"
        raise TooShort(f"{found}, and {LEAST_CALLS} in {LEAST_CHATS} are needed")
    weighed = sorted((calibration.adjusted(c.estimate, c.kind), _weight(chats[c.chat])) for c in free)
    return _cut(weighed, share)


def _weight(calls: int) -> float:
    return min(1.0, FULL_CALLS_OF_A_CHAT / calls)


def _cut(weighed: Sequence[tuple[float, float]], share: float) -> float:
    """The cut between two neighbouring scores that comes nearest to the share; questions of one score go together."""
    total = sum(weight for _, weight in weighed)
    scores = sorted({score for score, _ in weighed})
    cuts = [0.0, *((low + high) / 2 for low, high in pairwise(scores)), 1.0]
    reached = {cut: sum(weight for score, weight in weighed if score >= cut) / total for cut in cuts}
    nearest = min(reached, key=lambda cut: (abs(reached[cut] - share), -cut))
    return round(nearest, 4)
