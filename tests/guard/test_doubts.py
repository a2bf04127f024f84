"""What is doubted of a text in which something surely personal was found, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.detect import TextDetector
from sluice.guard.doubts import doubts

from tests.growth import grows_linearly

SURE = "Write to ines.calder@example.org today. "


@pytest.fixture(scope="module")
def detector() -> TextDetector:
    return TextDetector()


def doubted(detector: TextDetector, text: str) -> list[str]:
    return [text[one.start : one.end] for one in detector.find(text, names=True) if one.klass == "doubtful"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Her second account is fen_backup there.", ["fen_backup"], id="a login that no word announces"),
        pytest.param("He ran to the flats at 210 Canning.", ["210 Canning"], id="a number beside a name"),
        pytest.param("he ran to the flats at vrzloben 9 yesterday", ["vrzloben 9"], id="in small letters, too"),
        pytest.param("The bell says OYELARAN, ring twice.", ["OYELARAN"], id="a surname in capitals"),
        pytest.param("\nWer holt Ella denn heute ab?", ["Ella"], id="a name that is a word of another language"),
        pytest.param("Give vrzlobat the spare key.", ["vrzlobat"], id="a word of no list"),
        pytest.param("Give vrz\u00adlobat the spare key.", ["vrz\u00adlobat"], id="disguised, too"),
    ],
)
def test_what_may_be_more_of_somebody_is_doubted(detector: TextDetector, text: str, words: list[str]) -> None:
    assert doubted(detector, SURE + text) == words


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("See you on 3 March, or in May.", id="dates"),
        pytest.param("Set last_name and date_of_birth in the form.", id="names of fields"),
        pytest.param("The rent is due and the kitchen is damp; please reply soon.", id="everyday words"),
        pytest.param("The API of our CRM returns JSON.", id="acronyms"),
    ],
)
def test_what_is_explained_is_not_doubted(detector: TextDetector, text: str) -> None:
    assert doubted(detector, SURE + text) == []


def test_a_text_about_nobody_is_not_doubted(detector: TextDetector) -> None:
    assert doubted(detector, "the bell says OYELARAN at 210 Canning, fen_backup") == []


def test_without_capitals_a_name_is_doubted_where_all_that_was_found_is_weak(detector: TextDetector) -> None:
    assert doubted(detector, "ms harcourt is my daughter's teacher and she hates poppy") == ["poppy"]
    assert doubted(detector, "ask ms harcourt whether vrzloben rang about the keys") == ["vrzloben"]
    assert doubted(detector, "Ms Harcourt is my daughter's teacher. She hates the colour of a poppy.") == []


@given(st.text())
def test_no_text_is_too_strange_to_doubt(text: str) -> None:
    assert all(0 <= doubt.start < doubt.end <= len(text) for doubt in doubts(text, []))


@pytest.mark.parametrize("piece", ["vrzlobat ", "210 Canning ", "fen_backup, ", "a_", "1 A"])
def test_time_grows_with_the_length(piece: str) -> None:
    assert grows_linearly(lambda text: list(doubts(text, [])), piece, 4_000)
