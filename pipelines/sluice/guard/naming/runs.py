"""Group neighbouring capitalised words, and say which parts of a group are the name of somebody or something."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sluice.guard.naming.letters import letter_in, opens_line
from sluice.guard.naming.lexicon import ENGLISH, FIRST, LARGE, LAST, PLACE, lexicon
from sluice.guard.naming.singles import does, kind_alone
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import (
    DEEDS,
    ORGANISATION_HEADS,
    SHORT_LEGAL_FORMS,
    WELL_KNOWN,
    WELL_KNOWN_PEOPLE,
)

PERSON, LOCATION, ORGANIZATION = "PERSON", "LOCATION", "ORGANIZATION"
_MOST = 3  # particles of a surname
_LONGEST = 12  # words of a group; what is longer is cut
_JOINTS = frozenset({" ", "\u00a0", "-", "\u2011"})
_AFTER_INITIAL = frozenset({". ", ".", ".\u00a0", ".-"})


class Name(NamedTuple):
    """A name that begins with one word and ends with another (included)."""

    type: str
    first: int
    last: int
    full: bool = False  # of two words at least


# In order: a first name with what follows; an ambiguous one with a surname; initials; two or more unusual words, or one
# and a surname that is an everyday word; a surname of somebody known to all; a surname with initials after it; a
# surname with its particle.
_PERSON = re.compile(
    r"F[FfIb]*(?:P{0,3}[FfbLlUKSBE][LUlF]{0,2})?"
    r"|[fb][FfbI]*P{0,3}[LlUF][LUlF]?"
    r"|I{1,3}P{0,3}[FLUlK]L?"
    r"|[LU]I*(?:P{0,3}[LUFf]I*){1,3}l?"
    r"|[LU]P{0,3}l"
    r"|K(?:P{0,3}[LU])"
    r"|[LU]I{1,2}"
    r"|P{1,3}[LUFl]"
)
_END_OF_ITEM = re.compile(r"[ \t]*(?:\r?\n|$|[\d(|;\t])")


def runs(words: Words, chosen: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last index of each group of chosen words, name particles between them included."""
    index, total = 0, len(chosen)
    while index < total:
        if not chosen[index]:
            index += 1
            continue
        last = _end_of_run(words, chosen, index)
        yield index, last
        index = last + 1


def _end_of_run(words: Words, chosen: list[bool], first: int) -> int:
    last = first
    limit = min(first + _LONGEST, len(chosen)) - 1
    while last < limit and _joined(words, last):
        following = last + 1
        while (
            following < limit
            and words.kinds[following].letter == "P"
            and not chosen[following]
            and words.gap(following) == " "
        ):
            following += 1
        if not chosen[following] or following > last + 4:
            break
        last = following
    return last


def _joined(words: Words, index: int) -> bool:
    gap = words.gap(index)
    return gap in _JOINTS or (words.kinds[index].letter in "IT" and gap in _AFTER_INITIAL)


def names_in(words: Words, first: int, last: int, *, language: str = "en") -> Iterator[Name]:
    """Yield the names within a group, longest reading first; they do not overlap."""
    organisation = _organisation(words, first, last)
    if organisation:
        yield organisation
        return
    letters = "".join(letter_in(words, index, language) for index in range(first, last + 1))
    place = _place(words, first, last, letters)
    if place:
        if place.type:
            yield place
        return
    yield from _people(words, first, letters, language)


def _people(words: Words, first: int, letters: str, language: str) -> Iterator[Name]:
    position = 0
    while position < len(letters):
        match = _PERSON.match(letters, position)
        start = position
        if match:
            begin, end = first + match.start(), first + match.end() - 1
            position = match.end()
            if begin == end:
                yield from _single(words, begin, letters, begin - first, language)
            elif not _is_acronym(words, end, letters[start]) and not is_well_known(words, begin, end):
                yield Name(PERSON, begin, end, full=letters[start] != "P")
        else:
            position += 1
            yield from _single(words, first + start, letters, start, language)


