"""The order of reading, places in it, and what is undone of a reader's mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.media.layout import in_order, stretches, whole_lines
from sluice.media.misread import readings
from sluice.media.values import Box, Line, Sight


def line(text: str, left: int, top: int, lean: float = 0.0) -> Line:
    """A line of letters ten pixels wide and twenty high, each lower than the last by `lean`."""
    places = tuple(
        Box(left + at * 10, top + int(at * lean), left + at * 10 + 10, top + int(at * lean) + 20)
        for at in range(len(text))
    )
    box = Box(left, top, left + 10 * len(text), places[-1].bottom)
    return Line(text, box, places, 1.0)


def test_a_label_and_its_value_are_one_line_and_columns_stay_apart() -> None:
    lines = [line("Total", 300, 41), line("Name", 10, 0), line("Hannah", 60, 2), line("Date", 10, 40)]

    assert [one.text for one in in_order(lines)] == ["Name Hannah", "Date  |  Total"]


def test_lines_of_a_page_askew_are_not_mixed_up() -> None:
    rows = [(line("a" * 30, 0, top, 0.5), line("b" * 30, 340, top + 17, 0.5)) for top in (0, 26, 52)]

    assert [one.text for one in in_order([one for row in rows for one in row])] == [f"{'a' * 30} {'b' * 30}"] * 3


def test_a_stretch_over_two_lines_has_a_box_on_each() -> None:
    sight = Sight((line("12 Marlowe", 0, 0), line("Road, Leeds", 0, 30)))
    start = sight.text.index("Marlowe")

    boxes = list(stretches(sight, start, sight.text.index(",")))

    assert boxes == [Box(30, 0, 100, 20), Box(0, 30, 40, 50)]
    assert list(whole_lines(sight, start, start + 1)) == [sight.lines[0].box]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("teresa haverkamp @northbank.example", "teresa haverkamp_@northbank.example"),
        ("to sorensen@post.example net today", "to sorensen@post.example.net today"),
        ("from 81 43.184 214 again", "from 81.43.184.214 again"),
        ("DE60 3985 1O68 S491", "DE60 3985 1068 5491"),
    ],
    ids=["lost before at", "lost dot", "address", "digits"],
)
def test_another_reading_undoes_what_small_type_does(seen: str, meant: str) -> None:
    assert meant in readings(seen).others


@pytest.mark.parametrize("text", ["Call 117 496 0518 now", "to a@example.org at noon", "Bill Oslo SOLD", "", "a@b"])
def test_what_needs_no_other_reading_has_none(text: str) -> None:
    assert readings(text).others == ()


@given(st.text(max_size=200))
def test_places_are_the_same_in_every_reading(text: str) -> None:
    assert all(len(other) == len(text) for other in readings(text).others)
