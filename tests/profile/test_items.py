"""The graded questions, and the rules that grade answers."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.profile import Item, items, passes
from sluice.profile.grading import CHECKS
from sluice.profile.items import KINDS

REFUSALS = ("", "I am sorry, I cannot help with that.", "<think>42, surely", "As a language model, I have no answer.")


@pytest.mark.parametrize("item", items(), ids=lambda item: item.id)
def test_the_right_answer_passes_and_no_answer_fails(item: Item) -> None:
    assert passes(item.right, item.grade)
    assert passes(f"<think>Is it 17, or {{}}?</think>\n\n{item.right}\n", item.grade)
    assert not any(passes(refusal, item.grade) for refusal in REFUSALS)


def test_answers_to_other_questions_seldom_pass() -> None:
    others = Counter(
        item.kind
        for n, item in enumerate(items())
        for step in (1, 2, 3)
        if passes(items()[(n + step) % len(items())].right, item.grade)
    )

    assert sum(others.values()) <= 0.02 * 3 * len(items()), others


def test_every_kind_has_easy_and_hard_questions() -> None:
    levels = {kind: {item.level for item in items() if item.kind == kind} for kind in KINDS}

    assert all(found == {1, 2, 3, 4, 5} for found in levels.values()), levels
    assert len({item.id for item in items()}) == len(items()) > 150


def test_the_first_ones_are_of_every_kind() -> None:
    assert {item.kind for item in items()[:40]} == set(KINDS)


@pytest.mark.parametrize(
    ("answer", "grade", "expected"),
    [
        ("So 12 + 30 = **42**.", {"number": 42}, True),
        ("The result is 1,136,812", {"number": 1136812}, True),
        ("\\boxed{42}", {"number": 42}, True),
        ("42 or 43", {"number": 42}, False),
        ("It is \u22127", {"number": -7}, True),
        ("Answer: **Leo**.", {"last": "Leo"}, True),
        ("Leo is taller", {"last": "Leo"}, False),
        ("```\n[1, 2]\n```", {"output": "[1, 2]"}, True),
        ("It prints [1, 2]", {"output": "[1, 2]"}, False),
        ('Here: ```json\n{"a": 1.0}\n``` Done.', {"json": {"a": 1}}, True),
        ('{"a": 1', {"json": {"a": 1}}, False),
        ('"Lisbon."', {"exact": "Lisbon"}, True),
        ("The symbol is K.", {"words": [["k"]]}, True),
        ("Krypton", {"words": [["k"]]}, False),
        ("In 17 days", {"words": [["7"]]}, False),
        ("- a\n- b", {"bullets": 2}, True),
        ("Sure!\n- a\n- b", {"bullets": 2}, False),
        ("At 3.5 % it is done. Good!", {"sentences": 2}, True),
    ],
)
def test_a_rule_means_what_it_says(answer: str, grade: dict[str, Any], expected: bool) -> None:
    assert passes(answer, grade) is expected


@given(st.text(max_size=200), st.sampled_from(items()))
def test_whatever_a_model_writes_can_be_graded(answer: str, item: Item) -> None:
    assert passes(answer, item.grade) in (True, False)


def test_every_rule_is_used() -> None:
    assert {rule for item in items() for rule in item.grade} == set(CHECKS)
