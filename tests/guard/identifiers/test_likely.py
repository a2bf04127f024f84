"""What is looked for a second time, where a text is about real people: houses, bare numbers, old dates, logins."""

from __future__ import annotations

import pytest
from sluice.guard.detect import TextDetector
from sluice.guard.identifiers import Identifiers

from tests.growth import grows_linearly
from tests.guard.identifiers.marks import marked

# All invented. What stands in brackets must be touched by a finding of that type.
LIKELY = [
    ("STREET_ADDRESS", "the injured lives at [[Nook Cottage, Wellow]]"),
    ("STREET_ADDRESS", "hedge at [[Glebe House]] to be cut"),
    ("STREET_ADDRESS", "he works behind [[The Bricklayers, Dock Street]]."),
    ("STREET_ADDRESS", "Emeka Lowe of [[48 Fen End]] (the Hirer)"),
    ("STREET_ADDRESS", "lives alone [[12 Tanner Brow]]"),
    ("STREET_ADDRESS", "Feedback on [[Apartment 31, Cotton Exchange]]."),
    ("STREET_ADDRESS", "can he come to [[flat 6]] tomorrow?"),
    ("STREET_ADDRESS", "ti aspetta in [[Cascina Bruciata, Strada per Treville]]"),
    ("STREET_ADDRESS", "Annegret · [[Hinter den Höfen 11]] · 29439"),
    ("STREET_ADDRESS", "Ny adresse | [[Kvarnbacken 4]]"),
    ("STREET_ADDRESS", "2) [[14-16 canal wharf]] - sign"),
    ("STREET_ADDRESS", "she lives w him [[2217 sycamore hollow, apt b]]"),
    ("CUSTOMER_NUMBER", "the guest of [[HTL77-2043]] has left"),
    ("CUSTOMER_NUMBER", "see [[IR/24/0339]] please"),
    ("CUSTOMER_NUMBER", "that one was 443 then [[44/10982/24]]"),
    ("CUSTOMER_NUMBER", "about [[JD0002 2314 8870]] and so on"),
    ("DATE_OF_BIRTH", "Drivers: E. Pascoe ([[19/02/1995]])"),
    ("DATE_OF_BIRTH", "the other is [[14.08.72]]"),
    ("USERNAME", 'the "watchers": ["[[nroe]]", "[[t.ishikawa]]"] get mail'),
    ("USERNAME", "the machine of [[jhenderson]] is slow"),
    ("USERNAME", "user = [[xkahlp]]; it fails"),
    ("USERNAME", "Accepted publickey for [[mkowalczuk]] from 198.51.100.7"),
    ("USERNAME", "whether he and [[s.amadi]] still have rights"),
    ("STREET_ADDRESS", "elle habite [[rue des lilas]]"),
    ("STREET_ADDRESS", "o vizinho do [[apto 31]] reclamou"),
    ("STREET_ADDRESS", "mi vecino del [[3º B]] hace ruido"),
    ("STREET_ADDRESS", "Pete, neighbour, [[no. 12]]"),
    ("USERNAME", "my handle there is [[tinfoil_ted]]."),
    ("STREET_ADDRESS", "<home>[[22 The Weir]]</home>"),
    ("STREET_ADDRESS", "FLOWERS TO HER AT [[ROSE COTTAGE, BACK STREET]] AND MORE"),
    ("CUSTOMER_NUMBER", "her account (id [[99120]]) fails"),
    ("CUSTOMER_NUMBER", "student card [[20391847]] was left"),
    ("CUSTOMER_NUMBER", "he disputes [[pp-771-0093]] of monday"),
    ("HANDLE", "[[@kite_mum]] have you tried the clinic"),
    ("VEHICLE_NUMBER", "the plate is [[b-xy 4471]]"),
]
# Beside an identifier these are still nothing.
NOTHING = [
    "It costs 12.500 EUR or $14500 and takes 45000 steps.",
    "In 2019-2023 we met at 10.30-11.45 in room 204.",
    "Bring 3 Boxes. Version 12 Beta came in 12 May.",
    "the meeting is on 12.03.2024",
    "@app.get('/x')",
    "someone borrowed the tractor yesterday",
    "Zimmer 214 und Klasse 3 haben um 15 Uhr frei.",
]


