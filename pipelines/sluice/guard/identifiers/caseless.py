"""Read lines in which capitals tell nothing as if they were written with care."""

import re
from collections.abc import Iterator

from sluice.guard.identifiers.ways import LITTLE

_WORD = re.compile(r"[^\W\d_]+")
# With a number, and without who says it in a chat.
_LINE = re.compile(r"[^\n:]{3,}")
_CAREFUL = re.compile(r"[^\W\d_a-zà-öø-ÿß][a-zà-öø-ÿß]")
_DIGIT = re.compile(r"\d")
_LONG_WORD = re.compile(r"[^\W\d_]{4}")
_LITTLE_WORDS = frozenset(LITTLE.split("|")) | {"in", "at", "to", "for", "is", "on", "by", "with", "from", "und", "ist"}


def titled(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines with a number that have no word with a capital, or nothing else, with a capital on each word.

    Where each begins in the text stands before it.
    """
    for line in _LINE.finditer(text):
        if _DIGIT.search(line[0]) and _LONG_WORD.search(line[0]) and not _CAREFUL.search(line[0]):
            yield line.start(), _WORD.sub(lambda word: _with_capital(word[0]), line[0])


def _with_capital(word: str) -> str:
    small = word.lower()
    if len(small) != len(word):
        return word
    # A letter that becomes two, as ß does, would move all that follows.
    return small if small in _LITTLE_WORDS or len(small[0].upper()) > 1 else small[0].upper() + small[1:]
