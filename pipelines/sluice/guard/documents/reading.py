"""A text as the recognizers of documents see it: its words and lines, each computed once and only if asked for."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding

_WORD = re.compile(r"[^\W_]+")
_CODE_LINE = re.compile(
    r"^[ \t>+]*(?:(?:import|from|def|class|function|func|fn|public|private|protected|package|using"
    r"|namespace|const|let|var|"
    r"return|raise|throw|if|for|while|struct|enum|interface|module|require|use|export|select|create"
    r"|insert|static|void|int|async)\b"
    r"[^\n]{0,300}[\w)({;:=\]>'\"]$|#include|[\w.\[\]'\"]{1,80} ?[-+:]?= ?\S|[}\])]{1,9}[;,)]{0,9}$"
    r"|@\w|[^\n]{0,300}[;{}][ \t]*$)",
    re.MULTILINE,
)
_SAMPLE = 6_000  # characters that show whether a text is code


class Reading:
    """One text; places in `lowered` are places in `text`."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lowered(self) -> str:
        lowered = self.text.lower()
        if len(lowered) == len(self.text):
            return lowered
        # A few letters grow when lowered (İ); they stay, so that places remain true.
        return "".join(low if len(low := letter.lower()) == 1 else letter for letter in self.text)

    @cached_property
    def words(self) -> list[str]:
        """Every word in lower case, in order."""
        return words_in(self.lowered)

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where each of `words` stands."""
        return [match.span() for match in _WORD.finditer(self.lowered)]

    @cached_property
    def known(self) -> frozenset[str]:
        return frozenset(self.words)

    @cached_property
    def is_code(self) -> bool:
        """Whether two lines and a third of them, or three and a fifth, are written as code is."""
        sample = self.text[:_SAMPLE]
        lines = sum(1 for line in sample.split("\n") if line.strip())
        code = len(_CODE_LINE.findall(sample))
        return (code >= 3 and code * 5 >= lines) or (code >= 2 and code * 3 >= lines)

    @cached_property
    def line_starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def line_at(self, place: int) -> tuple[int, int]:
        """Return where the line around a place starts and ends, without its line break."""
        index = bisect_right(self.line_starts, place)
        start = self.line_starts[index - 1]
        end = self.line_starts[index] - 1 if index < len(self.line_starts) else len(self.text)
        return start, end

    def places_of(self, stems: Iterable[str]) -> list[int]:
        """Return every place where one of these lower-case strings stands; few texts have any."""
        lowered = self.lowered
        return [at for stem in stems if stem in lowered for at in self.occurrences(stem)]

    def occurrences(self, stem: str) -> list[int]:
        """Return every place where a lower-case string stands."""
        places = []
        at = self.lowered.find(stem)
        while at >= 0:
            places.append(at)
            at = self.lowered.find(stem, at + len(stem))
        return places


def words_in(lowered: str) -> list[str]:
    """Return every word of a text in lower case, in order."""
    return _WORD.findall(lowered)


def found(type: str, start: int, end: int, score: float, *, weak: bool = False) -> Finding:
    """Return a finding with the class that its type belongs to."""
    return Finding(type, CLASS_OF[type], start, end, score, weak)
