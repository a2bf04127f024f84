"""How well scores order held-out prompts: the recipe trained again for each fold, beside rivals on the same prompts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.bench import router_model
from tests.bench.estimating import measures
from tests.bench.estimating.measures import Array, Names, Places
from tests.bench.estimating.prompts import Prompt
from tests.bench.estimating.rivals import Scorer
from tests.bench.estimating.splits import Fold, splits

LEAST_LEAD = 25  # answers that the strong model must be ahead by for a group to be judged alone


def measure(rows: Sequence[Prompt], rivals: Mapping[str, Scorer]) -> dict[str, Any]:
    """APGR with its error, CPT(50 %) and CPT(80 %) of each scorer by data set, under each split."""
    values = router_model.table([row.question for row in rows])
    ours = {name: _held_out(rows, values, folds) for name, folds in splits(rows).items()}
    found: dict[str, Any] = {f"sluice_{name}": _by_set(rows, scores) for name, scores in ours.items()}
    for name in ("subjects", "categories", "sets"):
        each = measures.each_group(ours[name], _gains(rows), _kin(rows), _groups(rows), LEAST_LEAD)
        found[f"sluice_{name}"]["each"] = each
    for name, scorer in rivals.items():
        found[name] = _by_set(rows, np.array([scorer(row.text) for row in rows]))
    return found


def _held_out(rows: Sequence[Prompt], values: Array, folds: Sequence[Fold]) -> Array:
    """Each judged prompt's score by a model that saw neither it nor its kin; NaN for those not judged."""
    scores = np.full(len(rows), np.nan)
    for fold in folds:
        trained = router_model.train([rows[at] for at in fold.train], values[fold.train])
        scores[fold.judge] = [trained.sum(rows[at].question)[0] for at in fold.judge]
    return scores


def _by_set(rows: Sequence[Prompt], scores: Array) -> dict[str, Any]:
    sources, judged = np.array([row.source for row in rows]), ~np.isnan(scores)
    gains, kin = _gains(rows), _kin(rows)
    return {
        source: measures.measured(scores[mask], gains[mask], kin[mask])
        for source in dict.fromkeys(sources.tolist())
        if (mask := (sources == source) & judged).any()
    }


def _gains(rows: Sequence[Prompt]) -> Array:
    return np.array([row.strong - row.weak for row in rows])


def _kin(rows: Sequence[Prompt]) -> Places:
    return np.array([row.kin for row in rows])


def _groups(rows: Sequence[Prompt]) -> Names:
    return np.array([row.group for row in rows])
