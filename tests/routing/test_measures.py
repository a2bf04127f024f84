"""The bench of the router measures as RouteLLM defines it, and keeps what is nearly the same on one side."""

import numpy as np
import pytest
from sluice.routing.complexity.question import read

from tests.bench.estimating.measures import apgr, cpt, each_group, error, recovered
from tests.bench.estimating.prompts import kinships
from tests.bench.routing.cases import blind_cases, cases

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


def _chance(number: int) -> tuple[np.ndarray, np.ndarray]:
    """Scores, and gains that have nothing to do with them."""
    chance = np.random.default_rng(1)
    return chance.uniform(size=number), chance.choice([-1.0, 0.0, 1.0], number, p=[0.05, 0.6, 0.35])


def test_the_error_halves_with_four_times_as_many_questions() -> None:
    scores, gains = _chance(400)
    few = error(scores, gains, np.arange(400))

    many = error(np.tile(scores, 4), np.tile(gains, 4), np.arange(1600))

    assert many == pytest.approx(few / 2, rel=0.15)


def test_copies_of_a_question_make_the_error_no_smaller() -> None:
    scores, gains = _chance(400)
    alone = error(scores, gains, np.arange(400))

    copied = error(np.repeat(scores, 4), np.repeat(gains, 4), np.repeat(np.arange(400), 4))

    assert copied == pytest.approx(alone, rel=0.05)


def test_a_group_is_surely_low_only_beyond_its_error() -> None:
    scores, gains = _chance(400)
    reversed = np.where(np.arange(400) < 200, -gains, scores)  # the first group is put in the worst order
    groups = np.repeat(["worst", "chance"], 200)

    found = each_group(reversed, gains, np.arange(400), groups, least=10)

    assert found["groups"] == 2
    assert found["surely_below_0.52"] == 1


def test_no_labelled_question_is_in_the_blind_part_too() -> None:
    known = {case.question.casefold() for case in cases() if case.question}

    blind = [case.question.casefold() for case in blind_cases() if len(case.question) > 20]

    assert blind
    assert not known & set(blind)


def test_questions_that_differ_in_their_numbers_only_are_kin() -> None:
    tom, same, other = (
        "Tom buys {} apples and gives {} of them to his sister, who eats {}. How many are left in his basket?",
        "Tom buys {} apples and gives {} of them to his sister, who eats {}. How many are left in his basket?",
        "A train leaves at {} and travels for {} hours at {} miles an hour. Where does it stop in the evening?",
    )
    asked = [read(text.format(*numbers)) for text, numbers in ((tom, "932"), (same, "841"), (other, "836"))]

    first, second, third = kinships(asked)

    assert first == second != third
