"""Known values as a tree of their words, so that a look costs what stands there, however many are known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

EAST = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"  # scripts that put no space between words
WORD = re.compile(rf"[{EAST}]|[^\W_{EAST}]+")
ENDINGS = ("s", "es")  # of a name, which are left as they are: `[PERSON_1]s`
_DEEPEST = 8  # words of a value that the tree tells apart
# What an address or a program writes for a space runs into the word behind it: `anna%20vogel`, `anna\nvogel`.
_LED_BY = {"%": "20", "\\": "n"}


@dataclass(frozen=True, slots=True)
class Known:
    """What is looked for: a value, or a part of a name."""

    text: str
    type: str
    klass: str
    is_part: bool = False


@dataclass(slots=True)
class _Node:
    """What is known so far along its words, with when it came to be known, and where they go on."""

    known: list[tuple[int, Known]] = field(default_factory=list)
    following: dict[str, _Node] = field(default_factory=dict)


class Tree:
    """Values by their words, whatever their case."""

    def __init__(self) -> None:
        self._root = _Node()
        self._size = 0

    def __bool__(self) -> bool:
        return bool(self._root.following)

    def add(self, known: Known) -> None:
        node = self._root
        for word in islice(WORD.finditer(known.text), _DEEPEST):
            node = node.following.setdefault(word[0].casefold(), _Node())
        node.known.append((self._size, known))
        self._size += 1

    def beginning(self, text: str, word: re.Match[str]) -> list[Known]:
        """Return what may begin at this word of the text, the longest first; names with an ending come last.

        Only their words were compared, not what stands between them.
        """
        low = word[0].casefold()
        node = self._root.following.get(low)
        found = [known for _, known in sorted(self._along(text, word, node), key=_longest_first)] if node else []
        for stem in _stems(low):
            found += [known for _, known in sorted(self._names(self._root, stem), key=_longest_first)]
        return found

    def _along(self, text: str, word: re.Match[str], node: _Node) -> Iterator[tuple[int, Known]]:
        """Yield everything known along the words of the text, of which the node has the first."""
        reached = [node]
        while reached:
            yield from (one for node in reached for one in node.known)
            following = WORD.search(text, word.end()) if any(node.following for node in reached) else None
            if following is None:
                return
            word = following
            written = _readings(text, word)
            stems = [stem for low in written for stem in _stems(low)]
            yield from (one for node in reached for stem in stems for one in self._names(node, stem))
            reached = [node.following[low] for node in reached for low in written if low in node.following]

    @staticmethod
    def _names(node: _Node, stem: str) -> Iterator[tuple[int, Known]]:
        ended = node.following.get(stem)
        return (one for one in ended.known if one[1].type == "PERSON") if ended else iter(())


def _stems(low: str) -> Iterator[str]:
    return (low[: -len(ending)] for ending in ENDINGS if low.endswith(ending))


def _readings(text: str, word: re.Match[str]) -> list[str]:
    """Return a word that is not the first as it stands, and without what stands for a space before it."""
    low = word[0].casefold()
    lead = _LED_BY.get(text[word.start() - 1])
    return [low, low[len(lead) :]] if lead and low.startswith(lead) else [low]


def _longest_first(one: tuple[int, Known]) -> tuple[int, int]:
    place, known = one
    return -len(known.text), place
