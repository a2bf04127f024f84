"""Cut a text into the stretches of digits and letters that an identifier could be written as."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sluice.guard.identifiers.cues import is_link

_GAPS = " ./\\-\u00a0\u2010-\u2015"
_LETTERS = "(?:[A-Z]{1,4}|[b-df-hj-np-xz])"
# From the first digit on: groups that hold a digit, or are up to four capitals, with one character between.
_FROM_DIGIT = re.compile(
    rf"[0-9](?:[0-9A-Za-z]|[{_GAPS}](?=[0-9]|[A-Za-z]{{1,6}}[0-9]|{_LETTERS}(?![0-9A-Za-z_@'’]))){{2,199}}"
)
_LEAD = re.compile(r"(?<![0-9A-Za-z_])(?:[A-Za-z]{1,16}|[A-Za-z]{1,4}[ -](?:[A-Z]{1,4}[ -])?|[A-Z]{5}[ ])(?=[0-9])")
_LEAD_ROOM = 17
_SPLIT = re.compile(rf"[{_GAPS}]")
_SEPARATE = frozenset(" /\u00a0")
_MOST_GROUPS = 10
_LIST = 40  # groups: a list of numbers, in which only short codes are looked for
_MOST_IN_LIST = 4
_LONGEST = 34  # an IBAN
_SHORTEST = 4
_HEX = re.compile(r"[0-9a-fA-F-]{32,}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


class Stretch(NamedTuple):
    """One way to read a part of the text as one code: where it stands, as written, and without its gaps."""

    start: int
    end: int
    written: str
    compact: str


def stretches(text: str) -> Iterator[list[Stretch]]:
    """Yield for each run of groups all the codes it can be read as, the longest first."""
    for run in _FROM_DIGIT.finditer(text):
        start, end = _lead(text, run.start()), run.end()
        if end - start >= _SHORTEST:
            yield _readings(text, start, end)


def is_random(text: str, start: int, end: int) -> bool:
    """Say whether a place lies in a UUID or a digest: right check digits stand in them by chance."""
    for run in _HEX.finditer(text, max(0, start - 80), min(len(text), end + 80)):
        if run.start() <= start and end <= run.end():
            letters = any(character.isalpha() for character in run[0])
            return letters and (_UUID.search(run[0]) is not None or "-" not in run[0])
    return False


def _lead(text: str, start: int) -> int:
    leads = list(_LEAD.finditer(text, max(0, start - _LEAD_ROOM), start + 1))
    return leads[-1].start() if leads and leads[-1].end() == start else start


def _readings(text: str, start: int, end: int) -> list[Stretch]:
    groups = _groups(text, start, end)
    if len(groups) == 1:
        return [Stretch(start, end, text[start:end], text[start:end].upper())] if end - start <= _LONGEST else []
    most = _MOST_GROUPS if len(groups) <= _LIST else _MOST_IN_LIST
    readings = [
        reading
        for first in range(len(groups))
        if first == 0 or text[groups[first][0] - 1] in _SEPARATE or (first == 1 and text[start].isalpha())
        for last in range(first, min(len(groups), first + most))
        if last == len(groups) - 1 or text[groups[last][1]] in _SEPARATE
        if (reading := _reading(text, groups[first : last + 1]))
    ]
    return sorted(readings, key=lambda reading: reading.start - reading.end)


def _reading(text: str, groups: list[tuple[int, int]]) -> Stretch | None:
    start, end = groups[0][0], groups[-1][1]
    # Groups of single digits are enumerations.
    if not max(_SHORTEST, 3 * len(groups) - 3) <= end - start <= _LONGEST + _MOST_GROUPS:
        return None
    prefixed = text.startswith("-", groups[0][1])  # ACC-8077273: part of the number, whatever it means
    if (not prefixed and is_link(text[start : groups[0][1]])) or is_link(text[groups[-1][0] : end]):
        return None
    return Stretch(start, end, text[start:end], "".join(text[a:b] for a, b in groups).upper())


def _groups(text: str, start: int, end: int) -> list[tuple[int, int]]:
    groups = []
    for gap in _SPLIT.finditer(text, start, end):
        groups.append((start, gap.start()))
        start = gap.end()
    groups.append((start, end))
    return groups
