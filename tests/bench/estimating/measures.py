"""How much of the stronger model's lead a score recovers, as RouteLLM defines it (arXiv 2406.18665)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def recovered(scores: Array, gains: Array) -> tuple[Array, Array]:
    """Return shares of calls sent to the strong model, highest score first, and the share of its lead they recover.

    `gains` is strong minus weak for each prompt. Prompts of one score are one linear step.
    """
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.nonzero(np.diff(scores[order]))[0], len(scores) - 1)
    lead = np.cumsum(gains[order])[ends] / gains.sum()
    return np.append(0.0, (ends + 1) / len(scores)), np.append(0.0, lead)


def apgr(scores: Array, gains: Array) -> float:
    """Average performance gap recovered: the area under the curve; a random score has 0.5."""
    shares, lead = recovered(scores, gains)
    return float(np.trapezoid(lead, shares))


def cpt(scores: Array, gains: Array, wanted: float) -> float:
    """Call-performance threshold: the least share of calls to the strong model that recovers `wanted` of its lead."""
    shares, lead = recovered(scores, gains)
    reached = int(np.argmax(lead >= wanted))
    if reached == 0:
        return 0.0
    step = (wanted - lead[reached - 1]) / (lead[reached] - lead[reached - 1])
    return float(shares[reached - 1] + step * (shares[reached] - shares[reached - 1]))


def measured(scores: Array, gains: Array) -> dict[str, Any]:
    return {
        "n": len(scores),
        "apgr": round(apgr(scores, gains), 3),
        "cpt50": round(cpt(scores, gains, 0.5), 3),
        "cpt80": round(cpt(scores, gains, 0.8), 3),
    }


def worst(scores: Array, gains: Array, groups: Array, least: float) -> Mapping[str, Any]:
    """APGR of each group where the strong model leads by at least `least` answers: below that it is noise."""
    found = {}
    for group in sorted(set(groups)):
        inside = (groups == group) & ~np.isnan(scores)
        if inside.any() and gains[inside].sum() >= least:
            found[str(group)] = round(apgr(scores[inside], gains[inside]), 3)
    below = [name for name, value in found.items() if value < 0.52]
    lowest = min(found, key=lambda name: found[name])
    return {
        "groups": len(found),
        "mean": round(float(np.mean(list(found.values()))), 3),
        "worst": lowest,
        "worst_apgr": found[lowest],
        "below_0.52": len(below),
    }