@pytest.mark.parametrize(("kind", "source"), LIKELY, ids=[source for _, source in LIKELY])
def test_what_may_be_somebody_s_is_taken_for_it(kind: str, source: str) -> None:
    text, spans = marked(source)

    found = [finding for finding in Identifiers().likely(text) if finding.type == kind]

    assert all(any(one.start < end and start < one.end for one in found) for start, end in spans)


@pytest.mark.parametrize("text", NOTHING, ids=NOTHING)
def test_measures_times_and_things_are_left_alone(text: str) -> None:
    assert list(Identifiers().likely(text)) == []


def test_a_riddle_keeps_its_numbers() -> None:
    text = "Anna Bell has 443-2210-77 beads, born 12.03.1980."

    assert {finding.type for finding in Identifiers().likely(text, numbered=False)} <= {"STREET_ADDRESS", "USERNAME"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("It is oh seven seven double oh, nine hundred, four one two.", "oh seven seven", id="English"),
        pytest.param("Also null eins sieben sechs, drei drei vier.", "null eins sieben", id="German"),
        pytest.param("The plate is Y D two one K L M.", "Y D two", id="a plate letter by letter"),
        pytest.param("Spelled L A M P R E C H T.", "L A M P", id="a name letter by letter"),
        pytest.param("Born the third of June nineteen eighty-eight.", "June nineteen", id="a date in words"),
        pytest.param("Geboren am dritten Mai vierundsiebzig.", "Mai vierund", id="a date in German words"),
        pytest.param("C.C. 1.032.456.789, see above.", "1.032.456.789", id="a number in groups, longer than any price"),
        pytest.param("Portfolio: gh/dkwonly, see there.", "dkwonly", id="a profile that is abbreviated"),
    ],
)
def test_numbers_in_words_and_profiles_are_found_where_a_text_is_about_somebody(text: str, value: str) -> None:
    found = TextDetector().find(f"Write to ines.calder@example.org. {text}", names=True)

    start = text.index(value) + len("Write to ines.calder@example.org. ")
    assert any(one.start <= start < one.end and one.klass == "personal" for one in found)


def test_an_address_beside_one_bare_name_is_found() -> None:
    text = "Write a reminder for Marjorie from no. 22 about the bins."

    found = TextDetector().find(text, names=True)

    assert any(one.type == "STREET_ADDRESS" and "22" in text[one.start : one.end] for one in found)


def test_a_login_is_found_wherever_it_stands_again() -> None:
    text = "mail=efontaine@uni.example name efontaine, and EFONTAINE once more"

    found = [text[one.start : one.end] for one in TextDetector().find(text, names=True) if one.type == "USERNAME"]

    assert found == ["efontaine", "EFONTAINE"]


def test_such_findings_are_weak() -> None:
    sources = [marked(source)[0] for kind, source in LIKELY if kind in ("CUSTOMER_NUMBER", "DATE_OF_BIRTH", "USERNAME")]

    assert all(finding.weak for text in sources for finding in Identifiers().likely(text))


def test_the_second_look_needs_an_identifier_or_a_person_of_a_real_matter() -> None:
    about_nobody = "See HTL77-2043 for the riddle of the ducks."
    about_somebody = "My name is Ola Winterbourne. See HTL77-2043 for it."
    detector = TextDetector()

    found = [{finding.type for finding in detector.find(text, names=True)} for text in (about_nobody, about_somebody)]

    assert "CUSTOMER_NUMBER" not in found[0]
    assert "CUSTOMER_NUMBER" in found[1]


@pytest.mark.parametrize(
    "part",
    [
        "at 12 Ab Cd, The Old Ab Cd House, ",
        "A1B2-C3D4/E5F6 19.02.1995 jhenderson @kite ",
        '"watchers": ["a", ',
        "a · Ab den Cd 11 · user = ",
    ],
)
def test_the_second_look_takes_linear_time(part: str) -> None:
    assert grows_linearly(lambda text: list(Identifiers().likely(text)), part, 4_000)
