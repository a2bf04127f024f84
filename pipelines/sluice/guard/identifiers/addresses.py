"""Find postal addresses as a whole: from the house number or street to the postal code or country."""

import re
from collections import deque
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.coded import named_before, named_behind
from sluice.guard.identifiers.cues import Cues, is_link
from sluice.guard.identifiers.streets import (
    ACRONYM,
    BOX_SIGNS,
    BOXES,
    CAPITAL,
    CORNER,
    FORE,
    HOUSE_NAME,
    LED_NUMBER_FIRST,
    LED_WAY,
    NAMED,
    NAMED_LED,
    NUMBER,
    NUMBER_FIRST,
    NUMBERLESS,
    NUMBERS_BEFORE,
    SECOND_WAY,
    STREET_FIRST,
    WAYS,
    begins_as_street,
    ends_as_street,
    may_end_street,
)
from sluice.guard.identifiers.tails import CITY_BEHIND_UNIT, CODE, TAIL, UNIT, sure_codes
from sluice.guard.identifiers.ways import NO_STREET
from sluice.guard.values import Finding

_BEFORE = 72  # characters before a number in which its street may begin
_NUMBERS_WITHIN = 3  # a street has no more before that of the house: Straße des 17. Juni 135
_LONGEST_HOUSE = 5
_BOX_TO_NUMBER = 28
_PARTS = 6  # flat, city, state, postal code, country, and one more
_LONG_NUMBER = re.compile(r"[0-9](?<![\w,.][0-9])\d{4,5}(?![\w]|[.,]\d)")
_DIGIT = re.compile(r"[0-9]")
_NUMBER_AFTER_COMMA = re.compile(
    r"(?:rua|av|c/|calle|c\.|paseo|plaza|via|piazza|corso|praça|travessa|alameda|estrada|rodovia|largo|rambla)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_BEGINNING = re.compile(r"\w(?<!\w.)")
_CAPITAL = re.compile(rf"{CAPITAL}(?<![\w-].)")
_WORD = re.compile(r"[^\W\d_][^\s]*")

Place = tuple[int, int]


def addresses(cues: Cues) -> Iterator[Finding]:
    """Yield addresses in order."""
    text, end = cues.text, 0
    for start, stop in sorted([*_boxes(cues), *_corners(text), *_numbered(cues), *_numberless(text)]):
        if stop > end:
            begin, end = max(end, _widened(text, start)), _extended(text, stop)
            yield Finding("STREET_ADDRESS", CLASS_OF["STREET_ADDRESS"], begin, end, 0.9)


def unnumbered(cues: Cues) -> Iterator[Finding]:
    """Yield streets without a number that words announce; many live in one, so they are weak."""
    for cue in cues.all:
        way = LED_WAY.match(cues.text, cue.end) if "lead" in cue.names else None
        if way:
            yield Finding("STREET_ADDRESS", CLASS_OF["STREET_ADDRESS"], *way.span("street"), 0.5, True)


def extended(text: str, end: int) -> int:
    """Return where an address ends whose first line ends at `end`."""
    return _extended(text, end)


def _boxes(cues: Cues) -> Iterator[Place]:
    """Look for boxes only around the words for them: few texts have one."""
    text, lowered = cues.text, cues.lowered
    for sign in BOX_SIGNS:
        at = lowered.find(sign)
        while at >= 0:
            if _DIGIT.search(text, at, at + _BOX_TO_NUMBER):
                for match in BOXES.finditer(text, max(0, at - _BOX_TO_NUMBER), at + 2 * _BOX_TO_NUMBER):
                    yield match.span()
            at = lowered.find(sign, at + _BOX_TO_NUMBER)


def _corners(text: str) -> Iterator[Place]:
    if "orner of " in text or "ORNER OF " in text:
        for match in CORNER.finditer(text):
            yield match.span()


def _numbered(cues: Cues) -> Iterator[Place]:
    end, ends = 0, deque([0] * _NUMBERS_WITHIN, _NUMBERS_WITHIN)
    for number in NUMBER.finditer(cues.text):
        if number.start() >= end:
            core = _around(cues, number, ends[0])
            if core:
                end = core[1]
                yield core
        ends.append(number.end())


def _around(cues: Cues, number: re.Match[str], lowest: int) -> Place | None:
    """Return the street around a house number; it begins at `lowest` or later."""
    text, start = cues.text, number.start()
    first = NUMBER_FIRST.match(text, start)
    if first:
        return first.span()
    if start and not (text[start - 1].isspace() or text[start - 1] in "(*"):
        return None
    before = max(lowest, start - _BEFORE)
    if may_end_street(text[before:start]):
        street = _street_before(text, before, start)
        if street and not _dated(street[0], number[0]) and street[0].split()[-1].lower() not in NO_STREET:
            return street.start(), number.end()
    return _supported(text, number) or _led(cues, number)


def _street_before(text: str, before: int, start: int) -> re.Match[str] | None:
    """Return the street that ends where the number starts; streets begin where words do, so only there is looked."""
    places = [word.start() for word in _BEGINNING.finditer(text, before, start)]
    if not ends_as_street(text[before:start]):
        places = [place for place in places if begins_as_street(text, place)]
    return next((street for place in places if (street := STREET_FIRST.match(text, place, start))), None)


def _dated(street: str, number: str) -> bool:
    """Say whether what looks like a street is followed by a year: Brown v. Board of Education, 1954."""
    return "," in street and _YEAR.fullmatch(number) is not None and not _NUMBER_AFTER_COMMA.match(street)


def _supported(text: str, number: re.Match[str]) -> Place | None:
    """Return a name and number that look like no known street, but stand where an address would."""
    if len(number[0]) > _LONGEST_HOUSE:
        return None
    coded = named_before(text, number) or named_behind(text, number.start())
    if coded:
        return _bare(text, coded[0], number.start()), coded[1]
    named = _named(text, number.start())
    if named is None or not FORE.search(text, max(0, named - 8), named):
        return None
    follows = UNIT.match(text, number.end()) or _coded(text, number.end())
    return (named, number.end()) if follows else None


def _named(text: str, start: int) -> int | None:
    """Return where the name in capitals before a number begins."""
    before = max(0, start - _BEFORE)
    word = text[before:start].rstrip(" ,").rpartition(" ")[2]
    named = _at_capital(NAMED, text, before, start) if word != word.lower() else None
    return named.start() if named else None


def _at_capital(pattern: re.Pattern[str], text: str, before: int, start: int) -> re.Match[str] | None:
    """Return the first match in a stretch of a pattern that begins with a capital."""
    capitals = _CAPITAL.finditer(text, before, start)
    return next((match for capital in capitals if (match := pattern.match(text, capital.start(), start))), None)


def _bare(text: str, start: int, end: int) -> int:
    """Return where the name begins behind words that only lead to it: `adresse ist`."""
    for word in _WORD.finditer(text, start, end):
        if not is_link(word[0]) or text[word.start() : end].count(" ") < 2:
            return word.start()
    return start


def _numberless(text: str) -> Iterator[Place]:
    """Yield streets without a number, where the address goes on to a postal code."""
    for start, end in [*sure_codes(text), *(number.span() for number in _LONG_NUMBER.finditer(text))]:
        before = max(0, start - _BEFORE)
        if WAYS.isdisjoint(text[before:start].replace(",", " ").split()):
            continue
        way = _at_capital(NUMBERLESS, text, before, start)
        if way and _extended(text, way.end()) >= end:
            yield way.span()


def _led(cues: Cues, number: re.Match[str]) -> Place | None:
    """Return what words announce as an address: a name and a number in either order, in any case."""
    text, start = cues.text, number.start()
    if not cues.announced(start - _BEFORE, start):
        return None
    first = LED_NUMBER_FIRST.match(text, start)
    if first and (first["name"] or "").lower() not in NO_STREET and _announced(cues, start):
        return first.span()
    named = NAMED_LED.search(text, max(0, start - _BEFORE), start)
    words = [match.start() for match in _WORD.finditer(text, named.start(), start)] if named else []
    if not words or len(number[0]) > 5 or text[words[-1] : start].strip(" .").lower() in NO_STREET:
        return None
    return next(
        ((word, number.end()) for word in words if _is_street(text, word, start) and _announced(cues, word)), None
    )


def _is_street(text: str, start: int, end: int) -> bool:
    """Say whether the words can name a street: they do not begin with a little word, and are no acronym."""
    words = text[start:end].split()
    if words[0].lower() in NO_STREET or ACRONYM.fullmatch(text, start, end):
        return False
    if words[0][0].isupper():
        return True
    return not NO_STREET.intersection(words) and not text.endswith(("the ", "a ", "his ", "her "), 0, start)


def _announced(cues: Cues, start: int) -> bool:
    numbers = NUMBERS_BEFORE.search(cues.text, max(0, start - 14), start)
    return "lead" in cues.tied(numbers.start() if numbers else start)


def _coded(text: str, end: int) -> bool:
    tail = TAIL.match(text, end)
    return tail is not None and CODE.search(tail[0]) is not None


def _widened(text: str, start: int) -> int:
    """Return where an address begins whose street begins at `start`: before it may stand a flat or another number."""
    for before in (FORE, HOUSE_NAME, FORE):
        found = before.search(text, max(0, start - 40), start)
        start = found.start() if found else start
    return start


def _extended(text: str, end: int) -> int:
    second = SECOND_WAY.match(text, end)
    end = second.end() if second else end
    for _ in range(_PARTS):
        tail = _part(text, end)
        if not tail:
            return end
        end = tail.end()
    return end


def _part(text: str, end: int) -> re.Match[str] | None:
    # Hungarians and Czechs write a point behind the house number.
    end += text[end : end + 2] in (". ", ".\n")
    unit = UNIT.match(text, end)
    if unit:
        behind = TAIL.match(text, unit.end()) or UNIT.match(text, unit.end())
        return unit if behind else CITY_BEHIND_UNIT.match(text, unit.end()) or unit
    return TAIL.match(text, end)
