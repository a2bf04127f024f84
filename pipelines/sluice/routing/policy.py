"""What routing goes by: the threshold, the rules, and how hard it is to move a conversation."""

from dataclasses import dataclass
from datetime import UTC, tzinfo

from sluice.chat import Preference
from sluice.config.rules import Rule, zone_of
from sluice.config.schema import Routing


@dataclass(frozen=True, slots=True)
class Policy:
    """All numbers are complexities: shares of everyday calls that are easier."""

    threshold: float = 0.8  # from which auto prefers the cloud
    frontier_threshold: float | None = None  # from which the best cloud model; None: half-way from the threshold to 1
    small_threshold: float = 0.3  # below which the small model is enough
    stickiness: float = 0.1  # how clearly a follow-up must differ to move to another model
    rules: tuple[Rule, ...] = ()
    zone: tzinfo = UTC

    def bar(self, preference: Preference) -> float:
        """The threshold for a preference: twice the share of the cloud for quality, half of it for thrift."""
        share = {"quality": 2.0, "thrifty": 0.5}.get(preference, 1.0) * (1 - self.threshold)
        return min(1.0, max(0.0, 1 - share))

    def frontier_bar(self, preference: Preference) -> float:
        """From where the best cloud model is asked; sooner for quality, and never by thrift."""
        bar = self.bar(preference)
        if preference == "thrifty":
            return 2.0
        if self.frontier_threshold is not None:
            return max(bar, self.frontier_threshold) if preference != "quality" else bar
        return bar + (1 - bar) * (0.25 if preference == "quality" else 0.5)


def policy_of(routing: Routing, threshold: float) -> Policy:
    """Return the policy that a configuration asks for, with the threshold in force."""
    return Policy(
        threshold=threshold,
        frontier_threshold=routing.frontier_threshold,
        small_threshold=routing.small_threshold,
        stickiness=routing.stickiness,
        rules=routing.rules,
        zone=zone_of(routing.time_zone),
    )
