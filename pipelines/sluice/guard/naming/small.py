"""Recognize names in small letters: what is surely one anywhere, and more in lines that use no capitals."""

import re

from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.singles import does
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import DEEDS, PERSONAL

_CODE = frozenset("{}=;\\$^")
_LATIN_AND_GREEK = "\u0530"  # the first character after the scripts that have small letters
_LEAST = 3  # letters of a small name
_ALONE = 5  # letters of a small surname that stands alone
_LONGEST = 6  # words of a name
_IN_SMALL_LINES = re.compile("F|[LU][LU]|f[LU]")
_IN_SENTENCES = re.compile("F")


def small_words(words: Words, chosen: list[bool]) -> None:
    """Add to the chosen words those that may belong to a name in small letters, line by line."""
    for begun, ended in words.lines:
        needed = _needed(words, begun, ended)
        if needed is None:
            continue
        letters = "F" if needed is _IN_SENTENCES else "FLUfl"
        small = [
            index
            for index, kind in enumerate(words.kinds[begun:ended], begun)
            if kind.letter in letters and not kind.capital and _may_be_small(kind, needed)
        ]
        if small:
            for index in small:
                chosen[index] = True
            _keep_only_named(words, chosen, begun, ended, needed)
            _add_surnames(words, chosen, begun, ended)


def _add_surnames(words: Words, chosen: list[bool], begun: int, ended: int) -> None:
    """Add the rare word after a first name in small letters: `fiona killeen`."""
    for index in range(begun + 1, ended):
        kind, first = words.kinds[index], words.kinds[index - 1]
        if chosen[index - 1] and not first.capital and first.letter in "FU" and not kind.capital:
            chosen[index] = chosen[index] or (_is_rare(kind) and words.gap(index - 1) == " ")


def _is_rare(kind: Kind) -> bool:
    return len(kind.lower) >= _LEAST and kind.letter in "KSE" and not kind.ordinary


def _may_be_small(kind: Kind, needed: re.Pattern[str]) -> bool:
    if len(kind.lower) < _LEAST or kind.lower >= _LATIN_AND_GREEK:
        return False
    return needed is _IN_SMALL_LINES or not kind.ordinary


def _needed(words: Words, begun: int, ended: int) -> re.Pattern[str] | None:
    """Return what a name in small letters must hold in this line: more where some words have capitals."""
    kinds = words.kinds[begun:ended]
    capitals = any(kind.capital and not kind.upper and len(kind.lower) > 1 for kind in kinds)
    if ended - begun < 2 or all(kind.upper for kind in kinds):
        return None
    if not _CODE.isdisjoint(words.text[words.starts[begun] : words.ends[ended - 1]]):
        return None
    return _IN_SENTENCES if capitals else _IN_SMALL_LINES


def _keep_only_named(words: Words, chosen: list[bool], begun: int, ended: int, needed: re.Pattern[str]) -> None:
    """Leave out what may be a slip of the pen: of several words together one at least must be unusual as a name."""
    index = begun
    while index < ended:
        last = _end_of_group(words, chosen, index, ended)
        small = [part for part in range(index, last) if chosen[part] and not words.kinds[part].capital]
        letters = "".join(words.kinds[part].letter for part in small)
        if letters and not needed.search(letters) and not _stands_alone(words, small[0], needed):
            for part in small:
                chosen[part] = False
        index = max(last, index + 1)


def _end_of_group(words: Words, chosen: list[bool], first: int, ended: int) -> int:
    """Return the index after the last of the chosen words that stand together."""
    last = first
    while (
        last < ended
        and last - first < _LONGEST
        and (last == first or words.gap(last - 1) == " ")
        and (chosen[last] or (last > first and words.kinds[last].letter in "IP"))
    ):
        last += 1
    return last


def _stands_alone(words: Words, index: int, needed: re.Pattern[str]) -> bool:
    """Say whether one small word is a surname, or an unusual word that begins a sentence and does what people do."""
    kind = words.kinds[index]
    if needed is _IN_SENTENCES:
        return False
    if kind.letter == "L" and len(kind.lower) >= _ALONE:
        return True
    if kind.letter == "U" and words.opens_sentence(index):
        return does(words, index, PERSONAL)
    return kind.letter in "Uf" and does(words, index, DEEDS)
