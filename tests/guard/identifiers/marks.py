"""Read where in a text of a table the values stand that must be found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sluice.guard import Finding
from sluice.guard.identifiers import Identifiers

_MARK = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)


def marked(source: str) -> tuple[str, list[tuple[int, int]]]:
    """Return `a [[b]] c` without its marks, and where each marked value stands."""
    parts: list[str] = []
    spans: list[tuple[int, int]] = []
    length = done = 0
    for match in _MARK.finditer(source):
        before = source[done : match.start()]
        start = length + len(before)
        spans.append((start, start + len(match[1])))
        parts += [before, match[1]]
        length, done = spans[-1][1], match.end()
    return "".join([*parts, source[done:]]), spans


def missed(source: str, *kinds: str) -> list[str]:
    """Return the marked values of which a character is in no finding of these kinds; of any kind without them."""
    text, spans = marked(source)
    findings = [found for found in Identifiers().find(text) if not kinds or found.type in kinds]
    return [text[start:end] for start, end in spans if not _covered(text, start, end, findings)]


def _covered(text: str, start: int, end: int, findings: Iterable[Finding]) -> bool:
    found = {place for finding in findings for place in range(finding.start, finding.end)}
    return all(place in found for place in range(start, end) if text[place].isalnum())
