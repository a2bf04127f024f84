"""Find dates of birth, where words tie them to a person; a bare date says nothing."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cue, Cues
from sluice.guard.identifiers.dates import DATE, is_of_living
from sluice.guard.values import Finding

_REACH = 60  # characters from the word to the date
_BACK = 16  # characters from the date back to a word in brackets behind it
_BEHIND = re.compile(r"\s?[(,]?\s?\w")
# Medical notes and family books: `Nwachukwu, *5.5.67`, `(b. 12/03/1956)`, `Miller (F, 12.03.1956)`.
_STAR = re.compile(r"\*\s?(?=\d)")
_SHORT = re.compile(r"(?<=[(, ])b\. ?(?=\d)")
# `Patientin: Ilse Kranz, 12.03.1954`, `Kind: Xaver, 12.5.2019`
_NAME = re.compile(r"[^\n\d]{3,48}[,(;] ?(?:[mfwMFWV], ?)?(?=\d)")


def births(cues: Cues) -> Iterator[Finding]:
    """Yield dates of birth. Those that only a sentence tells are weak: it may speak of somebody in a book."""
    for cell in cues.cells.all:
        if "birth" in cell.names:
            yield from _dated(cues.text, cell.start, cell.end, weak=False)
    for cue in cues.all:
        if cue.names & {"birth", "born"}:
            yield from _told(cues.text, cue)
        elif cue.names & {"patient", "relative"}:
            yield from _of_patient(cues.text, cue)
    yield from _marked(cues.text)


def _told(text: str, cue: Cue) -> Iterator[Finding]:
    weak = "birth" not in cue.names and not _of_speaker(text, cue)
    found = list(_dated(text, cue.end, cue.end + _REACH, weak=weak))
    yield from found or _before(text, cue)


def _of_speaker(text: str, cue: Cue) -> bool:
    words = text[max(0, cue.start - 12) : cue.start].lower().split()
    return words[-1:] == ["i"] or words[-2:] in (["i", "was"], ["i", "am"], ["i", "got"]) or "ich" in words


def _dated(text: str, start: int, end: int, *, weak: bool) -> Iterator[Finding]:
    """Yield the first date of a stretch, unless a paragraph ends before it."""
    date = DATE.search(text, start, min(len(text), end))
    if date and "\n\n" not in text[start : date.start()] and is_of_living(date[0]):
        yield _birth(date, weak=weak)


def _before(text: str, cue: Cue) -> Iterator[Finding]:
    """Yield a date that the word explains from behind: `12.03.1980 (Geburtsdatum)`."""
    if "birth" not in cue.names or "\n" in text[cue.start - 3 : cue.start]:
        return
    for date in DATE.finditer(text, max(0, cue.start - _BACK), cue.start):
        if _BEHIND.match(text, date.end()) and is_of_living(date[0]):
            yield _birth(date, weak=False)


def _marked(text: str) -> Iterator[Finding]:
    for sign, pattern in (("*", _STAR), ("b.", _SHORT)):
        if sign in text:
            for match in pattern.finditer(text):
                date = DATE.match(text, match.end())
                if date and is_of_living(date[0]):
                    yield _birth(date, weak=sign != "*")


def _of_patient(text: str, cue: Cue) -> Iterator[Finding]:
    name = _NAME.match(text, cue.end)
    date = DATE.match(text, name.end()) if name else None
    if date and is_of_living(date[0]):
        yield _birth(date, weak=False)


def _birth(date: re.Match[str], *, weak: bool) -> Finding:
    return Finding("DATE_OF_BIRTH", CLASS_OF["DATE_OF_BIRTH"], *date.span(), 0.6 if weak else 0.9, weak)
