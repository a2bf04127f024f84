"""Leave alone what has just failed, longer each time, until one trial succeeds."""

from dataclasses import dataclass, replace
from typing import Literal

Position = Literal["closed", "open", "half-open"]


@dataclass(frozen=True, slots=True)
class Pause:
    """How long a breaker stays open, in seconds: at first, and at most."""

    first: float
    longest: float

    def after(self, failures: int) -> float:
        """Twice as long after each failed trial."""
        return min(self.first * 2.0 ** min(failures - 1, 30), max(self.first, self.longest))


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state of one circuit; each method returns the next. `now` is any clock that only goes forward."""

    failures: int = 0  # in a row, those that came while it was open counted as one
    until: float = 0.0
    why: str = ""
    on_trial: bool = False

    def position(self, now: float) -> Position:
        """Closed lets all pass, open none, half-open one trial."""
        if not self.failures:
            return "closed"
        return "open" if now < self.until else "half-open"

    def admits(self, now: float) -> bool:
        """Whether a call may be made now."""
        position = self.position(now)
        return position == "closed" or (position == "half-open" and not self.on_trial)

    def begun(self, now: float) -> "Breaker":
        """A call is being made; where the breaker is half-open it is the trial."""
        return replace(self, on_trial=True) if self.position(now) == "half-open" else self

    def succeeded(self) -> "Breaker":
        """A call went well: forget all failures."""
        return Breaker()

    def failed(self, now: float, pause: Pause, why: str, at_least: float = 0.0) -> "Breaker":
        """A call failed. One that began before the breaker opened does not make it stay open longer.

        `at_least` is what the other side asked for, in seconds.
        """
        if self.position(now) == "open":
            return replace(self, why=why)
        failures = self.failures + 1
        seconds = pause.after(failures) if pause.first else 0.0
        return Breaker(failures, now + max(seconds, at_least if seconds else 0.0), why)

    def released(self) -> "Breaker":
        """The trial ended without saying anything, because its caller left."""
        return replace(self, on_trial=False)
