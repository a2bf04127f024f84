"""Every phrase of the table of cues introduces a name, in every language."""

from __future__ import annotations

import pytest
from sluice.guard.naming.introduced import introduced
from sluice.guard.naming.tokens import words_of
from sluice.guard.naming.vocabulary import table

NAME = "Xiomara Thistlewood"
TIED = {
    "name_of": "{} " + NAME,
    "roles": "{} " + NAME,
    "greetings": "{} " + NAME + ",",
    "closings": "{},\n" + NAME + "\n",
    "fields": "{}: " + NAME,
}
UNTIED = {"people": "{} " + NAME, "beside": "{} " + NAME, "told": "{} " + NAME, "honorifics": "{} " + NAME}


def _phrases(forms: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (form, phrase.strip())
        for name, form in forms.items()
        for line in table("cues")[name].values()
        for phrase in line.split(",")
    ]


def _found(text: str) -> dict[str, bool]:
    words = words_of(text)
    found: dict[str, bool] = {}
    for name, tied in introduced(words):
        value = text[words.starts[name.first] : words.ends[name.last]]
        found[value] = found.get(value, False) or tied
    return found


@pytest.mark.parametrize(("form", "phrase"), _phrases(TIED))
def test_what_introduces_a_name_ties_it(form: str, phrase: str) -> None:
    assert _found(form.format(phrase)).get(NAME) is True


@pytest.mark.parametrize(("form", "phrase"), _phrases(UNTIED))
def test_what_stands_beside_a_name_finds_it(form: str, phrase: str) -> None:
    assert NAME in _found(form.format(phrase.capitalize()))


@pytest.mark.parametrize(
    ("owners", "relatives"),
    [
        (table("cues")["owners"][language], table("cues")["relatives"][language])
        for language in table("cues")["relatives"]
    ],
    ids=list(table("cues")["relatives"]),
)
def test_the_people_of_somebody_are_tied(owners: str, relatives: str) -> None:
    missed = [
        f"{owner.strip()} {relative.strip()}"
        for owner in owners.split(",")
        for relative in relatives.split(",")
        if _found(f"{owner.strip()} {relative.strip()} {NAME}").get(NAME) is not True
    ]

    assert missed == []
