"""In a text about real people what may be a name is one: everyday words, small letters, words of no list."""

from __future__ import annotations

import pytest
from sluice.guard.naming import Names
from sluice.guard.naming.slips import is_slip
from sluice.guard.values import Finding

from tests.growth import grows_linearly

# What stands in brackets is a name in a text that holds an identifier of somebody. All invented.
NAMES = [
    "The deposit is back. [[Ivy]] from our office will ring you.",
    "- [[Precious]] unhappy about the rota\n- [[Joy]]'s probation ends in May",
    "For the trip we miss forms from [[Summer]], Oakley and Ayaan.",
    "He discussed it with her daughter [[Coral]] by phone.",
    "She is out again. [[Mercy]] has two little ones.",
    "[[Storm]] en ik verhuizen in mei.",
    "Parcel 3 - [[Teasdale]] - leave in porch",
    "Ask the driver about [[Sky]] tomorrow.",
    "Die Sekretärin ist mit [[Rose]] im Haus.",
    "Le bailleur est parti avec [[Prune]] hier.",
    "driver says he left it w/ [[pat]] next door",
    "my sister [[jade]] lent him money",
    "assinado [[jurema]] ontem",
    "PLEASE CALL THE OFFICE AND ASK FOR [[TAMSIN]] TODAY",
    "ze [[maciek]] nie przyjdzie do szkoly",
    "PCP Dr. [[Winter]] has seen her.",
    "a male I know as [[Spider]] got out",
    "Next of kin: [[Winsome]] (mother)",
    "Surname [[Fairweather]]   Forename(s) [[Sorrel]] May",
    "Could you ring the [[Hargreaves]] family?",
    "tel [[reed nakamura]] tomorrow",
    "meu inquilino [[tainan]] saiu",
    "- [[heath]] - ring",
    "Table 2: the [[Baileys]] and Lily",
    "[[poppy]] goes down at seven",
    "[[pearl]] and mo are organising drinks",
    "please forward it to [[verity]] of this office",
    "did he send it? [[steph]] in accounts is asking",
    "Nom de jeune fille : [[Castaing]]",
    "Ginny called [[Pops]], he is fine",
    "back by noon - [[Caz]] & Ed",
    "Mein Sohn [[Till]] ist in Ausbildung.",
    "Bel me even terug. [[Saskia]]",
    "[[Pip]] to adjust the rota",
]
# Here the same kinds of words are none.
NO_NAMES = [
    "Hope you are well.",
    "Mark the date in the calendar.",
    "Bill for the heating is attached.",
    "the page is missing and the bill will come",
    "see you tommorow, you will recieve it then",
    "Die Chance ist klein, die Art der Heizung ist bekannt.",
    "pls snd it asap",
    "they want to rob the bank and chase the car",
    "Arrival on 3 May, departure in June.",
    "the bill is due, we may hope",
    "- Sunday: closed",
    '<source id="1" name="party.txt">It begins at six.</source>',
    '<input type="text" name="appointment">',
    "from: party.txt",
]


def _people(text: str, *, personal: bool) -> list[Finding]:
    return [found for found in Names().find(text, personal=personal) if found.type == "PERSON"]


@pytest.mark.parametrize("source", NAMES, ids=NAMES)
def test_what_may_be_a_name_is_one_in_a_text_about_real_people(source: str) -> None:
    start, end = source.index("[["), source.index("]]") - 2
    text = source.replace("[[", "").replace("]]", "")

    found = _people(text, personal=True)

    assert any(name.start <= start and end <= name.end for name in found)


@pytest.mark.parametrize("text", NO_NAMES, ids=NO_NAMES)
def test_an_everyday_word_stays_one_where_it_stands_as_such(text: str) -> None:
    assert _people(text, personal=True) == []


@pytest.mark.parametrize("source", NAMES[1:4], ids=NAMES[1:4])
def test_such_a_name_is_weak(source: str) -> None:
    start = source.index("[[")
    text = source.replace("[[", "").replace("]]", "")

    assert all(found.weak for found in _people(text, personal=True) if found.start == start)


def test_without_an_identifier_an_everyday_word_at_the_beginning_of_a_sentence_is_none() -> None:
    assert _people("Coral is a living animal. Mercy has limits.", personal=False) == []


def test_a_person_who_is_tied_makes_a_text_one_about_real_people() -> None:
    found = _people("Dear Ms. Okonkwo,\nthe rota is done. Joy swaps with you.", personal=False)

    assert [name.weak for name in found] == [False, True]


@pytest.mark.parametrize(
    ("word", "slip"),
    [("tommorow", True), ("recieve", True), ("adress", True), ("pls", True), ("jurema", False), ("quiroga", False)],
)
def test_a_slip_of_the_pen_is_one_stroke_off_a_word(word: str, slip: bool) -> None:
    assert is_slip(word, "en") is slip


def test_a_second_look_takes_linear_time() -> None:
    names = Names()
    line = "Ivy rang, Mercy has two, teh jurema x Wolke and I met Qwertzu. "

    assert grows_linearly(lambda text: list(names.find(text, personal=True)), line, 3_000)
