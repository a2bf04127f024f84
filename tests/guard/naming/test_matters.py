"""When a line speaks of somebody's real matter."""

from __future__ import annotations

import pytest
from sluice.guard.naming.matters import is_real, matters_of
from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import words_of


def _is_real(text: str, first: int, last: int) -> bool:
    words = words_of(text)
    return is_real(words, Name("PERSON", first, last, full=last > first), matters_of(words)[first])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Priya was diagnosed yesterday", 0, 0),
        ("Priya Raman wants her deposit", 0, 1),
        ("Priya wants my deposit", 0, 0),
        ("Schreibe Priya eine Mahnung", 1, 1),
    ],
    ids=["grave by itself", "first name and surname", "their own", "asked for"],
)
def test_a_matter_makes_a_name_real(text: str, first: int, last: int) -> None:
    assert _is_real(text, first, last)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Priya has a salary of 10", 0),
        ("Priya sings", 0),
        ("Priya sings\nMy salary is low", 0),
        ("Zyxt was diagnosed", 0),
        ("Hall was diagnosed", 0),
    ],
    ids=["a riddle", "no matter", "another line", "no name of any list", "an everyday word"],
)
def test_without_a_matter_of_somebody_a_name_is_not_real(text: str, first: int) -> None:
    assert not _is_real(text, first, first)
