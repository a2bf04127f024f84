"""Masking of texts: the same for every mention, exact on the way back, nothing known left."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sluice.guard import CLASS_OF, Finding
from sluice.guard.detect import TextDetector
from sluice.masking import Map, mask_text, restore
from sluice.masking.text import spans_of

PLACEHOLDER = re.compile(r"\[[A-Z]+_\d+[a-z]?\]")


def found(text: str, **values: str) -> list[Finding]:
    """Each first mention of these values, by type."""
    return [
        Finding(kind, CLASS_OF[kind], text.index(value), text.index(value) + len(value), 1.0)
        for kind, value in values.items()
    ]


def masked(text: str, map: Map | None = None, **values: str) -> str:
    return mask_text(text, found(text, **values), Map() if map is None else map)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("Anna Vogel came. Vogel left.", "Anna Vogel", "[PERSON_1] came. [PERSON_1b] left."),
        ("Anna Vogel and Vogel, Anna", "Anna Vogel", "[PERSON_1] and [PERSON_1b], [PERSON_1c]"),
        ("Ask Annas boss, or Vogels.", "Annas", "Ask [PERSON_1] boss, or Vogels."),
        ("Anna came. Annas boss came.", "Anna", "[PERSON_1] came. [PERSON_1]s boss came."),
        (
            "Anna Vogel: x/anna-vogel, anna.vogel, annavogel",
            "Anna Vogel",
            "[PERSON_1]: x/[PERSON_1b], [PERSON_1c], [PERSON_2]",
        ),
        (
            "Will Smith is here. Will you go? Ask Will.",
            "Will Smith",
            "[PERSON_1] is here. Will you go? Ask [PERSON_1b].",
        ),
        ("Herr Vogel came. Herr Meier left.", "Herr Vogel", "[PERSON_1] came. Herr Meier left."),
        ("李小龙来了，李小龙走了", "李小龙", "[PERSON_1]来了，[PERSON_1]走了"),
        ("**Anna** Vogel, Anna Vogel", "Anna Vogel", "**[PERSON_1b]** [PERSON_1c], [PERSON_1]"),
        ("Anna Vogel came. anna vogel left.", "Anna Vogel", "[PERSON_1] came. [PERSON_1b] left."),
        ("Anna Vogel, ANNA\nVOGEL", "Anna Vogel", "[PERSON_1], [PERSON_1b]"),
        ("Ask Anna Vogel's boss", "Anna Vogel", "Ask [PERSON_1]'s boss"),
        ("Will will stay, Will", "Will", "[PERSON_1] will stay, [PERSON_1]"),
        ("Ann and Annabel", "Ann", "[PERSON_1] and Annabel"),
    ],
)
def test_every_mention_of_a_name_is_masked_as_a_whole_word(text: str, name: str, expected: str) -> None:
    assert masked(text, PERSON=name) == expected


def test_ways_of_writing_one_person_share_a_number_and_differ_by_a_letter() -> None:
    map = Map()
    names = ["Dr. Anna Vogel", "Vogel, Anna", "Vogel", "A. Vogel", "Anna", "Frau Vogel", "Annas"]

    placeholders = [map.placeholder("PERSON", "personal", name) for name in names]

    assert placeholders == ["[PERSON_1]", *(f"[PERSON_1{letter}]" for letter in "bcdefg")]


def test_a_part_that_two_people_share_is_a_number_of_its_own() -> None:
    map = Map()
    names = ["Anna Vogel", "Peter Vogel", "Vogel", "Peter"]

    placeholders = [map.placeholder("PERSON", "personal", name) for name in names]

    assert placeholders == ["[PERSON_1]", "[PERSON_2]", "[PERSON_3]", "[PERSON_2b]"]


def test_ways_of_writing_one_number_share_a_number() -> None:
    map = Map()

    assert map.placeholder("CREDIT_CARD", "financial", "4111 1111 1111 1111") == "[CARD_1]"
    assert map.placeholder("CREDIT_CARD", "financial", "4111-1111-1111-1111") == "[CARD_1b]"
    assert map.placeholder("EMAIL_ADDRESS", "personal", "Anna@vogel.example") == "[EMAIL_2]"
    assert map.placeholder("EMAIL_ADDRESS", "personal", "anna@VOGEL.example") == "[EMAIL_2b]"


def test_overlapping_findings_become_one_and_nothing_of_them_is_left() -> None:
    text = "Write to anna@vogel.example now"
    findings = [Finding("EMAIL_ADDRESS", "personal", 9, 27, 1.0), Finding("PERSON", "personal", 9, 13, 0.8),
                Finding("ORGANIZATION", "personal", 20, 31, 0.5)]  # fmt: skip

    assert mask_text(text, findings, Map()) == "Write to [EMAIL_1]"


def test_what_looks_like_a_placeholder_and_was_typed_comes_back_as_typed() -> None:
    map = Map()
    text = "Anna wrote [PERSON_1] and PERSON_2 for [1]"

    sent = masked(text, map, PERSON="Anna")

    assert sent == "[PERSON_1] wrote [TEXT_2] and [TEXT_3] for [1]"
    assert restore(sent, map) == text


def test_a_secret_that_is_let_out_masked_is_never_restored() -> None:
    map = Map()

    sent = masked("the key is sk-1234", map, API_KEY="sk-1234")

    assert sent == "the key is [SECRET_1]"
    assert restore(sent, map) == sent


NAMES = st.sampled_from(
    ["Anna", "Anna Vogel", "ANNA", "Müller-Lüdenscheidt", "O'Neill", "Şule", "李小龙", "x@y.example"]
)
WORDS = st.lists(
    st.one_of(NAMES, st.text(max_size=6), st.sampled_from(["[PERSON_1]", "[1]", "PERSON_2", "'s", "\n", "{", '"'])),
    max_size=14,
)


@given(WORDS, st.lists(NAMES, max_size=3), st.sampled_from(["", " "]))
def test_masking_and_restoring_is_identity_and_leaves_nothing_that_is_known(
    words: list[str], names: list[str], between: str
) -> None:
    text = between.join(words)
    spans = [match for name in names for match in re.finditer(re.escape(name), text)]
    findings = [Finding("PERSON", "personal", *match.span(), 1.0) for match in spans]
    map = Map()

    sent = mask_text(text, findings, map)

    if not re.search(r"//|www\.|\]\(|url\(|=", text):
        assert restore(sent, map) == text
    assert mask_text(text, findings, map) == sent
    rest = PLACEHOLDER.sub(" ", sent)
    assert not any(re.search(rf"(?<!\w){re.escape(match[0])}(?!\w)", rest) for match in spans)


TYPED = st.lists(
    st.sampled_from([*"[]【】<>{}_ 12\\`|b-#\n", "PERSON", "Person", "EMAIL", "[PERSON_1]", "**", "'s", "人物", "Anna"])
)


@given(TYPED)
def test_whatever_somebody_typed_comes_back_as_typed(typed: list[str]) -> None:
    map = Map()
    mask_text("Anna, Ben", found("Anna, Ben", PERSON="Anna"), map)
    map.placeholder("EMAIL_ADDRESS", "personal", "ben@x.example")
    text = "".join(typed)

    sent = mask_text(text, [], map)

    assert restore(sent, map) == text


@given(st.text(), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=6))
def test_any_text_with_any_findings_is_masked_and_restored(text: str, places: list[tuple[int, int]]) -> None:
    findings = [Finding("ID_CARD", "personal", start, start + length, 1.0) for start, length in places]
    inside = [one for one in findings if one.end <= len(text)]
    map = Map()

    sent = mask_text(text, inside, map)

    assert mask_text(text, inside, map) == sent
    if not re.search(r"//|\w:|\.\w|\(|=|<", text):
        assert restore(sent, map) == text


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_findings_never_overlap_once_they_are_put_together(places: list[tuple[int, int]]) -> None:
    spans = spans_of(Finding("AGE", "personal", min(place), max(place), 1.0) for place in places)

    assert all(one.end <= other.start for one, other in pairwise(spans))
    covered = {at for start, end in map(sorted, places) for at in range(start, end)}
    assert {at for span in spans for at in range(span.start, span.end)} == covered


REAL = st.sampled_from(
    ["anna.vogel@bau.example", "+49 30 23125017", "DE89 3704 0044 0532 0130 00", "4111 1111 1111 1111", "192.0.2.7",
     "AKIAIOSFODNN7EXAMPLE", "12 Baker Street, London NW1 6XE", "SSN 078-05-1120", "and", "Invoice", "of", ",", "\n"]
)  # fmt: skip


@settings(max_examples=40)
@given(st.lists(REAL, max_size=10))
def test_nothing_that_counts_is_found_in_a_masked_text(words: list[str]) -> None:
    detector = TextDetector()
    text = " ".join(words)

    sent = mask_text(text, detector.find(text, names=False), Map())

    assert [one for one in detector.find(sent, names=False) if not one.weak] == []


def test_thousands_of_known_values_cost_no_more_per_word_than_one() -> None:
    map = Map()
    for number in range(2000):
        map.placeholder("CUSTOMER_NUMBER", "personal", f"K-{number:06}")

    sent = mask_text("K-000001, K-001999 and K-009999. " * 200, [], map)

    assert sent.count("[CUSTOMER_2]") == sent.count("[CUSTOMER_2000]") == sent.count("K-009999") == 200
