"""Find the names that a cue introduces, and say whether it ties them to a real matter."""

from bisect import bisect_left
from collections.abc import Iterator

from sluice.guard.naming.cues import CUES_AT, Cue
from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.letters import letter_at
from sluice.guard.naming.lexicon import ENGLISH, LAST
from sluice.guard.naming.runs import Name, is_well_known
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import GREETED, SHORT_HONORIFICS

_LONGEST = 5  # words of an introduced name


def introduced(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield the names that a cue introduces, and whether it ties them."""
    for index in [index for index, kind in enumerate(words.kinds) if kind.lower in CUES_AT]:
        for cue in CUES_AT[words.kinds[index].lower]:
            if cue.opens_line and index and "\n" not in words.before(index):
                continue
            match = cue.pattern.match(words.text, words.starts[index])
            name = _taken(words, match.end(), cue) if match else None
            if name:
                yield name, cue.tied or (cue.tied_if_full and name.full)


def _taken(words: Words, position: int, cue: Cue) -> Name | None:
    """Return the name that begins at a position, as far as its words go."""
    first = bisect_left(words.starts, position)
    if first >= len(words.starts) or words.starts[first] > position + 1:
        return None
    if first + 1 < len(words.starts) and words.kinds[first].letter == "T":
        first += words.kinds[first].lower not in SHORT_HONORIFICS
    last = _last_of_name(words, first, cue)
    if last < first or not _is_named(words, first, last, cue):
        return None
    if not cue.tied and is_well_known(words, first, last):
        return None
    if cue.ends is not None and not cue.ends.match(words.text, _end_with_point(words, last)):
        return None
    return Name("PERSON", first, last, full=last > first)


def _end_with_point(words: Words, last: int) -> int:
    end = words.ends[last]
    return end + 1 if words.kinds[last].letter == "I" and words.text[end : end + 1] == "." else end


def _last_of_name(words: Words, first: int, cue: Cue) -> int:
    last = first - 1
    small = bool(cue.small) and not words.kinds[_without_particles(words, first)].capital
    for index in range(first, min(first + _LONGEST, len(words.kinds))):
        kind = words.kinds[index]
        if index > first and not _continues(words, index - 1):
            break
        if kind.letter == "P" and index + 1 < len(words.kinds) and words.gap(index) == " ":
            continue
        if not _belongs(kind, small=small) or (index > first and kind.upper and kind.letter in "EXN"):
            break
        last = index
    return last


def _belongs(kind: Kind, *, small: bool) -> bool:
    if kind.letter in "WTO":
        return False
    return kind.capital or (small and (kind.letter in "FfbLlUXIKS" or not kind.flags))


def _without_particles(words: Words, first: int) -> int:
    while first + 1 < len(words.kinds) and words.kinds[first].letter == "P":
        first += 1
    return first


def _continues(words: Words, index: int) -> bool:
    gap = words.gap(index)
    return (
        gap in (" ", "\u00a0", "-")
        or (words.kinds[index].letter == "I" and gap in (". ", "."))
        or (words.kinds[index].letter in "LlUEKX" and gap == ", " and words.kinds[index + 1].letter in "FfbU")
    )


def _is_named(words: Words, first: int, last: int, cue: Cue) -> bool:
    head = words.kinds[min(_without_particles(words, first), last)]
    letters = [letter_at(words, index) for index in range(first, last + 1) if words.kinds[index].letter != "P"]
    if not letters or letters[0] == "W" or letters == ["I"] or head.letter == "N" or head.lower in GREETED:
        return False
    if not head.capital:
        if len(letters) > 1 and letters[1] in "LU" and cue.small and not head.flags & ENGLISH:
            return True
        return letters[0] in (cue.small if len(letters) == 1 else cue.small + "fLU") or (cue.known and not head.flags)
    if cue.known or (len(letters) > 1 and any(letter in "lI" for letter in letters)):
        return True
    return any(_may_be_a_name(words.kinds[index], cue) for index in range(first, last + 1))


def _may_be_a_name(kind: Kind, cue: Cue) -> bool:
    """Say whether a word with a capital is no everyday word, or one of another language."""
    if kind.letter in "FfbLUX":
        return True
    if kind.letter == "K":
        return cue.tied or bool(kind.flags & LAST)
    return kind.letter in "ES" and not kind.ordinary
