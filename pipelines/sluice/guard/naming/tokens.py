"""Cut a text into words, each with what it can be, and say how two neighbours are joined."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.lexicon import lexicon

# An apostrophe joins `O'Brien` and `N'Guessan`; `d'Alain`, `L'équipe` and `Anna's` are two words.
_JOINT = r"(?:[-\u2010\u2011]|(?<=\b[ODNMK])['’](?=[^\W\d_a-z]))"
_WORD = re.compile(rf"([^\W\d_]+(?:{_JOINT}[^\W\d_]+)*)")
# Accents and vowels that are characters of their own.
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u0e31-\u0e4e"
_COMBINING = re.compile(f"[{_MARKS}]")
_MARKED = re.compile(rf"((?:[^\W\d_][{_MARKS}]*)+(?:{_JOINT}(?:[^\W\d_][{_MARKS}]*)+)*)")


class _Listed(dict[str, Kind]):
    """The kinds of words that the lexicon has, kept from one text to the next."""

    def keep(self, word: str, kind: Kind) -> None:
        if len(self) >= _MOST_KEPT:
            self.clear()
        self[word] = kind


class _Others(dict[str, Kind]):
    """The kinds of the other words of one text; forgotten with it."""

    def __missing__(self, word: str) -> Kind:
        kind = Kind(word)
        if kind.lower in lexicon():
            _LISTED.keep(word, kind)
        else:
            self[word] = kind
        return kind


_MOST_KEPT = 20_000
_LISTED = _Listed()


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text in order: where each begins and ends, and its kind.

    `lines` has the first word of each line and the one after its last; lines without words are left out.
    """

    text: str
    starts: list[int]
    ends: list[int]
    kinds: list[Kind]
    lines: Sequence[tuple[int, int]]

    def gap(self, index: int) -> str:
        """Return what stands between a word and the next one, a few characters at most."""
        return self.text[self.ends[index] : min(self.starts[index + 1], self.ends[index] + 4)]

    def before(self, index: int) -> str:
        """Return what stands between the previous word and this one, the last few characters at most."""
        since = self.ends[index - 1] if index else 0
        return self.text[max(since, self.starts[index] - 6) : self.starts[index]]

    def opens_sentence(self, index: int) -> bool:
        """Say whether a word needs a capital where it stands, whatever it is."""
        before = self.before(index)
        return index == 0 or (not before.isspace() and bool(_OPENING.search(before))) or "\n" in before


_OPENING = re.compile(r"[.!?:;•*#>|\"“”„«»'‘’(\[\-–—)\]\d\t\r]")


def words_of(text: str) -> Words:
    """Return the words of a text."""
    pattern = _MARKED if not text.isascii() and _COMBINING.search(text) else _WORD
    listed, others = _LISTED.get, _Others()
    parts = pattern.split(text)  # what stands between the words, and in every second place a word
    places = list(accumulate(map(len, parts)))
    starts = places[:-1:2]
    kinds = [listed(word) or others[word] for word in parts[1::2]]
    return Words(text, starts, places[1::2], kinds, list(_lines(text, starts)))


def _lines(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int]]:
    begun, position = 0, text.find("\n")
    while position >= 0:
        ended = bisect_left(starts, position, begun)
        if ended > begun:
            yield begun, ended
        begun, position = ended, text.find("\n", position + 1)
    if begun < len(starts):
        yield begun, len(starts)
