"""Read lines in which capitals tell nothing as if they were written with care."""

import re

from sluice.guard.identifiers.ways import LITTLE

_WORD = re.compile(r"[^\W\d_]+")
# What somebody says in a chat is judged without who says it.
_LINE = re.compile(r"[^\n:]+")
_SMALL = frozenset(LITTLE.split("|")) | {"in", "at", "to", "for", "is", "on", "by", "with", "from", "und", "ist", "est"}


def titled(text: str) -> str:
    """Return the text with a capital on each word of the lines that have no other ones, or nothing else."""
    return _LINE.sub(lambda line: _with_capitals(line[0]) if _tells_nothing(line[0]) else line[0], text)


def _tells_nothing(line: str) -> bool:
    return not any(word[1:].islower() and word[0].isupper() for word in _WORD.findall(line))


def _with_capitals(line: str) -> str:
    return _WORD.sub(lambda word: _capital(word[0]), line)


def _capital(word: str) -> str:
    small = word.lower()
    if small in _SMALL or len(small) != len(word):
        return small if len(small) == len(word) else word
    # A letter that becomes two, as ß does, would move all that follows.
    return small[0].upper() + small[1:] if len(small[0].upper()) == 1 else small
