"""The estimate orders questions by what they ask of a model, on the scale of everyday calls, and never fails."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.routing import complexity, estimate

from tests.bench.estimating.everyday import kinds
from tests.growth import grows_linearly

DEFAULT_THRESHOLD = 0.8
EASIER_THAN = {
    "proof": ("What is a prime number?", "Prove that there are infinitely many prime numbers of the form 4k + 3."),
    "arithmetic": (
        "What is 12 times 4?",
        "A shop sells pens at 3 for 2 euros. If Tom buys 12 pens, gives half of the rest of his 20 euros to Ann, and "
        "she spends a quarter of it, how much does each have left?",
    ),
    "design": (
        "What is a queue?",
        "Design a distributed queue that delivers exactly once across three regions, and discuss what happens when "
        "a region fails.",
    ),
    "debugging": (
        "How do I print a list in Python?",
        "Debug this race condition: two threads sometimes take the same job although the lock is held.",
    ),
    "constraints": (
        "Write a poem about rain.",
        "Write a poem about rain in exactly 14 lines that must not use the letter e, where each line starts with the "
        "last word of the line before, and the first letters of the lines must spell WEATHER FORECAST.",
    ),
    "length of the task": (
        "Write a sentence about our product.",
        "Write a detailed report on our product: compare it with three competitors, evaluate the strategy of each, "
        "assess the risks, and justify a recommendation.",
    ),
    "German": (
        "Wie heißt die Hauptstadt von Polen?",
        "Beweise, dass die Wurzel aus 2 irrational ist, und verallgemeinere.",
    ),
    "French": ("Merci beaucoup !", "Démontrez que la suite converge, puis évaluez la vitesse de convergence."),
}


@pytest.mark.parametrize(("easier", "harder"), EASIER_THAN.values(), ids=EASIER_THAN.keys())
def test_what_asks_more_is_above_what_asks_less(easier: str, harder: str) -> None:
    assert complexity(easier) < complexity(harder) - 0.1


@pytest.mark.parametrize("kind", ["small_talk", "translation", "lookups", "advice", "writing", "office"])
def test_routine_stays_below_the_default_threshold(kind: str) -> None:
    scores = [complexity(prompt) for prompt in kinds()[kind]]

    assert sum(score >= DEFAULT_THRESHOLD for score in scores) <= len(scores) / 10


def test_nine_in_ten_demanding_calls_reach_the_default_threshold() -> None:
    scores = [complexity(prompt) for prompt in kinds()["demanding"]]

    assert sum(score >= DEFAULT_THRESHOLD for score in scores) >= 0.9 * len(scores)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_threshold_keeps_that_share_of_everyday_calls(share: float) -> None:
    scores = [complexity(prompt) for prompt in itertools.chain.from_iterable(kinds().values())]

    assert sum(score < share for score in scores) / len(scores) == pytest.approx(share, abs=0.03)


@given(st.text(st.characters(), max_size=500))
def test_any_text_has_a_complexity_between_0_and_1_and_always_the_same(text: str) -> None:
    first = estimate(text)

    assert 0 <= first.score <= 1
    assert estimate(text) == first


@pytest.mark.parametrize("unit", ["a ", "?", "A. b\n", "1", "```\n", " \n", "class ", "\\", "$x^2$ ", "{;\n", "I, "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    assert grows_linearly(estimate, unit, 20_000)
