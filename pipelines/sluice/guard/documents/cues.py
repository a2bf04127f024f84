"""Count which cues of a text speak of a kind of document; data/cues.txt is the list."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from sluice.guard.documents.reading import Reading

Groups = tuple[str, ...]

_KEY = 4
_LONG = 7  # letters; shorter words end in anything (April is no medicine)


class Cues:
    """The cues by their words, for a look or two per word."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.groups: list[str] = []
        self._single: dict[str, Groups] = {}
        self._phrases: dict[str, dict[str, list[tuple[tuple[str, ...], Groups]]]] = {}
        # By their first or last letters.
        self._stems: dict[str, list[tuple[str, Groups]]] = {}
        self._endings: dict[str, list[tuple[str, Groups]]] = {}
        for cue, group in self._entries(lines):
            self._add(cue, tuple(Reading(cue).words), group)

    def _entries(self, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
        for line in lines:
            if line.startswith("["):
                self.groups.append(line.strip().strip("[]"))
            elif line.strip() and not line.startswith("#"):
                for cue in map(str.strip, line.split(",")):
                    yield from ((spelling, self.groups[-1]) for spelling in {cue, _plain(cue)} if spelling)

    def _add(self, cue: str, words: tuple[str, ...], group: str) -> None:
        if cue.startswith("*"):
            self._endings.setdefault(words[0][-_KEY:], []).append((words[0], (group,)))
        elif cue.endswith("*"):
            self._stems.setdefault(words[0][:_KEY], []).append((words[0], (group,)))
        elif len(words) == 1:
            self._single[words[0]] = tuple(dict.fromkeys((*self._single.get(words[0], ()), group)))
        elif words:
            self._phrases.setdefault(words[0], {}).setdefault(words[1], []).append((words[2:], (group,)))

    def of(self, words: Sequence[str]) -> dict[str, dict[str, int]]:
        """Return for each group its different cues and how often each stands there."""
        found: dict[str, dict[str, int]] = {}
        for index in self._telling(words):
            word = words[index]
            groups = self._single.get(word) or (self._formed(word) if len(word) >= _LONG else ())
            if groups:
                _count(found, groups, word)
            phrases = self._phrases.get(word)
            if phrases:
                for cue, of_phrase in self._begun(phrases, words, index):
                    _count(found, of_phrase, cue)
        return found

    def _telling(self, words: Sequence[str]) -> list[int]:
        """Return which words may be a cue or begin one: of most a look or two tells that they do not."""
        single, phrases, stems, endings = self._single, self._phrases, self._stems, self._endings
        return [
            index
            for index, word in enumerate(words)
            if word in single
            or word in phrases
            or (len(word) >= _LONG and (word[:_KEY] in stems or word[-_KEY:] in endings))
        ]

    def _formed(self, word: str) -> Groups:
        """The groups of a word by how it begins or ends, as medicines and illnesses do in many languages."""
        for stem, groups in self._stems.get(word[:_KEY], ()):
            if word.startswith(stem):
                return groups
        for ending, groups in self._endings.get(word[-_KEY:], ()):
            if word.endswith(ending):
                return groups
        return ()

    @staticmethod
    def _begun(
        phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Groups]]], words: Sequence[str], index: int
    ) -> Iterator[tuple[str, Groups]]:
        if index + 1 < len(words):
            for rest, groups in phrases.get(words[index + 1], ()):
                if tuple(words[index + 2 : index + 2 + len(rest)]) == rest:
                    yield " ".join((words[index], words[index + 1], *rest)), groups


def _count(found: dict[str, dict[str, int]], groups: Groups, cue: str) -> None:
    for group in groups:
        counts = found.setdefault(group, {})
        counts[cue] = counts.get(cue, 0) + 1


def _plain(word: str) -> str:
    """Return a word without its accents, as many people type it."""
    return "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))


@cache
def cues() -> Cues:
    """Return the cues that come with the package."""
    return Cues(files("sluice.guard.documents").joinpath("data/cues.txt").read_text(encoding="utf-8").splitlines())


Counted = Mapping[str, Mapping[str, int]]
