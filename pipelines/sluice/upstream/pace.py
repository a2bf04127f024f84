"""Remember how fast each model was lately."""

from dataclasses import dataclass

# Weight of the newest answer in each mean.
NEWEST = 0.3


@dataclass(frozen=True, slots=True)
class Pace:
    """Moving means over a model's answers."""

    first_token_seconds: float
    tokens_per_second: float


class Paces:
    """The pace of each deployment, by its name; nothing is known of one that has not answered yet."""

    def __init__(self) -> None:
        self._known: dict[str, Pace] = {}

    def of(self, name: str) -> Pace | None:
        return self._known.get(name)

    def saw(self, name: str, first_token_seconds: float, tokens: int, seconds: float) -> None:
        """Take in an answer of so many tokens, written within `seconds` after its first one."""
        before = self._known.get(name)
        speed = tokens / seconds if seconds > 0 else (before.tokens_per_second if before else 0.0)
        newest = Pace(first_token_seconds, speed)
        self._known[name] = _mixed(before, newest) if before else newest


def _mixed(before: Pace, newest: Pace) -> Pace:
    return Pace(
        before.first_token_seconds + NEWEST * (newest.first_token_seconds - before.first_token_seconds),
        before.tokens_per_second + NEWEST * (newest.tokens_per_second - before.tokens_per_second),
    )
