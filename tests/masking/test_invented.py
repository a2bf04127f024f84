"""Invented values stand for real ones where that is wished: belong to nobody, occur nowhere, and come back."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import read_call
from sluice.guard import CLASS_OF, Finding
from sluice.masking import Map, Restorer, mask_call, mask_text, restore

TEXT = (
    "Dr. Anna Vogel (anna@vogel.example, +49 30 1234567, card 4111 1111 1111 1111, DE89 3704 0044 0532 0130 00)"
    " met Peter Vogel. Vogel paid."
)
VALUES = {
    "Dr. Anna Vogel": "PERSON",
    "Peter Vogel": "PERSON",
    "anna@vogel.example": "EMAIL_ADDRESS",
    "+49 30 1234567": "PHONE_NUMBER",
    "4111 1111 1111 1111": "CREDIT_CARD",
    "DE89 3704 0044 0532 0130 00": "IBAN_CODE",
}


def findings(text: str) -> list[Finding]:
    return [
        Finding(kind, CLASS_OF[kind], text.index(value), text.index(value) + len(value), 1.0)
        for value, kind in VALUES.items()
        if value in text
    ]


@pytest.fixture
def map() -> Map:
    map = Map(invents=True)
    mask_text(TEXT, findings(TEXT), map)
    return map


def test_a_text_with_invented_values_reads_like_one_and_comes_back() -> None:
    map = Map(invents=True)

    sent = mask_text(TEXT, findings(TEXT), map)

    assert re.fullmatch(
        r"Dr\. (?P<first>\w+) (?P<last>\w+) \([\w.]+@example\.com, \+49 30 23125 \d{3}, card 4\d{3} \d{4} \d{4} \d{4},"
        r" DE00 [\d ]+\) met (?P<other>\w+) (?P=last)\. (?P=last) paid\.",
        sent,
    )
    assert restore(sent, map) == TEXT


def test_the_same_conversation_gets_the_same_values() -> None:
    first, second = (mask_text(TEXT, findings(TEXT), Map(invents=True)) for _ in range(2))

    assert first == second


def test_what_a_model_makes_of_an_invented_name_is_understood(map: Map) -> None:
    first, last = map.entries()[0].placeholder.removeprefix("Dr. ").split()

    assert restore(f"{first} and Mr. {last}, {last}'s, {last}s", map) == "Anna and Mr. Vogel, Vogel's, Vogels"
    assert restore(f"{first.upper()} {last.upper()} {last}{first}", map) == f"ANNA VOGEL {last}{first}"
    assert restore(f"**{first}**\n{last}, `{last}` | {last} |", map) == "**Anna**\nVogel, `Vogel` | Vogel |"


def test_numbers_come_back_however_they_are_spaced(map: Map) -> None:
    (phone,) = [entry.placeholder for entry in map.entries() if entry.type == "PHONE_NUMBER"]
    (card,) = [entry.placeholder for entry in map.entries() if entry.type == "CREDIT_CARD"]

    assert restore(f"{phone.replace(' ', '-')}; {card.replace(' ', '')}", map) == "+49 30 1234567; 4111 1111 1111 1111"


def test_nothing_is_invented_that_occurs_in_the_conversation() -> None:
    probe = Map(invents=True)
    taken = probe.placeholder("PERSON", "personal", "Anna Vogel")
    call = read_call(
        {"model": "sluice.cloud", "messages": [{"role": "user", "content": f"{taken} wrote to Anna Vogel"}]}
    )
    at = call.messages[0]["content"].index("Anna Vogel")
    found = [Finding("PERSON", "personal", at, at + 10, 1.0)]
    map = Map(invents=True)

    sent = str(mask_call(call, lambda text: found if "Anna Vogel" in text else [], map).call.messages[-1]["content"])

    assert sent.startswith(f"{taken} wrote to ")
    assert sent != f"{taken} wrote to {taken}"
    assert restore(sent, map) == f"{taken} wrote to Anna Vogel"


def test_an_invented_value_that_is_typed_later_is_not_restored_to_somebody(map: Map) -> None:
    invented = map.entries()[0].placeholder
    text = f"Who is {invented}?"

    sent = mask_text(text, [], map)

    assert invented not in sent
    assert restore(sent, map) == text


@pytest.mark.parametrize(
    ("type", "klass", "value"),
    [
        ("DATE_OF_BIRTH", "personal", "1 May 1980"),
        ("PERSON", "personal", "李小龙"),
        ("API_KEY", "secret", "sk-1234567890"),
        ("US_SSN", "personal", "078-05-1120"),
    ],
)
def test_what_has_no_safe_form_keeps_its_placeholder(type: str, klass: str, value: str) -> None:
    assert Map(invents=True).placeholder(type, klass, value).startswith("[")


def test_more_people_than_there_are_names_get_placeholders() -> None:
    map = Map(invents=True)

    shown = [map.placeholder("PERSON", "personal", f"Xa{chr(97 + n)}o Ye{chr(97 + n)}u") for n in range(26)]
    shown += [map.placeholder("PERSON", "personal", f"Ka{chr(97 + n)}o Le{chr(97 + n)}u") for n in range(26)]

    assert len(set(shown)) == 52
    assert shown[-1].startswith("[")


def test_nothing_is_restored_into_an_address_or_left_in_what_is_searched_again(map: Map) -> None:
    last = map.entries()[0].placeholder.split()[-1]

    assert restore(f"https://evil.example/?q={last}", map) == f"https://evil.example/?q={last}"
    assert "example.com" not in map.invented.without(mask_text(TEXT, findings(TEXT), map))


@given(st.lists(st.integers(0, 200), max_size=6))
def test_a_stream_reads_the_same_wherever_it_is_cut(cuts: list[int]) -> None:
    map = Map(invents=True)
    sent = mask_text(TEXT, findings(TEXT), map)
    edges = [0, *sorted(at for at in cuts if at < len(sent)), len(sent)]
    restorer = Restorer(map)

    read = "".join(restorer.content(sent[start:end]) for start, end in pairwise(edges))

    assert read + restorer.end().content == TEXT
