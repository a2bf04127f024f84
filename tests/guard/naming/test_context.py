"""What stands around a word tells that it is somebody's name, and where that name begins and ends."""

from __future__ import annotations

import pytest
from sluice.guard.naming import Names

_MARKED = {
    "surname that is an everyday word, after an unusual first name": "Laisa <Primo> grew up in a village.",
    "surname that is an everyday word, beside another": "The paper by <Hall> and Turner does not cite it.",
    "everyday word after a verb of telling": "I told <Piers> about the bridge.",
    "everyday word after whether": "I wonder whether <Marigold> knew about it.",
    "everyday word with a possessive": "That was <Marigold>'s idea.",
    "everyday word after met": "Have you met <Constance> yet?",
    "first author of a paper": "<Howells> et al. measured the same effect.",
    "known surname that does what people do": "<Prasad> did not agree.",
    "two names with a slash": "Seat 12A <Takayuki>/<Anna>, seat 12B free",
    "German genitive": "<Smajlovic>s Vorschlag wurde abgelehnt.",
    "French surname after de": "Le rapport de <Villeneuve> n'est pas encore arrivé.",
    "English word in a French sentence": "J'ai vu <Lodge> sortir du bureau.",
    "German first name in an Italian sentence": "Ho visto <Franzi> alla stazione.",
    "particle with a capital": "Volgens Arieli heeft <Van Dael> de sleutel.",
    "particles in small letters": "My neighbour <van der Noordmark> made it three.",
    "unusual names in a Danish sentence": "<Nusret Atak> bor ved siden af os.",
    "rare surname in small letters": "email from fiona <killeen> says it is stuck",
    "surname before the first name": "<Nicholls>, Dervilla was seen in clinic today.",
    "third turn of a short chat": "Mason: are we still on?\nAnna: yes\n<Mason>: see you at eight",
    "first name that is grammar elsewhere": "The key is with <Mia> until Friday.",
}


@pytest.mark.parametrize("marked", _MARKED.values(), ids=_MARKED)
def test_a_word_is_a_name_where_only_a_person_stands(marked: str) -> None:
    text, letters = _read(marked)

    covered = {index for found in Names().find(text) for index in range(found.start, found.end)}

    assert letters <= covered


@pytest.mark.parametrize(
    "text",
    [
        "Plan a trip to Rome with Excel.",
        "The Hall was cold and the Stock was low.",
        "Open src/Main/Window.py and look at Users/Shared.",
        "Der Hund des Nachbarn bellt die ganze Nacht.",
        "Le Conseil de la Culture a voté une motion.",
    ],
    ids=["place and tool", "articles", "paths", "German article", "French institution"],
)
def test_an_article_a_path_or_an_institution_makes_no_person_of_a_word(text: str) -> None:
    assert list(Names().find(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Explain what Oliver Hart says about contract theory.",
        "Tell me about David Graeber's book Debt.",
        "¿Qué deuda externa tenía el país con Raúl Alfonsín?",
        "It was Purusa, born in the beginning.",
        "To Ferdinand, your king, he owes the crown.",
    ],
    ids=["economics", "book", "Spanish history", "born at no time", "verse that says to whom"],
)
def test_a_question_of_books_and_history_ties_nobody(text: str) -> None:
    assert all(found.weak for found in Names().find(text))


def _read(marked: str) -> tuple[str, set[int]]:
    """Return the text without its marks, and where the marked letters stand in it."""
    letters: set[int] = set()
    text, inside = "", False
    for character in marked:
        if character in "<>":
            inside = character == "<"
            continue
        if inside and character.isalpha():
            letters.add(len(text))
        text += character
    return text, letters
