"""How much of the stronger model's lead a score recovers, as RouteLLM defines it (arXiv 2406.18665)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Names = npt.NDArray[np.str_]
LEAST = 0.52  # APGR that no group may miss
SURELY = 1.64  # standard errors; what lies further below is chance once in twenty groups
DRAWS = 200


def recovered(scores: Array, gains: Array, weights: Array | None = None) -> tuple[Array, Array]:
    """Return shares of calls sent to the strong model, highest score first, and the share of its lead they recover.

    `gains` is strong minus weak for each prompt. Prompts of one score are one linear step. `weights` counts a prompt
    several times, or not at all.
    """
    weights = np.ones(len(scores)) if weights is None else weights
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.nonzero(np.diff(scores[order]))[0], len(scores) - 1)
    shares = np.cumsum(weights[order])[ends] / weights.sum()
    lead = np.cumsum((weights * gains)[order])[ends] / (weights * gains).sum()
    return np.append(0.0, shares), np.append(0.0, lead)


def apgr(scores: Array, gains: Array) -> float:
    """Average performance gap recovered: the area under the curve; a random score has 0.5."""
    shares, lead = recovered(scores, gains)
    return float(np.trapezoid(lead, shares))


def error(scores: Array, gains: Array, kin: Places) -> float:
    """Standard error of the APGR: half of what the middle two thirds of DRAWS span.

    Each draws families of near-duplicates with replacement, since what is nearly the same fails together. A draw in
    which the strong model does not lead says nothing.
    """
    chance = np.random.default_rng(0)
    families = np.unique(kin, return_inverse=True)[1]
    number = families.max() + 1
    found = []
    for _ in range(DRAWS):
        weights = np.bincount(chance.integers(number, size=number), minlength=number)[families].astype(float)
        if (weights * gains).sum() > 0:
            shares, lead = recovered(scores, gains, weights)
            found.append(np.trapezoid(lead, shares))
    low, high = np.quantile(found, (0.16, 0.84))
    return float(high - low) / 2


def cpt(scores: Array, gains: Array, wanted: float) -> float:
    """Call-performance threshold: the least share of calls to the strong model that recovers `wanted` of its lead."""
    shares, lead = recovered(scores, gains)
    reached = int(np.argmax(lead >= wanted))
    if reached == 0:
        return 0.0
    step = (wanted - lead[reached - 1]) / (lead[reached] - lead[reached - 1])
    return float(shares[reached - 1] + step * (shares[reached] - shares[reached - 1]))


def measured(scores: Array, gains: Array, kin: Places) -> dict[str, Any]:
    return {
        "n": len(scores),
        "apgr": round(apgr(scores, gains), 3),
        "error": round(error(scores, gains, kin), 3),
        "cpt50": round(cpt(scores, gains, 0.5), 3),
        "cpt80": round(cpt(scores, gains, 0.8), 3),
    }


def each_group(scores: Array, gains: Array, kin: Places, groups: Names, least: float) -> Mapping[str, Any]:
    """APGR of each group where the strong model leads by at least `least` answers: below that it is noise."""
    found = {}
    for group in sorted(set(groups)):
        inside = (groups == group) & ~np.isnan(scores)
        if inside.any() and gains[inside].sum() >= least:
            of_group = scores[inside], gains[inside]
            found[str(group)] = apgr(*of_group), error(*of_group, kin[inside])
    return {
        "groups": len(found),
        "mean": round(float(np.mean([value for value, _ in found.values()])), 3),
        **{name: f"{value:.3f} ± {wide:.3f}" for name, (value, wide) in found.items()},
        "below_0.52": sum(value < LEAST for value, _ in found.values()),
        "surely_below_0.52": sum(value + SURELY * wide < LEAST for value, wide in found.values()),
    }
