"""The words that introduce, follow or rule out a name, as the files in `data` list them."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

_DATA = Path(__file__).parent / "data"


def table(name: str) -> Mapping[str, Any]:
    """Return one of the tables of words: "vocabulary", "cues", "matters" or "scripts"."""
    return MappingProxyType(tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8")))


_LISTS = table("vocabulary")


def words_in(text: str) -> frozenset[str]:
    """Return the words between the spaces of a text."""
    return frozenset(text.split())


def _words(name: str) -> frozenset[str]:
    return words_in(_LISTS[name])


HONORIFICS = _words("honorifics")
SHORT_HONORIFICS = _words("short_honorifics")
PARTICLES = _words("particles")
LEGAL_FORMS = _words("legal_forms")
SHORT_LEGAL_FORMS = frozenset(["AG", "SA", "SE", "SL", "AB", "AS", "LP", "SpA"])  # as written: `As` is a word
ORGANISATION_HEADS = _words("organisation_heads")
FUNCTION_WORDS = _words("function_words")
WELL_KNOWN = _words("well_known")
MONTHS = _words("months")
WHEN = _words("when")
GREETED = _words("greeted")
NEVER_NAMES = _words("never_names")
CONJUNCTIONS = _words("conjunctions")
WORD_NAMES = _words("word_names")
LEADING = _words("leading")
KIN = _words("kin")
SELVES = _words("selves")
DETERMINERS = _words("determiners")
RATHER_VERBS = _words("rather_verbs")
NO_PERSON_BEFORE = _words("no_person_before")
RELATIVES = frozenset(
    word.strip()
    for table_name in ("relatives", "people")
    for line in table("cues")[table_name].values()
    for word in line.split(",")
)
POSSESSIVES = ("'s", "’s")
DEEDS = _words("deeds")
TELLING = _words("telling")
BESIDE = TELLING | _words("beside")
PERSONAL = DEEDS | _words("states")
LEARNED_ENDINGS = tuple(sorted(_words("learned_endings")))
COMMON_ENDINGS = tuple(sorted(_words("common_endings") | _words("learned_endings")))
GERMAN_SURNAME_ENDINGS = tuple(sorted(_words("german_surname_endings")))
NAME_ENDINGS = tuple(sorted(_words("name_endings"), key=len))
WELL_KNOWN_PEOPLE = frozenset((_DATA / "known_people.txt").read_text(encoding="utf-8").splitlines())


ARTICLES: Mapping[str, frozenset[str]] = MappingProxyType(
    {language: frozenset(words.split()) for language, words in _LISTS["articles"].items()}
)


ALL_ARTICLES = frozenset().union(*ARTICLES.values()) | {"o", "a", "os", "as"}


def _languages() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for language, words in _LISTS["commonest"].items():
        for word in words.split():
            found[word] = (*found.get(word, ()), language)
    return MappingProxyType(found)


LANGUAGE_OF = _languages()
