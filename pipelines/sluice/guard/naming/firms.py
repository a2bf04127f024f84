"""Find the companies that are called after people: `Penrose & Sons`."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import words_in

_REACH = 4  # words before the last one
_KIN = words_in("son sons söhne fils hijos figli zonen co partners partner associates brothers daughters company")
_FIRM = re.compile(
    r"[^\W\d_a-z][^\W\d_]{1,30}(?:(?:, | & |-| )[^\W\d_a-z][^\W\d_]{1,30}){0,2} (?:&|and|und|et|y|e|en) "
    r"(?:Sons?|Söhne|Fils|Hijos|Figli|Zonen|Co|Partners?|Associates|Brothers|Daughters|Company|Partner)\b"
)


def firms(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield the companies that end with the kin of somebody; nothing ties them."""
    for index, kind in enumerate(words.kinds):
        if kind.lower in _KIN and kind.capital:
            first = _first(words, index)
            start, end = words.starts[first], words.ends[index]
            match = _FIRM.search(words.text, start, end)
            if match and match.end() == end:
                yield Name("ORGANIZATION", bisect_left(words.starts, match.start()), index, full=True), False


def _first(words: Words, last: int) -> int:
    first = max(0, last - _REACH)
    while first < last and (not words.kinds[first].capital or words.kinds[first].letter in "WE"):
        first += 1
    return first
