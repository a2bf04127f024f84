"""The bench of the router measures as RouteLLM defines it, and keeps what is nearly the same on one side."""

import numpy as np
import pytest
from sluice.routing.complexity.question import read

from tests.bench.estimating.measures import apgr, cpt, recovered
from tests.bench.estimating.prompts import kinships

GAINS = np.array([1.0, 1.0, 0.0, 0.0])


@pytest.mark.parametrize(
    ("scores", "area"),
    [([4, 3, 2, 1], 0.75), ([1, 2, 3, 4], 0.25), ([1, 1, 1, 1], 0.5), ([2, 1, 1, 1], 0.625)],
    ids=["best order", "worst order", "no order", "ties are one linear step"],
)
def test_the_area_is_that_under_the_recovered_lead(scores: list[float], area: float) -> None:
    assert apgr(np.array(scores, dtype=float), GAINS) == pytest.approx(area)


def test_the_lead_is_whole_when_all_calls_are_sent_and_falls_where_the_weak_model_was_right() -> None:
    shares, lead = recovered(np.array([3.0, 2.0, 1.0]), np.array([1.0, -1.0, 1.0]))

    assert shares.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1])
    assert lead.tolist() == pytest.approx([0, 1, 0, 1])


@pytest.mark.parametrize(("wanted", "share"), [(0.5, 0.25), (0.8, 0.4), (1.0, 0.5)])
def test_the_threshold_is_the_least_share_that_recovers_that_much(wanted: float, share: float) -> None:
    assert cpt(np.array([4.0, 3.0, 2.0, 1.0]), GAINS, wanted) == pytest.approx(share)


def test_questions_that_differ_in_their_numbers_only_are_kin() -> None:
    tom, same, other = (
        "Tom buys {} apples and gives {} of them to his sister, who eats {}. How many are left in his basket?",
        "Tom buys {} apples and gives {} of them to his sister, who eats {}. How many are left in his basket?",
        "A train leaves at {} and travels for {} hours at {} miles an hour. Where does it stop in the evening?",
    )
    asked = [read(text.format(*numbers)) for text, numbers in ((tom, "932"), (same, "841"), (other, "836"))]

    first, second, third = kinships(asked)

    assert first == second != third
