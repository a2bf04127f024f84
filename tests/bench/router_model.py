"""Train the estimate of complexity; run by hand, the result is part of the package.

    PYTHONPATH=pipelines:. python tests/bench/router_model.py [--data FOLDER]

Ridge regression of what the stronger model gained on the features of a question, with bounds: no weight may point
against the sign of its feature nor fall below its floor (both in features.py). Gains and features are taken relative to
the mean of their subject, so that difficulty is learned and not which subject is hard for these models. The sums are
then placed among everyday prompts, estimating/everyday.toml. The result is data/model.json, byte for byte the same
for the same data.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sluice.routing.complexity import model
from sluice.routing.complexity.features import FEATURES, features, words_of
from sluice.routing.complexity.question import Question

from tests.bench.estimating.everyday import everyday
from tests.bench.estimating.measures import Array
from tests.bench.estimating.prompts import DATA, Prompt, prompts

TARGET = Path(model.__file__).parent / "data" / "model.json"
PENALTY = 1000.0  # prompts that say nothing; anything from 300 to 3,000 gives the same figures within .003
STEPS = 50  # of the everyday scale
NAMES = tuple(FEATURES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    rows = prompts(options.data)
    trained = train(rows, table([row.question for row in rows]))
    options.output.write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    print(f"{options.output}: {len(rows)} prompts, {options.output.stat().st_size} bytes")


def table(questions: Sequence[Question]) -> Array:
    """The features of each question, in the order of NAMES."""
    found = [features(question, words_of(question.stem)) for question in questions]
    return np.array([[values[name] for name in NAMES] for values in found])


def train(rows: Sequence[Prompt], values: Array) -> dict[str, Any]:
    """Return what data/model.json holds: the features with their weights, and the everyday scale."""
    mean, scale = values.mean(axis=0), values.std(axis=0)
    floors = np.array([of.floor for of in FEATURES.values()])
    # A rare feature would weigh by its rarity; its floor is for its own scale.
    scale = np.where(floors > 0, np.maximum(scale, [of.scale for of in FEATURES.values()]), np.maximum(scale, 1e-6))
    held = np.clip((values - mean) / scale, -model.CLIP, model.CLIP)
    gains = np.array([row.strong - row.weak for row in rows])
    weights = fitted(*_within(held, gains, [row.group for row in rows]), _importance(rows), floors)
    numbers = {
        name: {"mean": round(float(m), 5), "scale": round(float(s), 5), "weight": round(float(w), 6)}
        for name, m, s, w in zip(NAMES, mean, scale, weights, strict=True)
    }
    unplaced = model.from_json({"features": numbers, "everyday": [0.0, 1.0]})
    sums = np.sort([unplaced.sum(question) for question in everyday()])
    steps = np.quantile(sums, np.linspace(0, 1, STEPS + 1))
    return {"features": numbers, "everyday": [round(float(step), 5) for step in steps]}


def _within(held: Array, gains: Array, groups: Sequence[str]) -> tuple[Array, Array]:
    """Features and gains relative to the mean of their group."""
    _, places, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), held.shape[1] + 1))
    np.add.at(sums, places, np.column_stack([held, gains]))
    means = (sums / counts[:, None])[places]
    return held - means[:, :-1], gains - means[:, -1]


def _importance(rows: Sequence[Prompt]) -> Array:
    """A set of a thousand prompts weighs a third of one of nine thousand, not a ninth; the mean is 1."""
    sources = np.array([row.source for row in rows])
    weight = np.zeros(len(rows))
    for source in set(sources):
        weight[sources == source] = (sources == source).sum() ** -0.5
    return weight / weight.mean()


def fitted(held: Array, gains: Array, importance: Array, floors: Array) -> Array:
    """Return the weights of a ridge regression within the bounds of FEATURES, by coordinate descent."""
    signs = np.array([of.sign for of in FEATURES.values()])
    signed = held * signs
    pull = (signed * importance[:, None]).T @ gains
    shared = (signed * importance[:, None]).T @ signed + PENALTY * np.eye(len(signs))
    weights = floors.copy()
    for _ in range(300):
        before = weights.copy()
        for at in range(len(weights)):
            rest = pull[at] - shared[at] @ weights + shared[at, at] * weights[at]
            weights[at] = max(floors[at], rest / shared[at, at])
        if np.abs(weights - before).max() < 1e-7:
            break
    return weights * signs


if __name__ == "__main__":
    main()