def is_well_known(words: Words, first: int, last: int) -> bool:
    name = " ".join(words.kinds[index].lower for index in range(first, last + 1))
    return name in WELL_KNOWN_PEOPLE


def _single(words: Words, index: int, letters: str, place: int, language: str) -> Iterator[Name]:
    neighbours = len(letters.replace("W", ""))
    if place and letters[0] in "EX" and words.opens_sentence(index - place):
        neighbours -= 1
    kind = kind_alone(words, index, letters[place], neighbours, language)
    if kind == PERSON:
        end = index + (place + 1 < len(letters) and _follows_on(words, index + 1))
        yield Name(PERSON, index - _leads_in(words, index, language), end)
    elif kind:
        yield Name(kind, index, index)


def _leads_in(words: Words, index: int, language: str) -> int:
    """Return how many words before a name belong to it: a sentence begins with an everyday word, a name does not."""
    if not index or words.before(index) != " ":
        return 0
    before = words.kinds[index - 1]
    if before.letter == "P" and not before.capital:
        return _particles(words, index, 1 if language == "en" else 2)
    if not before.capital or before.upper != words.kinds[index].upper:
        return 0
    if before.letter in "WPT":
        return int(bool(before.flags & FIRST))
    return int(before.letter in "ESKXl" and _begins_name(words, index))


def _begins_name(words: Words, index: int) -> bool:
    before = words.kinds[index - 1]
    if not before.flags & ENGLISH or "-" in before.lower or not words.opens_sentence(index - 1):
        return True
    if before.flags & LAST:
        return True
    in_list = opens_line(words, index - 1) and _END_OF_ITEM.match(words.text, words.ends[index])
    return bool(in_list) or does(words, index, DEEDS)


def _particles(words: Words, index: int, least: int) -> int:
    """Return how many particles stand before a surname; one alone is a preposition in the languages that have it."""
    first = index
    while first and words.kinds[first - 1].letter == "P" and words.before(first) == " " and index - first < _MOST:
        first -= 1
    return index - first if index - first >= least else 0


def _follows_on(words: Words, index: int) -> bool:
    """Say whether a word after a name belongs to it."""
    kind = words.kinds[index]
    return kind.letter in "ESKXlbB" and kind.capital and words.before(index) in _JOINTS and not kind.upper


def _is_acronym(words: Words, last: int, letter: str) -> bool:
    """Say whether initials stand before no name: `U.S. GDP`, `F. Roosevelt`."""
    kind = words.kinds[last]
    shouted = kind.upper and kind.letter not in "FL"
    return letter == "I" and (shouted or kind.lower in WELL_KNOWN or len(kind.lower) < 3)


def _place(words: Words, first: int, last: int, letters: str) -> Name | None:
    if first == last:
        return None
    flags = lexicon().get(" ".join(words.kinds[index].lower for index in range(first, last + 1)), 0)
    if flags & LARGE:
        return Name("", first, last)
    return Name(LOCATION, first, last, full=True) if flags & PLACE and not flags & LAST else None


def _organisation(words: Words, first: int, last: int) -> Name | None:
    """Return a company by its legal form, or an institution by its kind, if an unusual word is part of the name."""
    for index in range(last, first, -1):
        word = words.text[words.starts[index] : words.ends[index]]
        kind = words.kinds[index]
        start = _without_function_words(words, first, index)
        if start == index:
            continue
        if kind.letter == "O" or word in SHORT_LEGAL_FORMS:
            known = all(words.kinds[part].letter in "KBNW" for part in range(start, index))
            return None if known else Name(ORGANIZATION, start, index, full=True)
        if kind.lower in ORGANISATION_HEADS and any(words.kinds[part].letter in "ULlF" for part in range(start, index)):
            return Name(ORGANIZATION, start, index, full=True)
    return None


def _without_function_words(words: Words, first: int, last: int) -> int:
    while first < last and words.kinds[first].letter in "WT":
        first += 1
    return first
