"""Keys that are cut into parts: over strings that are added up, over lines, or with a space after each letter."""

import re
from collections.abc import Iterator

from sluice.guard.disguises.reading import Edit
from sluice.guard.disguises.words import Words

# "abc" + "def", "abc" . 'def', "abc" & _ "def", and strings of which one follows the other on the next line.
_ADDED = re.compile(
    r"""["'`](?:[ \t]{0,20}(?:[+.&]|\.\.|\|\||<>|&[ ]_)[ \t]{0,20}(?:\\?\r?\n[ \t+>]{0,80})?"""
    r"""|[ \t]{0,20}\\?\r?\n[ \t+>]{0,80}(?:[+.&][ ]?)?)"""
    r"""[fbrFBR]?["'`](?=[\w+/=.\-])"""
)
_CONTINUED = re.compile(r"\\\r?\n[ \t]{0,80}")
# The rest of a long word on the next line, alone there, in a quoted mail too.
_NEXT_LINE = re.compile(r"[ \t]{0,4}\r?\n[ \t>|+]{0,40}(?=[A-Za-z0-9+/_\-]{4,200}={0,2}(?:[\"'`,;)\].|]|\s|\Z))")
_LONG_WORD = re.compile(r"[A-Za-z0-9+/_\-.]{12}\Z")
_SPACED = re.compile(r"(?<!\S)\S(?:[ \t]\S){15,}(?!\S)")

_LEAST_LETTERS = 16


def edits(text: str, words: Words) -> Iterator[Edit]:
    """Yield the edits that join the parts; `words` are those of the text."""
    found: list[Edit] = []
    if '"' in text or "'" in text or "`" in text:
        found += (Edit(*match.span(), "") for match in _ADDED.finditer(text) if _goes_on(text, match.start()))
    if "\\\n" in text or "\\\r" in text:
        found += (Edit(*match.span(), "") for match in _CONTINUED.finditer(text))
    if "\n" in text:
        found += _wrapped(text, words)
    if words.single >= _LEAST_LETTERS:
        for match in _SPACED.finditer(text):
            found += (Edit(at, at + 1, "") for at in range(match.start() + 1, match.end(), 2))
    done = 0
    for edit in sorted(found, key=lambda edit: (edit.start, -edit.end)):
        if edit.start >= done:
            yield edit
            done = edit.end


def _wrapped(text: str, words: Words) -> Iterator[Edit]:
    """Yield the line ends within keys: only chance writes a digit and a letter at the end of so long a word."""
    for start, end in words.long:
        tail = _LONG_WORD.search(text, start, end)
        match = _NEXT_LINE.match(text, end) if tail and _is_chance(tail[0]) else None
        if match:
            yield Edit(*match.span(), "")


def _goes_on(text: str, at: int) -> bool:
    """Say whether a string that ends there has some part of a key at its end."""
    return at > 0 and (text[at - 1].isalnum() or text[at - 1] in "_+/=.-")


def _is_chance(tail: str) -> bool:
    return any(map(str.isdigit, tail)) and any(map(str.isalpha, tail))
