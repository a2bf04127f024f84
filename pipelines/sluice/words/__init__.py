"""Say in a person's language what is decided: sentences in English that remember what they were made of.

Each language has a module that maps English templates to its own; what is not in it stays English.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sluice.words.de import WORDS as DE
from sluice.words.es import WORDS as ES
from sluice.words.fr import WORDS as FR
from sluice.words.zh import WORDS as ZH

LANGUAGES: Mapping[str, Mapping[str, str]] = {"de": DE, "es": ES, "fr": FR, "zh": ZH}


class Words(str):
    """A text in English, with its template and values, so that it can be said in another language later."""

    template: str
    values: Mapping[str, str]

    def __new__(cls, text: str, template: str = "", values: Mapping[str, str] | None = None) -> "Words":
        made = super().__new__(cls, text)
        made.template = template or text
        made.values = values or {}
        return made


def words(template: str, **values: Any) -> Words:
    """Return the filled template; values that are words or fixed phrases are translated with it."""
    filled = {name: value if isinstance(value, str) else str(value) for name, value in values.items()}
    return Words(template.format_map(filled), template, filled)


def listed(parts: Iterable[str]) -> Words:
    """Return texts with commas between them, each of which is translated for itself."""
    values = {f"part_{number}": part for number, part in enumerate(parts)}
    return words(", ".join(f"{{{name}}}" for name in values), **values)


def said(text: str, language: str) -> str:
    """Return the text in this language (two letters), as far as there are words for it; else in English."""
    known = LANGUAGES.get(language)
    return text if known is None or not text else _said(text, known)


def _said(text: str, known: Mapping[str, str]) -> str:
    if not isinstance(text, Words):
        return known.get(text, str(text))
    values = {name: _said(value, known) for name, value in text.values.items()}
    return known.get(text.template, text.template).format_map(values)
