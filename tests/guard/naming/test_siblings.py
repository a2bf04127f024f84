"""What stands where people stand is taken for one of them."""

from __future__ import annotations

import pytest
from sluice.guard.detect import TextDetector
from sluice.guard.naming.siblings import siblings

from tests.growth import grows_linearly


@pytest.mark.parametrize(
    ("text", "name"),
    [
        pytest.param("date,who,hours\n3,Kasper,7\n4,Merit,8\n5,Rhoda,4", "Merit", id="a column"),
        pytest.param("Shift\tMon\nEarly\tKezia\nLate\tSummer", "Summer", id="a column of two"),
        pytest.param("Oma: wie haalt Pim op?\nLot: Sjoerd doet dat\nOma: fijn", "Lot", id="a chat"),
        pytest.param("Trip: Imogen, Blessing A., Zed Okonjo, Maud.", "Blessing A.", id="a list"),
    ],
)
def test_what_stands_among_names_is_a_name(text: str, name: str) -> None:
    found = TextDetector().find(f"Ring 07700 900614.\n{text}", names=True)

    start = text.index(name) + len("Ring 07700 900614.\n")
    assert any(one.start <= start and start + len(name) <= one.end for one in found if one.type == "PERSON")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("item,town\nTea,Leeds\nMilk,York\nSugar,Hull", id="a column in which one cell is a name"),
        pytest.param("Name: Kasper Lund\nTown: Hull\nNote: urgent\nDue: soon", id="the labels of a form"),
        pytest.param("Bring bread, milk, sugar, tea and Kasper.", id="a list of things"),
    ],
)
def test_what_stands_among_things_is_none(text: str) -> None:
    found = TextDetector().find(f"Ring 07700 900614.\n{text}", names=True)

    assert list(siblings(text, found)) == []


@pytest.mark.parametrize("unit", ["Kasper, Merit, ", "a,b\n", "Lot: x\n", ",", "A, " * 9 + "\n"])
def test_time_grows_with_the_length(unit: str) -> None:
    found = TextDetector().find("Kasper Lund", names=True)

    assert grows_linearly(lambda text: list(siblings(text, found)), unit, 4_000)
