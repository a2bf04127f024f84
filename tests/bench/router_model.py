"""Train the estimate of complexity; run by hand, the result is part of the package.

    PYTHONPATH=pipelines:. python tests/bench/router_model.py [--data FOLDER]

Ridge regression of what the stronger model gained on the features of a question, with bounds: no weight may point
against the sign of its feature nor fall below its floor (both in features.py). Gains and features are taken relative to
their data set and, in part, to their subject, so that difficulty is learned and not which subject is hard for these
models. Boosted trees on the same features and gains, monotone by the same signs, deviate as much as the weights do.
What words explain of the gains that the weights leave is the subject. Of trees and words the estimate asks in exam
questions only. The sums are placed among everyday prompts, estimating/everyday.toml. Writes data/model.json and
data/topics.txt.gz.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import Ridge
from sluice.routing.complexity.features import FEATURES, features, words_of
from sluice.routing.complexity.model import CLIP, Model, Weighing
from sluice.routing.complexity.question import Question
from sluice.routing.complexity.topics import SCALE, Topics, norm
from sluice.routing.complexity.trees import Tree

from tests.bench.estimating.everyday import everyday
from tests.bench.estimating.measures import Array
from tests.bench.estimating.prompts import DATA, Prompt, prompts

TARGET = Path(__file__).parents[2] / "pipelines" / "sluice" / "routing" / "complexity" / "data"
PENALTY = 1000.0  # prompts that say nothing; anything from 300 to 3,000 gives the same figures within .003
SUBJECT = 0.5  # how much of the differences between subjects is left out: with 0 the options of one subject rule
WORD_PENALTY = 30.0
SEEN, COMMON = 4, 0.03  # a word that names a subject is in at least so many questions, and in at most this share
STEPS = 50  # of the everyday scale
TREES, LEAVES, LEAST, RATE, SHRINKAGE = 120, 8, 200, 0.05, 50.0  # prompts in a leaf; small steps, as usual
NAMES = tuple(FEATURES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--output", type=Path, default=TARGET, help="folder (default: %(default)s)")
    options = parser.parse_args()
    rows = prompts(options.data)
    trained = train(rows, table([row.question for row in rows]))
    write(trained, options.output)
    print(f"{options.output}: {len(rows)} prompts, {len(trained.topics.words)} words, {len(trained.trees)} trees")


def table(questions: Sequence[Question]) -> Array:
    """The features of each question, in the order of NAMES; NaN where one says nothing of it."""
    found = [features(question, words_of(question.stem)) for question in questions]
    return np.array([[values.get(name, np.nan) for name in NAMES] for values in found])


def train(rows: Sequence[Prompt], values: Array) -> Model:
    """Return the model that the recipe makes of these prompts and the table of their features."""
    mean, scale, held = _scaled(values)
    gains = np.array([row.strong - row.weak for row in rows])
    importance = _importance(rows)
    inside, target = _within(held, gains, rows)
    weights = fitted(inside, target, importance)
    weighings = {
        name: Weighing(round(float(m), 5), round(float(s), 5), round(float(w), 6))
        for name, m, s, w in zip(NAMES, mean, scale, weights, strict=True)
    }
    trees = grown_trees(values, target, importance, loud=float((held @ weights).std()))
    sums = np.sort([Model(weighings, (), trees=trees).sum(question)[0] for question in everyday()])
    steps = np.quantile(sums, np.linspace(0, 1, STEPS + 1)).round(5)
    words = learned_topics(rows, gains - held @ weights, importance)
    return Model(weighings, tuple(steps.tolist()), words, trees)


def grown_trees(values: Array, target: Array, importance: Array, *, loud: float) -> tuple[Tree, ...]:
    """Return boosted trees whose sum deviates by `loud` over these prompts and points against no sign of FEATURES."""
    boosted = HistGradientBoostingRegressor(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        min_samples_leaf=LEAST,
        learning_rate=RATE,
        l2_regularization=SHRINKAGE,
        early_stopping=False,
        monotonic_cst=[of.sign for of in FEATURES.values()],
        random_state=0,
    ).fit(values, target, sample_weight=importance)
    factor = loud / boosted.predict(values).std()
    return tuple(_tree(each.nodes, 0, factor) for (each,) in boosted._predictors)


def _tree(nodes: Any, at: int, factor: float) -> Tree:
    """One tree of scikit-learn from the node at this place on, as the package walks it."""
    node = nodes[at]
    if node["is_leaf"]:
        return round(float(node["value"]) * factor, 6)
    left, right = (_tree(nodes, int(node[side]), factor) for side in ("left", "right"))
    threshold = float(node["num_threshold"])
    return int(node["feature_idx"]), threshold, bool(node["missing_go_to_left"]), left, right


def _scaled(values: Array) -> tuple[Array, Array, Array]:
    """Mean and scale of each feature, and the table in these units without its outliers; what says nothing is 0."""
    present = np.isfinite(values).any(axis=0)
    values = np.where(present, values, 0.0)  # a set without any options
    mean, scale = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    floors = np.array([of.floor for of in FEATURES.values()])
    # A rare feature would weigh by its rarity; its floor is for its own scale.
    scale = np.where(floors > 0, np.maximum(scale, [of.scale for of in FEATURES.values()]), np.maximum(scale, 1e-6))
    return mean, scale, np.nan_to_num(np.clip((values - mean) / scale, -CLIP, CLIP))


def write(trained: Model, folder: Path) -> None:
    """Write model.json and topics.txt.gz."""
    data = {"features": {n: asdict(w) for n, w in trained.weighings.items()}, "everyday": list(trained.everyday)}
    trees = ",\n".join(json.dumps(tree) for tree in trained.trees)  # a line each
    text = f'{json.dumps(data, indent=1)[:-2]},\n "trees": [\n{trees}\n ]\n}}\n'
    (folder / "model.json").write_text(text, encoding="utf-8")
    words = sorted(trained.topics.words.items())
    lines = "".join(f"{word} {round(rare * SCALE)} {round(weight * SCALE)}\n" for word, (rare, weight) in words)
    (folder / "topics.txt.gz").write_bytes(gzip.compress(lines.encode("utf-8"), mtime=0))


def learned_topics(rows: Sequence[Prompt], left: Array, importance: Array) -> Topics:
    """Return what the words of exam questions explain of the gains that the features leave, set by set."""
    chosen = [at for at, row in enumerate(rows) if row.question.options]
    if not chosen:
        return Topics({})
    said = [set(words_of(rows[at].question.stem).counts) for at in chosen]
    seen = Counter(word for words in said for word in words if len(word) > 2)
    rarity = {w: math.log(len(said) / n) for w, n in sorted(seen.items()) if SEEN <= n <= COMMON * len(said)}
    place = {word: at for at, word in enumerate(rarity)}
    cells = [
        (at, w, rarity[w] / norm(rarity[x] for x in known))
        for at, words in enumerate(said)
        if (known := words & rarity.keys())
        for w in sorted(known)
    ]
    table = csr_matrix(
        ([cell[2] for cell in cells], ([cell[0] for cell in cells], [place[cell[1]] for cell in cells])),
        shape=(len(said), len(place)),
    )
    sources = [rows[at].source for at in chosen]
    target = left[chosen] - _means(left[chosen, None], sources)[:, 0]
    ridge = Ridge(alpha=WORD_PENALTY).fit(table, target, sample_weight=importance[chosen])
    weights = ridge.coef_.round(4)
    return Topics({w: (round(r, 4), float(weights[place[w]])) for w, r in rarity.items()})


def _within(held: Array, gains: Array, rows: Sequence[Prompt]) -> tuple[Array, Array]:
    """Features and gains relative to the mean of their set, and partly to that of their subject."""
    both = np.column_stack([held, gains])
    both -= _means(both, [row.source for row in rows])
    both -= SUBJECT * _means(both, [row.group for row in rows])
    return both[:, :-1], both[:, -1]


def _means(values: Array, groups: Sequence[str]) -> Array:
    """For each row the mean of its group."""
    _, places, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), values.shape[1]))
    np.add.at(sums, places, values)
    return np.asarray((sums / counts[:, None])[places])


def _importance(rows: Sequence[Prompt]) -> Array:
    """A set of a thousand prompts weighs a third of one of nine thousand, not a ninth; the mean is 1."""
    sources = np.array([row.source for row in rows])
    weight = np.zeros(len(rows))
    for source in set(sources):
        weight[sources == source] = (sources == source).sum() ** -0.5
    return weight / weight.mean()


def fitted(held: Array, gains: Array, importance: Array) -> Array:
    """Return the weights of a ridge regression within the bounds of FEATURES, by coordinate descent."""
    floors = np.array([of.floor for of in FEATURES.values()])
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
