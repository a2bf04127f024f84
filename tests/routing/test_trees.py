"""Trees are walked as they were trained, keep the signs of the features, and speak of exam questions only."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.routing.complexity.features import FEATURES
from sluice.routing.complexity.model import shipped
from sluice.routing.complexity.question import read
from sluice.routing.complexity.trees import Tree, grown, tree_from_json

from tests.bench.router_model import NAMES, grown_trees

STUMP: Tree = (0, 2.0, True, -0.5, 0.25)
DEEP: Tree = (0, 2.0, False, (1, 0.5, True, 1.0, 2.0), 4.0)
SHIPPED = shipped()


@pytest.mark.parametrize(
    ("trees", "values", "sum"),
    [
        ((STUMP,), {"length": 2.0}, -0.5),
        ((STUMP,), {"length": 2.1}, 0.25),
        ((STUMP,), {}, -0.5),
        ((DEEP,), {}, 4.0),
        ((DEEP,), {"length": 1.0, "running": 0.6}, 2.0),
        ((STUMP, DEEP), {"length": 1.0}, 0.5),
        ((), {"length": 1.0}, 0.0),
    ],
    ids=[
        "at the threshold",
        "above it",
        "missing goes left",
        "missing goes right",
        "two features",
        "two trees",
        "none",
    ],
)
def test_each_tree_adds_the_leaf_that_the_values_lead_to(
    trees: tuple[Tree, ...], values: dict[str, float], sum: float
) -> None:
    assert grown(trees, values) == pytest.approx(sum)


@pytest.mark.parametrize("broken", [[0, 1.0, True, 0.1], [len(FEATURES), 1.0, True, 0.1, 0.2], {"leaf": 1}, None])
def test_what_is_no_tree_is_refused(broken: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        tree_from_json(broken)


@given(
    st.dictionaries(st.sampled_from(NAMES), st.floats(0, 6)),
    st.sampled_from(NAMES),
    st.floats(0, 6),
    st.floats(0, 6),
)
def test_more_of_a_feature_never_points_against_its_sign(
    values: dict[str, float], name: str, one: float, other: float
) -> None:
    less, more = (grown(SHIPPED.trees, {**values, name: value}) for value in sorted((one, other)))

    assert (more - less) * FEATURES[name].sign >= -1e-9


def test_an_open_question_is_judged_without_trees() -> None:
    question = read("Prove that the sum of two odd numbers is even. What follows for three of them?")

    assert replace(SHIPPED, trees=()).sum(question) == SHIPPED.sum(question)


def test_the_trees_that_are_written_down_say_what_was_trained() -> None:
    """Their sum deviates over the training set as it was asked to, so no branch was turned and no leaf was lost."""
    chance = np.random.default_rng(0)
    values = chance.uniform(0, 3, (2000, len(NAMES)))
    values[chance.uniform(size=values.shape) < 0.3] = np.nan
    target = np.nan_to_num(values[:, 0]) - np.nan_to_num(values[:, 6]) + chance.normal(size=2000)

    trees = grown_trees(values, target, np.ones(2000), loud=0.25)

    rows = [{n: v for n, v in zip(NAMES, row, strict=True) if np.isfinite(v)} for row in values.tolist()]
    said = np.array([grown(trees, row) for row in rows])
    assert said.std() == pytest.approx(0.25, rel=1e-3)
    assert np.corrcoef(said, target)[0, 1] > 0.5
