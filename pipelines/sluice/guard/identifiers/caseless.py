"""Read lines in which capitals tell nothing as if they were written with care."""

import re
from collections.abc import Iterator

from sluice.guard.identifiers.ways import LITTLE

_WORD = re.compile(r"[^\W\d_]+")
# With a number, and without who says it in a chat.
_LINE = re.compile(r"[^\n:]{3,}")
_CAREFUL = re.compile(r"[^\W\d_a-zà-öø-ÿß][a-zà-öø-ÿß]")
_DIGIT = re.compile(r"\d")
_WAY = re.compile(
    r" (?:house|cottages?|farm|barn|lodge|street|road|lane|avenue|close|drive|terrace|crescent|gardens|grove"
    r"|mews|rise)\b",
    re.IGNORECASE,
)
_LONG_WORD = re.compile(r"[^\W\d_]{4}")
_LITTLE_WORDS = frozenset(LITTLE.split("|")) | {"in", "at", "to", "for", "is", "on", "by", "with", "from", "und", "ist"}


def titled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that may hold an address, and no word with a capital or nothing else, with one on each word.

    Where each begins in the text stands before it.
    """
    for line in _LINE.finditer(text):
        if _CAREFUL.search(line[0]) or not _LONG_WORD.search(line[0]):
            continue
        if _DIGIT.search(line[0]) or _WAY.search(line[0]):
            yield line.start(), _WORD.sub(lambda word: _with_capital(word[0]), line[0])


def _with_capital(word: str) -> str:
    small = word.lower()
    if len(small) != len(word):
        return word
    # A letter that becomes two, as ß does, would move all that follows.
    return small if small in _LITTLE_WORDS or len(small[0].upper()) > 1 else small[0].upper() + small[1:]
