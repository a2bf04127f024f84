"""Learning from answers: which way the estimate moves, how far, and how little by little."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.routing import Adjustment
from sluice.routing.calibration import logit, sigmoid
from sluice.routing.fitting import HALF_FAILED_AT, Observation, adjustment, expected_failures, fitted

SPREAD = tuple(n / 20 for n in range(1, 20))
OBSERVATIONS = st.lists(
    st.builds(Observation, st.just("code"), st.floats(0, 1), st.booleans(), st.floats(0.1, 1)), max_size=40
)


def answers(kind: str, *, failed: bool, times: int = 2) -> list[Observation]:
    return [Observation(kind, score, failed) for score in SPREAD * times]


def test_nothing_observed_moves_nothing() -> None:
    assert adjustment([]) == Adjustment()
    assert fitted([]) == {}


def test_only_the_kind_that_falls_short_is_raised() -> None:
    kinds = fitted([*answers("reasoning", failed=True), *answers("writing", failed=False)])

    assert kinds["reasoning"].of(0.3) > 0.8
    assert kinds["writing"].of(0.9) < 0.8
    assert set(kinds) == {"reasoning", "writing"}


@pytest.mark.parametrize("failed", [True, False])
def test_a_few_answers_move_it_a_little(failed: bool) -> None:
    few, many = (adjustment([Observation("code", 0.8, failed)] * count).of(0.8) for count in (2, 40))

    assert abs(few - 0.8) < 0.15 < abs(many - 0.8)


def test_a_local_model_as_the_estimate_assumes_it_is_left_alone() -> None:
    chance = random.Random(7)
    scores = [chance.random() for _ in range(4000)]
    seen = [Observation("chat", s, chance.random() < sigmoid(logit(s) - HALF_FAILED_AT)) for s in scores]

    learned = adjustment(seen)

    assert learned.of(0.8) == pytest.approx(0.8, abs=0.04)
    assert learned.of(0.4) == pytest.approx(0.4, abs=0.08)


def test_the_curve_of_a_weaker_model_is_found_again() -> None:
    chance, truth = random.Random(11), Adjustment(shift=1.2, slope=0.8)
    scores = [chance.random() for _ in range(4000)]
    seen = [Observation("chat", s, chance.random() < sigmoid(logit(truth.of(s)) - HALF_FAILED_AT)) for s in scores]

    learned = adjustment(seen)

    assert [learned.of(s) for s in SPREAD] == pytest.approx([truth.of(s) for s in SPREAD], abs=0.08)


@given(OBSERVATIONS)
def test_another_failure_never_lowers_what_is_expected(seen: list[Observation]) -> None:
    before, after = adjustment(seen), adjustment([*seen, Observation("code", 0.8, True)])

    assert after.of(0.8) >= before.of(0.8) - 0.002
    assert after.slope > 0


def test_failing_at_easy_questions_only_keeps_the_order_of_calls() -> None:
    odd = [Observation("chat", score, score < 0.5) for score in SPREAD * 30]

    learned = adjustment(odd)

    assert learned.of(0.2) < learned.of(0.9)


def test_the_fitted_curve_expects_about_what_was_seen() -> None:
    seen = [Observation("code", score, n % 3 == 0) for n, score in enumerate(SPREAD * 20)]

    assert expected_failures(seen, adjustment(seen)) == pytest.approx(sum(one.failed for one in seen), rel=0.05)
