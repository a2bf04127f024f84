"""Follow a name through a text: its parts and inflections, and the other people of a list that it stands in."""

from collections.abc import Iterator

from sluice.guard.naming.inflection import stems
from sluice.guard.naming.lexicon import FIRST, GERMAN, KNOWN, LARGE, LAST, NAMES
from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import CONJUNCTIONS

Found = list[tuple[Name, bool]]  # names, and whether each is tied
_LEAST = 3  # letters of a part that is followed
_NO_PARTS = "PWTO"
_LONGEST = 3  # words of another name of a list


def listed(words: Words, found: Found) -> Iterator[tuple[Name, bool]]:
    """Yield the people who stand in a list with a person: `Priya, Summer and Will`."""
    taken = _taken(found)
    for name, tied in found:
        if name.type == "PERSON":
            yield from ((other, tied) for other in _after(words, name, taken))
            yield from ((other, tied) for other in _before(words, name, taken))


def repeated(words: Words, found: Found) -> Found:
    """Add the other mentions of the parts of names (`Young` for `Grace Young`); what ties one ties them all."""
    parts = _parts(words, found)
    if not parts:
        return found
    taken = _taken(found)
    told = [(name, tied or _is_part(words, name, parts)) for name, tied in found]
    bases = _bases(words, parts)
    return told + [
        (Name("PERSON", index, index), parts[bases[kind.lower]])
        for index, kind in enumerate(words.kinds)
        if kind.lower in bases and index not in taken and _repeats(words, index)
    ]


def _taken(found: Found) -> set[int]:
    return {index for name, _ in found for index in range(name.first, name.last + 1)}


def _parts(words: Words, found: Found) -> dict[str, bool]:
    """Return the parts of the names of people, and whether each is tied."""
    parts: dict[str, bool] = {}
    for name, tied in found:
        if name.type == "PERSON":
            for kind in words.kinds[name.first : name.last + 1]:
                if len(kind.lower) >= _LEAST - (kind.letter == "F") and kind.letter not in _NO_PARTS:
                    parts[kind.lower] = parts.get(kind.lower, False) or tied
    return parts


def _bases(words: Words, parts: dict[str, bool]) -> dict[str, str]:
    """Return for each word of the text that is a part, or an inflection of one, which part it is."""
    bases: dict[str, str] = {}
    for kind in set(words.kinds):
        if kind.lower in parts:
            bases[kind.lower] = kind.lower
        elif kind.capital and len(kind.lower) > _LEAST and kind.letter not in _NO_PARTS:
            base = next((stem for stem in stems(kind.lower) if stem in parts), None)
            if base is not None:
                bases.setdefault(kind.lower, base)
    return bases


def _is_part(words: Words, name: Name, parts: dict[str, bool]) -> bool:
    return name.type == "PERSON" and not name.full and parts.get(words.kinds[name.first].lower, False)


def _repeats(words: Words, index: int) -> bool:
    """Say whether a word that is part of a name elsewhere is meant as the name here."""
    kind = words.kinds[index]
    if kind.capital:
        return kind.letter not in "Efl" or not words.opens_sentence(index)
    return kind.letter in "FLU" and len(kind.lower) >= _LEAST


def _after(words: Words, name: Name, taken: set[int]) -> Iterator[Name]:
    last = name.last
    while True:
        first = _next_of_list(words, last)
        end = _end_of_name(words, first, taken) if first else 0
        if not end or not first:
            return
        yield Name("PERSON", first, end - 1, full=end - first > 1)
        last = end - 1


def _next_of_list(words: Words, last: int) -> int:
    """Return where the next name of a list can begin, 0 where the list ends."""
    index = last + 1
    if index >= len(words.kinds):
        return 0
    gap = words.gap(last)
    if gap in (", ", " / ", "; ", " & ", " + "):
        following = words.kinds[index].lower
        if following not in CONJUNCTIONS:
            return index
        gap = " "
    if gap == " " and words.kinds[index].lower in CONJUNCTIONS and index + 1 < len(words.kinds):
        return index + 1 if words.gap(index) == " " else 0
    return 0


def _end_of_name(words: Words, first: int, taken: set[int]) -> int:
    """Return the index after a name that begins here, 0 if none does."""
    end = first
    while (
        end < min(first + _LONGEST, len(words.kinds))
        and end not in taken
        and _may_be_listed(words, end)
        and (end == first or words.gap(end - 1) == " ")
    ):
        end += 1
    return end if end > first else 0


def _may_be_listed(words: Words, index: int) -> bool:
    kind = words.kinds[index]
    if kind.upper or len(kind.lower) < _LEAST or kind.letter in _NO_PARTS:
        return False
    if not kind.capital:
        return kind.letter in "FL" and not kind.ordinary
    if kind.flags & LARGE:
        return bool(kind.flags & FIRST)
    return kind.letter == "U" or bool(kind.flags & (NAMES | KNOWN)) or (kind.letter in "EX" and not kind.flags & GERMAN)


def _before(words: Words, name: Name, taken: set[int]) -> Iterator[Name]:
    """Yield the one word before a conjunction and a name: `Summer and Will`."""
    if name.first and words.gap(name.first - 1) == ", " and _is_surname_first(words, name.first - 1, taken):
        yield Name("PERSON", name.first - 1, name.first - 1)
    index = name.first - 2
    if index < 0 or words.kinds[index + 1].lower not in CONJUNCTIONS or index in taken:
        return
    if words.gap(index) == words.gap(index + 1) == " " and _may_be_listed(words, index):
        yield Name("PERSON", index, index)


def _is_surname_first(words: Words, index: int, taken: set[int]) -> bool:
    """Say whether a line or a field begins with a surname before its first name: `Nicholls, Dervilla`."""
    kind = words.kinds[index]
    return (
        index not in taken
        and words.opens_sentence(index)
        and words.kinds[index + 1].letter in "FfbU"
        and (bool(kind.flags & LAST) or not kind.ordinary)
    )
