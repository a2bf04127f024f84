"""Small decision trees over the features of a question: what several of them say together.

Learned from exams, which show little of everyday requests, and trees know no floors: so they are asked only of
questions that offer answers to choose from (figures in data/README.md).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sluice.routing.complexity.features import FEATURES

# A leaf is what it adds to the expected lead. A branch is the place of a feature in FEATURES, the threshold up to which
# a value goes left, whether a missing value does, and what is left and right.
Tree = float | tuple[int, float, bool, "Tree", "Tree"]


def grown(trees: Sequence[Tree], values: Mapping[str, float]) -> float:
    """Return what all trees add for a question with these features."""
    ordered = [values.get(name) for name in FEATURES]
    return math.fsum(_leaf(tree, ordered) for tree in trees)


def _leaf(tree: Tree, values: Sequence[float | None]) -> float:
    while not isinstance(tree, float):
        at, threshold, missing_left, left, right = tree
        value = values[at]
        tree = left if (missing_left if value is None else value <= threshold) else right
    return tree


def tree_from_json(node: Any) -> Tree:
    """Read one tree of data/model.json; raises ValueError or TypeError where it is none."""
    if not isinstance(node, list):
        return float(node)
    at, threshold, missing_left, left, right = node
    if not 0 <= at < len(FEATURES):
        raise ValueError(f"data/model.json knows no feature {at}; run tests/bench/router_model.py")
    return int(at), float(threshold), bool(missing_left), tree_from_json(left), tree_from_json(right)
