"""The first estimate of complexity puts plain questions below demanding ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.routing import complexity

EASY = ["hi", "Thanks!", "What is the capital of France?", "Translate 'gate' into German", "Fix the typo: teh gate"]
HARD = [
    "Prove step by step that the square root of 2 is irrational, then generalise the proof and compare approaches.",
    "Design an architecture for a multi-tenant ledger, analyse the trade-offs of each variant in detail, and write "
    "a comprehensive report with a migration strategy.",
    "Debug this race condition and refactor it:\n```\ndef run(x):\n    y = x\n```\nCompare two designs in depth.",
]


@pytest.mark.parametrize("easy", EASY)
def test_a_plain_question_is_below_the_default_threshold(easy: str) -> None:
    assert complexity(easy) < 0.3


@pytest.mark.parametrize("hard", HARD, ids=["proof", "architecture", "debugging"])
def test_a_demanding_question_is_above_every_plain_one(hard: str) -> None:
    assert complexity(hard) > max(map(complexity, EASY)) + 0.2


@given(st.text(max_size=500))
def test_any_text_has_a_complexity_between_0_and_1(text: str) -> None:
    assert 0 <= complexity(text) <= 1


def test_a_very_long_question_is_read_in_bounded_time() -> None:
    assert 0 <= complexity("?" * 1_000_000 + "class " * 100_000) <= 1
