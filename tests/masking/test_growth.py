"""Masking takes time in proportion to what is known and what is said, whatever the values have in common."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from sluice.masking import Map, mask_text, restore

from tests.growth import grows_linearly

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def name(number: int) -> str:
    return "".join(LETTERS[number // 26**place % 26] for place in range(4)).capitalize()


NUMBERS = [
    pytest.param("CUSTOMER_NUMBER", lambda number: f"K-{number:06}", id="numbers"),
    pytest.param("PHONE_NUMBER", lambda number: f"+49 30 {number:07}", id="telephones"),
]
NAMES = [
    pytest.param("PERSON", lambda number: f"Anna {name(number)}", id="one first name"),
    pytest.param("PERSON", lambda number: f"{name(number)} Vogel", id="one surname"),
    pytest.param("PERSON", lambda number: f"A. Maria {name(number)}", id="initials"),
    pytest.param("EMAIL_ADDRESS", lambda number: f"anna.{name(number)}@vogel.example", id="mail"),
]


def work(type: str, value: Callable[[int], str], text: str, *, invents: bool) -> None:
    """Mask as many values as the text has characters, in a text that names each of them, and restore it."""
    map = Map(invents=invents)
    values = [value(number) for number in range(len(text))]
    map.hear(values)
    for one in values:
        map.placeholder(type, "personal", one)
    restore(mask_text("\n".join(values), [], map), map)


@pytest.mark.parametrize(("type", "value"), [*NUMBERS, *NAMES])
def test_many_values_cost_no_more_each_than_few(type: str, value: Callable[[int], str]) -> None:
    assert grows_linearly(partial(work, type, value, invents=False), "x", 400)


@pytest.mark.parametrize(("type", "value"), NAMES[:2])
def test_many_invented_values_cost_no_more_each_than_few(type: str, value: Callable[[int], str]) -> None:
    assert grows_linearly(partial(work, type, value, invents=True), "x", 200)
