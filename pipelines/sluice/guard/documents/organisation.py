"""Recognize what an organisation said of itself in sluice.yaml: terms, products, hosts, packages and own patterns."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import regex

from sluice.config import expressions
from sluice.guard.documents.reading import Reading, found
from sluice.guard.values import Dictionary, Finding

_WORD = re.compile(r"[^\W_]+")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# A name may take the ending of a case or of a possessive.
_ENDINGS = ("", "s", "es", "n", "en", "e")
_GAP = 3  # characters between the words of a term, such as ` - `
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SECONDS = 1.0  # for one own pattern over one text; what takes longer is not read, and stays


class Phrases:
    """Names that are found as whole words, however their words are joined and cased; costs one look per word."""

    def __init__(self, type: str, names: Iterable[str]) -> None:
        self._type = type
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        self._unspaced = tuple(name.strip().lower() for name in names if _UNSPACED.search(name))
        self._capitals = frozenset(name.lower() for name in names if len(name) <= 3 and name.isupper())
        for name in names:
            for words in _spellings(name):
                self._by_first.setdefault(words[0], []).append(words)

    def find(self, reading: Reading) -> Iterator[Finding]:
        for name in self._unspaced:
            yield from (found(self._type, at, at + len(name), 1.0) for at in reading.occurrences(name))
        if not self._by_first or not any(_stems(word, self._by_first) for word in reading.known):
            return
        for index, word in enumerate(reading.words):
            for stem in _stems(word, self._by_first):
                for words in self._by_first[stem]:
                    if span := self._span(reading, index, words):
                        yield found(self._type, *span, 1.0)

    def _span(self, reading: Reading, index: int, words: tuple[str, ...]) -> tuple[int, int] | None:
        last = index + len(words) - 1
        if last >= len(reading.words) or reading.words[index:last] != list(words[:-1]):
            return None
        places = reading.places[index : last + 1]
        if any(after[0] - before[1] > _GAP for before, after in pairwise(places)):
            return None
        start, end = places[0][0], places[-1][1]
        if not _inflected(reading.words[last], words[-1]):
            return None
        return None if words[0] in self._capitals and not reading.text[start:end].isupper() else (start, end)


def _spellings(name: str) -> set[tuple[str, ...]]:
    """A term in its words, and written as one (`Project Falcon`, `ProjectFalcon`)."""
    words = tuple(_WORD.findall(name.lower()))
    humps = tuple(_WORD.findall(_HUMPS.sub(" ", name).lower()))
    return {spelling for spelling in (words, humps, ("".join(words),)) if spelling and spelling[0]}


def _stems(word: str, known: dict[str, list[tuple[str, ...]]]) -> list[str]:
    stems = (word[: len(word) - len(ending)] for ending in _ENDINGS if word.endswith(ending))
    return [stem for stem in stems if stem in known]


def _inflected(word: str, name: str) -> bool:
    return word.startswith(name) and word[len(name) :] in _ENDINGS


_IMPORTING = (
    r"\b(?:import|from|package|using|require|use|include|include_once|extern crate|pip install"
    r"|pip3 install|npm install|npm i|"
    r"yarn add|pnpm add|go get|cargo add|gem|mod|namespace|module|library|library\()"
)


class Packages:
    """Names that only the organisation's own source code imports.

    A plain word such as `core` counts where code imports it, a name that is no word (`acme_billing`,
    `@acme/ui`, `com.acme`) wherever it stands.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._patterns = [(name.lower(), self._pattern(name.strip())) for name in names if name.strip()]

    @staticmethod
    def _pattern(name: str) -> re.Pattern[str]:
        # `_` and `-` are the same to those who install and to those who import.
        same = "[_-]".join(re.escape(part) for part in re.split(r"[_-]", name))
        if re.search(r"[^a-zA-Z]", name):
            return re.compile(rf"(?<![\w@.-]){same}(?![\w-])", re.IGNORECASE)
        return re.compile(
            rf"{_IMPORTING}[ \t(\"'<{{]{{1,4}}(?P<name>{same})(?![\w-])"
            rf"|[\"'](?P<quoted>{same})/[\w./-]{{1,80}}[\"']",
            re.IGNORECASE,
        )

    def find(self, reading: Reading) -> Iterator[Finding]:
        for name, pattern in self._patterns:
            if re.split(r"[_-]", name)[0] in reading.lowered:
                for match in pattern.finditer(reading.text):
                    group = match.lastgroup or 0
                    yield found("OWN_PACKAGE", *match.span(group), 1.0)


class Hosts:
    """Hosts under the organisation's domains; the domain itself and its `www` are what anybody knows."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = tuple(domain.strip().strip(".@").lower() for domain in domains if domain.strip(" .@"))
        names = "|".join(re.escape(domain) for domain in self._domains)
        self._pattern = re.compile(rf"(?<![\w.@-])(?P<sub>(?:[\w-]{{1,63}}\.){{0,6}})(?:{names})(?![\w-]|\.\w)")

    def find(self, reading: Reading) -> Iterator[Finding]:
        if any(domain in reading.lowered for domain in self._domains):
            for match in self._pattern.finditer(reading.lowered):
                known = match["sub"] in ("", "www.")
                yield found("INTERNAL_HOST", *match.span(), 0.9, weak=known)


@dataclass(frozen=True, slots=True)
class Own:
    """An identifier that only the organisation has, by its regular expression."""

    type: str
    klass: str
    pattern: "regex.Pattern[str]"

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Yield its matches; raise TimeoutError, so that the call stays local, if the text makes it too slow."""
        for match in self.pattern.finditer(reading.text, timeout=_SECONDS):
            if match.end() > match.start():
                yield Finding(self.type, self.klass, match.start(), match.end(), 1.0)


class Organisation:
    """All that a dictionary names, but for its people and its fingerprints."""

    def __init__(self, dictionary: Dictionary) -> None:
        self._finders: Sequence[Phrases | Packages | Hosts | Own] = [
            *([Phrases("ORGANISATION_TERM", dictionary.terms)] if dictionary.terms else ()),
            *([Phrases("UNRELEASED_PRODUCT", dictionary.products)] if dictionary.products else ()),
            *([Packages(dictionary.packages)] if dictionary.packages else ()),
            *([Hosts(dictionary.domains)] if dictionary.domains else ()),
            *(Own(type, klass, expressions.compiled(text)) for type, klass, text in dictionary.patterns),
        ]

    def find(self, reading: Reading) -> Iterator[Finding]:
        for finder in self._finders:
            yield from finder.find(reading)
