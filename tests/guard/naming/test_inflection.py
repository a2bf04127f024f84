"""The plain forms of names, and German compounds that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.inflection import stems


@pytest.mark.parametrize(
    ("inflected", "plain"),
    [
        ("müllers", "müller"),
        ("annę", "anna"),
        ("krzysztofem", "krzysztof"),
        ("jadwigi", "jadwiga"),
        ("игоря", "игорь"),
        ("соколова", "соколов"),
        ("дмитрию", "дмитрий"),
    ],
)
def test_the_plain_form_is_among_the_stems(inflected: str, plain: str) -> None:
    assert plain in set(stems(inflected))


@given(st.text(max_size=40))
def test_a_stem_is_never_empty_and_never_the_word_itself_with_its_ending(word: str) -> None:
    lower = word.lower()

    assert all(len(stem) >= 3 and stem != lower for stem in stems(lower))


@pytest.mark.parametrize("noun", ["heuschnupfen", "verschwiegenheitspflicht", "mietrückstand", "arbeitsvertrag"])
def test_a_german_compound_is_no_name(noun: str) -> None:
    assert is_compound(noun)


@pytest.mark.parametrize("name", ["tjorven", "stolzenberg", "pfannenschmidt", "oberhauser", "wehmeyer"])
def test_a_surname_made_of_words_is_no_compound(name: str) -> None:
    assert not is_compound(name)
