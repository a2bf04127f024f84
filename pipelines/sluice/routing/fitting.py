"""Learn from answers that passed or fell short how the estimate must be adjusted.

The estimate says how demanding a question is; how often local models fail at it depends on the models. For each task
kind a logistic curve of failing over the estimate is fitted to what was observed, and laid over the curve that the
estimate assumes: the adjusted score is the one at which the assumed model fails as often as the observed ones do here.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from sluice.routing.calibration import Adjustment, logit, sigmoid

# The assumed local model fails at every other question whose estimate is this, and at fewer of the easier ones.
HALF_FAILED_AT = logit(0.8)
# How far the curve may lie from the assumed one before anything was observed (standard deviations of a normal prior):
# some seven answers weigh as much as the prior does.
SHIFT_SPREAD, SLOPE_SPREAD = 0.8, 0.2
STEPS = 50
FLATTEST, FARTHEST = 0.2, 6.0


@dataclass(frozen=True, slots=True)
class Observation:
    """One answer of a local model. `score` is the estimate before any calibration; silence weighs less than words."""

    kind: str
    score: float
    failed: bool
    weight: float = 1.0


def fitted(observations: Iterable[Observation]) -> dict[str, Adjustment]:
    """Return the adjustment of each task kind that was observed."""
    by_kind = sorted(observations, key=lambda one: one.kind)
    return {kind: adjustment(list(group)) for kind, group in groupby(by_kind, key=lambda one: one.kind)}


def adjustment(observations: Sequence[Observation]) -> Adjustment:
    """Return the most likely adjustment, by Newton's method on the penalised log-likelihood, which has one maximum."""
    shift, slope = 0.0, 1.0
    for _ in range(STEPS):
        step_shift, step_slope = _step(observations, shift, slope)
        shift, slope = shift + step_shift, max(slope + step_slope, FLATTEST)
        if abs(step_shift) + abs(step_slope) < 1e-9:
            break
    moved = HALF_FAILED_AT + shift - slope * HALF_FAILED_AT
    return Adjustment(shift=round(min(max(moved, -FARTHEST), FARTHEST), 4), slope=round(slope, 4))


def _step(observations: Sequence[Observation], shift: float, slope: float) -> tuple[float, float]:
    """The Newton step at a curve: failing has the log odds `shift + slope * x`, with x counted from where half fail."""
    up, along = -shift / SHIFT_SPREAD**2, -(slope - 1) / SLOPE_SPREAD**2
    a, b, c = 1 / SHIFT_SPREAD**2, 0.0, 1 / SLOPE_SPREAD**2
    for one in observations:
        x = logit(one.score) - HALF_FAILED_AT
        expected = sigmoid(shift + slope * x)
        missed, curved = one.weight * (one.failed - expected), one.weight * expected * (1 - expected)
        up, along = up + missed, along + missed * x
        a, b, c = a + curved, b + curved * x, c + curved * x * x
    determinant = a * c - b * b
    step_shift, step_slope = (c * up - b * along) / determinant, (a * along - b * up) / determinant
    if slope <= FLATTEST and step_slope < 0:
        step_shift, step_slope = up / a, 0.0  # as flat as it may be: only the shift is left to choose
    return _short(step_shift), _short(step_slope)


def _short(step: float) -> float:
    """Newton's method may leap where the curve is nearly flat."""
    return min(max(step, -1.0), 1.0)


def expected_failures(observations: Iterable[Observation], adjusted: Adjustment) -> float:
    """Return how many of these answers the adjusted curve expects to fall short."""
    return math.fsum(one.weight * sigmoid(logit(adjusted.of(one.score)) - HALF_FAILED_AT) for one in observations)
