"""Match patterns with little work: at lines that hold what is needed, or where a list of the matches has one wanted."""

import re
from collections.abc import Container, Iterator
from itertools import accumulate


def matches_in_lines(pattern: re.Pattern[str], text: str, signs: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern at the beginning of the lines that hold one of the signs, in order."""
    for start in sorted({start for sign in signs for start in _starts(text, sign)}):
        match = pattern.match(text, start)
        if match:
            yield match


def lines_with(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines stand, with their line breaks, in which a pattern is found that spans no lines."""
    end = 0
    while found := pattern.search(text, end):
        start = text.rfind("\n", end, found.start()) + 1 or end
        end = text.find("\n", found.end()) + 1 or len(text)
        yield start, end


def places_among(pattern: re.Pattern[str], text: str, wanted: Container[str]) -> Iterator[tuple[int, int]]:
    """Yield where a pattern matches one of the wanted strings.

    All of the pattern is its one group. To split a text is quicker than to ask each match where it stands.
    """
    parts = pattern.split(text)
    found = [index for index in range(1, len(parts), 2) if parts[index] in wanted]
    if found:
        ends = list(accumulate(map(len, parts)))
        yield from ((ends[index - 1], ends[index]) for index in found)


def _starts(text: str, sign: str) -> Iterator[int]:
    """Yield where the lines begin that hold a sign."""
    at = text.find(sign)
    while at >= 0:
        yield text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        at = text.find(sign, end) if end >= 0 else -1
