"""Match a pattern at the beginning of those lines only that hold what it needs."""

import re
from collections.abc import Iterator


def matches_in_lines(pattern: re.Pattern[str], text: str, signs: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern at the beginning of the lines that hold one of the signs, in order."""
    for start in sorted({start for sign in signs for start in _starts(text, sign)}):
        match = pattern.match(text, start)
        if match:
            yield match


def _starts(text: str, sign: str) -> Iterator[int]:
    """Yield where the lines begin that hold a sign."""
    at = text.find(sign)
    while at >= 0:
        yield text.rfind("\n", 0, at) + 1
        end = text.find("\n", at)
        at = text.find(sign, end) if end >= 0 else -1
