"""Say whether asking the same model once more is worth the wait."""

from collections.abc import Callable

from sluice.config.schema import Routing
from sluice.errors import UpstreamError

# A moment later these may be over. What cannot be reached, is silent, or lacks memory is not.
PASSING = frozenset({"busy", "down", "cut"})
# The first wait, in seconds; each further one is twice as long.
SHORTEST = 0.25


def pause(error: UpstreamError, retried: int, routing: Routing, random: Callable[[], float]) -> float | None:
    """Seconds to wait before the next try, None where the next model should be asked instead.

    What the provider asks for is kept. Otherwise the wait is random between half and all of what it doubles to,
    so that calls which failed together do not come back together. `random` returns numbers in 0..1.
    """
    if error.kind not in PASSING or retried >= routing.retries:
        return None
    wanted = SHORTEST * 2.0**retried * (0.5 + random() / 2)
    seconds = max(error.retry_after or 0.0, wanted)
    return seconds if seconds <= routing.retry_seconds else None
