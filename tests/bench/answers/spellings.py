"""A stand-in for a model that returns placeholders as models do: re-cased, translated, inflected, without a bracket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from sluice.masking import Entry, Map, Restorer

_PARTS = re.compile(r"\[([A-Z]+)_(\d+)([a-z]?)\]")
_STRAY = re.compile(r"\b[A-Z]{2,12}[_ ]\d{1,6}\b|[\[【<{]\w+[_ ]\d+")

# Each makes of a word and a number, such as PERSON and 1b, what a model might write, and says what follows the value.
_SPELLINGS: Mapping[str, Callable[[str, str], str]] = {
    "exact": lambda word, number: f"[{word}_{number}]",
    "lower case": lambda word, number: f"[{word.lower()}_{number}]",
    "title case": lambda word, number: f"[{word.title()}_{number}]",
    "capital letter behind": lambda word, number: f"[{word}_{number.upper()}]",
    "space for line": lambda word, number: f"[{word} {number}]",
    "hyphen for line": lambda word, number: f"[{word}-{number}]",
    "nothing for line": lambda word, number: f"[{word}{number}]",
    "spaces inside": lambda word, number: f"[ {word}_{number} ]",
    "escaped line": lambda word, number: rf"[{word}\_{number}]",
    "all escaped": lambda word, number: rf"\[{word}\_{number}\]",
    "no closing bracket": lambda word, number: f"[{word}_{number}",
    "no opening bracket": lambda word, number: f"{word}_{number}]",
    "no brackets": lambda word, number: f"{word}_{number}",
    "no brackets, title case": lambda word, number: f"{word.title()}_{number}",
    "other brackets": lambda word, number: f"【{word}_{number}】",
    "angle brackets": lambda word, number: f"<{word}_{number}>",
    "braces": lambda word, number: f"{{{word}_{number}}}",
    "bold inside": lambda word, number: f"[**{word}_{number}**]",
    "plural word": lambda word, number: f"[{word}S_{number}]",
}
_TRANSLATED_WORDS = ("PERSON", "EMAIL", "PHONE", "ADDRESS", "COMPANY")
_TRANSLATIONS: Mapping[str, Mapping[str, str]] = {
    language: dict(zip(_TRANSLATED_WORDS, words.split(), strict=True))
    for language, words in {
        "German": "Person E-Mail Telefon Adresse Firma",
        "French": "Personne Courriel Téléphone Adresse Société",
        "Spanish": "Persona Correo Teléfono Dirección Empresa",
        "Italian": "Persona Email Telefono Indirizzo Azienda",
        "Dutch": "Persoon E-mail Telefoon Adres Bedrijf",
        "Polish": "Osoba E-mail Telefon Adres Firma",
        "Russian": "Персона Почта Телефон Адрес Компания",
        "Chinese": "人物 邮箱 电话 地址 公司",
    }.items()
}
_ENDINGS = ("'s", "’s", "s", "")  # behind the brackets; and within them below


@dataclass(frozen=True, slots=True)
class Case:
    """An answer of the stand-in, and how the person should read it; `tool` where it is the arguments of one."""

    spelling: str
    place: str
    said: str
    read: str
    tool: bool = False


_Place = Callable[[str, str], tuple[str, str]]  # of what is said and the value, to a text and how it should read


def _fenced(language: str, form: str, written: Callable[[str], str]) -> _Place:
    return lambda said, value: (
        f"Here:\n```{language}\n{form.format(said)}\n```\nSo {said}.",
        f"Here:\n```{language}\n{form.format(written(value))}\n```\nSo {value}.",
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _quoted(value: str) -> str:
    return _json(value)[1:-1]


def _in_row(value: str) -> str:
    return value.replace("\n", "<br>").replace("|", r"\|")


_PLACES: Mapping[str, _Place] = {
    "prose": lambda said, value: (f"I wrote to {said}, as you wished.", f"I wrote to {value}, as you wished."),
    "start and end": lambda said, value: (said, value),
    "bold": lambda said, value: (f"It is **{said}** then", f"It is **{value}** then"),
    "inline code": lambda said, value: (f"Use `{said}` here", f"Use `{value}` here"),
    "list": lambda said, value: (f"1. first\n2. {said}\n", f"1. first\n2. {value}\n"),
    "quote": lambda said, value: (f'"Ask {said}", she said', f'"Ask {value}", she said'),
    "table": lambda said, value: (f"|a|n|\n|-|-|\n| {said} | 1 |\n", f"|a|n|\n|-|-|\n| {_in_row(value)} | 1 |\n"),
    "beside a citation": lambda said, value: (f"See {said} [1], [2].", f"See {value} [1], [2]."),
    "python": _fenced("python", 'who = "{}"', _quoted),
    "json in a fence": _fenced("json", '{{"who": "{}"}}', _quoted),
    "json": lambda said, value: (f'{{"who": "{said}", "n": [1]}}', f'{{"who": "{_quoted(value)}", "n": [1]}}'),
}  # fmt: skip
_ARGUMENTS: Mapping[str, _Place] = {
    "tool arguments": lambda said, value: (_json({"to": said, "n": 2}), _json({"to": value, "n": 2})),
    "json in tool arguments": lambda said, value: (
        _json({"body": _json({"to": said})}),
        _json({"body": _json({"to": value})}),
    ),
}


def cases(map: Map) -> Iterator[Case]:
    """Yield every spelling of everything in a map in every place."""
    for entry in map.entries():
        for spelling, said, read in _said(entry):
            for place, form in _PLACES.items():
                yield Case(spelling, place, *form(said, read))
            if "\\" not in said:  # which no model writes into JSON
                for place, form in _ARGUMENTS.items():
                    yield Case(spelling, place, *form(said, read), tool=True)


def _said(entry: Entry) -> Iterator[tuple[str, str, str]]:
    match = _PARTS.fullmatch(entry.placeholder)
    assert match is not None
    word, number = match[1], match[2] + match[3]
    for name, spell in _SPELLINGS.items():
        yield name, spell(word, number), entry.value
    for language, words in _TRANSLATIONS.items():
        if word not in words:
            continue
        yield f"in {language}", f"[{words[word]}_{number}]", entry.value
        yield f"in {language}, with a space", f"[{words[word]} {number}]", entry.value
    for ending in _ENDINGS:
        yield "inflected", f"[{word}_{number}]{ending}", entry.value + ending
    yield "inflected inside", f"[{word}_{number}'s]", f"{entry.value}'s"


def restored(case: Case, map: Map, cut: int) -> str:
    """Return what becomes of an answer that comes in two pieces."""
    restorer = Restorer(map)
    if case.tool:
        pieces = [restorer.arguments(0, piece, "write") for piece in (case.said[:cut], case.said[cut:])]
        return "".join(pieces) + restorer.end().arguments.get(0, "")
    pieces = [restorer.content(piece) for piece in (case.said[:cut], case.said[cut:])]
    return "".join(pieces) + restorer.end().content


def is_stray(read: str, map: Map) -> bool:
    """Whether anything is left that looks like a placeholder."""
    without = read
    for entry in map.entries():
        without = without.replace(entry.value, "")
    return bool(_STRAY.search(without.replace("[1]", "")))


def example() -> Map:
    """A person who is written in two ways, mail, a telephone number, and an address with quotes over two lines."""
    map = Map()
    for type, value in (
        ("PERSON", "Anna Vogel"),
        ("PERSON", "Vogel"),
        ("EMAIL_ADDRESS", "anna@vogel.example"),
        ("PHONE_NUMBER", "+49 30 23125 017"),
        ("STREET_ADDRESS", 'Hof "Am Ring" 4\n10115 Berlin'),
        ("ORGANIZATION", "Vogel & Söhne | Bau"),
    ):
        map.placeholder(type, "personal", value)
    return map
