"""Adjust the estimate to where a team's own local models fall short."""

import math
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

# Closer to 0 and 1 the logit says more than any estimate knows.
LEAST, MOST = 0.001, 0.999


class Adjustment(BaseModel):
    """A line through the logit of the estimate. Rising, so that within a task kind the order of calls stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shift: float = Field(default=0.0, ge=-12, le=12)
    slope: float = Field(default=1.0, ge=0.1, le=10)

    def of(self, score: float) -> float:
        """Return the adjusted score, in 0..1."""
        if self == Adjustment():
            return score
        return round(sigmoid(self.shift + self.slope * logit(score)), 4)


class Calibration(BaseModel):
    """What a team's own history and profile say of the estimate; nothing by default, which changes nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    threshold: float | None = Field(default=None, ge=0, le=1, description="From which auto prefers the cloud")
    kinds: Mapping[str, Adjustment] = Field(default_factory=dict, description="Adjustments by task kind")
    threshold_from: str = Field(default="", max_length=500, description="What the threshold was learned from")
    kinds_from: str = Field(default="", max_length=500, description="What the adjustments were learned from")

    def adjusted(self, score: float, kind: str) -> float:
        """Return how likely the local models are to fall short, in 0..1, where the estimate says `score`."""
        adjustment = self.kinds.get(kind)
        return adjustment.of(score) if adjustment else score


def threshold_in_force(
    valve: float | None, configured: float | None, calibration: Calibration, default: float
) -> float:
    """Return the threshold by who chose it: the valve, then sluice.yaml, then `sluice calibrate`, then the default."""
    chosen = (valve, configured, calibration.threshold)
    return next((threshold for threshold in chosen if threshold is not None), default)


def logit(share: float) -> float:
    """The logarithm of the odds of a share, which is held off 0 and 1."""
    held = min(max(share, LEAST), MOST)
    return math.log(held / (1 - held))


def sigmoid(odds: float) -> float:
    """The share whose odds have this logarithm."""
    return 1 / (1 + math.exp(-odds))
