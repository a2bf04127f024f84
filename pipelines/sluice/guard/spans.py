"""Keep findings in order: cut overlaps, trim edges, leave out what is allowed."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from sluice.guard.values import Finding

_TOLD = re.compile("[^\\W_]|[\U000e0020-\U000e007e]")


def resolve(text: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in order of place that never overlap and cover all that was found.

    Where two overlap, the stronger keeps its span and the weaker keeps what is left of it, so that
    no character that somebody found is lost. Those of one type that overlap become one.
    """
    free = _Line()
    for finding in sorted(_merged(findings), key=_strongest_first):
        for start, end in free.take(finding.start, finding.end):
            free.kept.extend(trimmed(text, _at(finding, start, end)))
    return sorted(free.kept, key=lambda finding: finding.start)


def trimmed(text: str, finding: Finding) -> list[Finding]:
    """Return the finding without white space at its edges; nothing if it holds no letter or digit."""
    part = text[finding.start : finding.end]
    if part[:1].isalnum() and not part[-1:].isspace():
        return [_at(finding, finding.start, finding.start + len(part))]
    # Characters of this block spell ASCII that no program shows.
    if not _TOLD.search(part):
        return []
    start = finding.start + len(part) - len(part.lstrip())
    return [_at(finding, start, start + len(part.strip()))]


def without_allowed(text: str, findings: Sequence[Finding], allow: Sequence[str]) -> list[Finding]:
    """Return the findings that do not lie wholly within an occurrence of an allowed string.

    Letter case does not matter, and an occurrence counts only as whole words: allowing `Ann` does
    not allow `Annabel`.
    """
    if not allow or not findings:
        return list(findings)
    allowed = [match.span() for string in allow if string for match in _whole(string).finditer(text)]
    return [
        finding
        for finding in findings
        if not any(start <= finding.start and finding.end <= end for start, end in allowed)
    ]


def _at(finding: Finding, start: int, end: int) -> Finding:
    if (start, end) == (finding.start, finding.end):
        return finding
    return replace(finding, start=start, end=end)


def _whole(string: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(string)}(?!\w)", re.IGNORECASE)


def _merged(findings: Iterable[Finding]) -> list[Finding]:
    merged: dict[str, list[Finding]] = {}
    for finding in sorted(findings, key=lambda finding: (finding.start, finding.end)):
        same = merged.setdefault(finding.type, [])
        if same and finding.start < same[-1].end:
            last = same[-1]
            same[-1] = replace(last, end=max(last.end, finding.end), score=max(last.score, finding.score))
        else:
            same.append(finding)
    return [finding for same in merged.values() for finding in same]


def _strongest_first(finding: Finding) -> tuple[bool, float, int, int, str]:
    # A secret first: a password inside a connection string must not be told as an e-mail address.
    length = finding.end - finding.start
    return finding.klass != "secret", -finding.score, -length, finding.start, finding.type


class _Line:
    """The characters that are taken, as sorted stretches, and the findings kept so far."""

    def __init__(self) -> None:
        self.kept: list[Finding] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def take(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return the parts of [start, end) that were free, and take them."""
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        edges = [start]
        for index in range(first, last):
            edges += [self._starts[index], self._ends[index]]
        edges.append(end)
        gaps = [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b]
        if first < last:
            start, end = min(start, self._starts[first]), max(end, self._ends[last - 1])
        self._starts[first:last] = [start]
        self._ends[first:last] = [end]
        return gaps
