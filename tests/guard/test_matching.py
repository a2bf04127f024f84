import re
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.identifiers import streets, ways
from sluice.guard.identifiers.houses import UNITS, unit_before
from sluice.guard.identifiers.telephones import leads_to_tail
from sluice.guard.matching import lines_with, matches_in_lines, places_among
from sluice.guard.naming import labels

LINES = st.text(alphabet="ab:> \t\n", max_size=60)
SPEAKER = re.compile(r"[ \t]*(?P<name>[ab]+)[:>]")


@given(LINES)
def test_only_lines_without_the_signs_are_passed_over(text: str) -> None:
    in_lines = [match.span() for match in matches_in_lines(SPEAKER, text, ":>")]

    assert in_lines == [match.span() for match in re.finditer(rf"^{SPEAKER.pattern}", text, re.MULTILINE)]


@given(LINES)
def test_the_lines_with_a_pattern_hold_all_its_matches_and_are_apart(text: str) -> None:
    pattern = re.compile("a[:>]")
    lines = list(lines_with(pattern, text))

    inside = [match.span() for start, end in lines for match in pattern.finditer(text, start, end)]
    assert inside == [match.span() for match in pattern.finditer(text)]
    assert all(before[1] <= after[0] for before, after in pairwise(lines))


@given(LINES)
def test_the_wanted_matches_stand_where_the_pattern_finds_them(text: str) -> None:
    places = list(places_among(re.compile("([ab]+)"), text, {"a", "bb"}))

    assert places == [match.span() for match in re.finditer("[ab]+", text) if match[0] in {"a", "bb"}]


def listed(*patterns: str) -> list[str]:
    """Return the words of lists that are written as patterns, points with and without."""
    words = "|".join(patterns).replace("\\", "").split("|")
    return sorted({spelling for word in words for spelling in (word.replace("?", ""), word.removesuffix(".?"))})


LAST = listed(ways.ENDING, ways.CAPITAL_ENDING, ways.LOOSE_ENDING, ways.SURE_ENDING, ways.SMALL_ENDING)
FIRST = listed(ways.PREFIX, ways.SHORT_PREFIX, ways.LOWER_PREFIX)
NAMES = st.sampled_from(["Linden", "linden", "Roma", "de la Paix", "8 mai 1945", "Saint", "K", "ſ"])
NUMBERING = st.sampled_from(["", "Nr. ", "No ", "n°", "n. ", "km ", "č."])
STREETS = st.tuples(
    st.sampled_from(["", *FIRST]), st.sampled_from([" ", ""]), NAMES, st.sampled_from(["", " ", "-"]),
    st.sampled_from(["", *LAST]), st.sampled_from([" ", ", "]), NUMBERING,
).map("".join)  # fmt: skip


@given(STREETS, st.sampled_from([str, str.lower, str.upper, str.title]))
def test_whatever_is_a_street_begins_or_ends_as_one(street: str, cased: Callable[[str], str]) -> None:
    text = cased(street)

    if streets.STREET_FIRST.match(text):
        assert streets.ends_as_street(text) or streets.begins_as_street(text, 0)


@pytest.mark.parametrize("word", LAST)
def test_each_word_at_the_end_of_streets_is_known_as_such(word: str) -> None:
    assert streets.ends_as_street(f"Linden{word} ")
    assert streets.ends_as_street(f"Linden {word}, Nr. ")


SIGNS = st.text(alphabet=":=|.\t \"'*[", max_size=6)
SAID = st.sampled_from(["Next of kin", "Patient", "drivers", "author(s)", "child 2", "née", "KID", "kin\u017f", "the"])


@given(st.text(alphabet="ab ", max_size=4), SAID, SIGNS)
def test_whatever_is_a_label_ends_as_one_before_its_signs(before: str, label: str, signs: str) -> None:
    text = before + label + signs

    if labels.is_label(text):
        assert labels.ends_as_label(text)


LEADS = ["Fax -", "Durchwahl ", "phone x", "Büro: –", "Nebenstelle no. ", "call x", "wewnętrzny: ", "DW nr "]


@pytest.mark.parametrize("lead", LEADS)
def test_words_before_the_last_digits_of_a_telephone_lead_to_them(lead: str) -> None:
    assert leads_to_tail(lead + "38", len(lead))


@pytest.mark.parametrize("unit", [*listed(UNITS), "visit no", "of nr."])
def test_words_for_flats_and_houses_stand_before_a_number(unit: str) -> None:
    assert unit_before(f"{unit} 5", len(unit) + 1)
