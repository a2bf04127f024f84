"""Keep a deployment within its own limits per minute, so that its provider need not refuse."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

MINUTE = 60.0


class Rates:
    """What was asked of each deployment within the last minute, in requests and tokens."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[tuple[float, int]]] = {}

    def wait(self, name: str, info: Mapping[str, Any], tokens: int) -> float:
        """Seconds until so many tokens more may be asked; 0 where it may be done now.

        A call that alone is above the limit of tokens waits only until nothing else counts.
        """
        asked, now = self._recent(name), self._clock()
        requests, limit = info.get("requests_per_minute"), info.get("tokens_per_minute")
        waits = [0.0]
        if requests and len(asked) >= requests:
            waits.append(asked[len(asked) - requests][0] + MINUTE - now)
        if limit:
            waits.append(_until_room(asked, limit - min(tokens, limit), now))
        return max(waits)

    def asked(self, name: str, tokens: int) -> None:
        """Count a call that is made now."""
        self._recent(name).append((self._clock(), tokens))

    def answered(self, name: str, tokens: int) -> None:
        """Count the tokens of an answer, without a request."""
        recent = self._recent(name)
        if recent:
            at, before = recent.pop()
            recent.append((at, before + tokens))

    def _recent(self, name: str) -> deque[tuple[float, int]]:
        asked, now = self._asked.setdefault(name, deque()), self._clock()
        while asked and asked[0][0] <= now - MINUTE:
            asked.popleft()
        return asked


def _until_room(asked: deque[tuple[float, int]], room: int, now: float) -> float:
    """Until those that are left have at most `room` tokens; the oldest are forgotten first."""
    used = sum(tokens for _, tokens in asked)
    if used <= room:
        return 0.0
    for at, tokens in asked:
        used -= tokens
        if used <= room:
            return at + MINUTE - now
    return 0.0
