"""Find number plates of vehicles: by their shape where it is like nothing else, or by the words around them."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cues
from sluice.guard.values import Finding

# As plates are written; `_` is a gap. Behind a word that speaks of a vehicle.
_NEAR_CAR = (
    r"[A-ZÄÖÜ]{1,3}[- ][A-Z]{1,2}[ -]?\d{1,4}[EH]?",  # Germany
    r"[A-Z]{2}_\d{3}_[A-Z]{2}",  # France, Italy
    r"\d{4}_[BCDFGHJKLMNPRSTVWXYZ]{3}",  # Spain
    r"\d{1,4}[ -][A-Z]{2,3}[ -]\d{1,2}|[A-Z]{1,3}-\d{2,3}-[A-Z]{1,2}|\d{1,2}-[A-Z]{2,3}-[A-Z\d]{1,2}",  # Netherlands
    r"\d\d-[A-Z\d]{2}-[A-Z\d]{2}|[A-Z]{2}-\d\d-[A-Z\d]{2}",  # Portugal, Netherlands
    r"[A-Z]{2,3} \d{4,5}[A-Z]?|[A-Z]{2} \d[A-Z\d]{3}\d",  # Poland, Switzerland
    r"[A-Z]{2}\d\d_[A-Z]{3}|[A-Z]\d{1,3} [A-Z]{3}",  # Great Britain
    r"[A-Z]{2}_\d{1,2}_[A-Z]{1,3}_\d{4}",  # India
    r"[A-Z]{3}_?\d[A-Z\d]\d\d",  # Brazil
    r"\d[A-Z]{3}\d{3}|[A-Z]{3}-\d{4}",  # America
    r"[A-ZÄÖÜ]{1,2}-\d{1,5} [A-Z]{1,3}|[A-Z]{2}-\d{2,3} \d{3}",  # Austria, Switzerland
)
# Only behind a word that means plates and nothing else.
_NEAR_PLATE = (
    r"[A-ZÄÖÜ]{1,3}[- ]\d{1,6}[ ]?[A-Z]{0,3}",
    r"[A-Z]{1,2}[ -]\d{3,4}[ -][A-Z]{1,2}",
    r"[A-Z]{2,3}_(?=[A-Z]?\d)[\dA-Z]{4,5}",
    r"[A-Z]{3}_\d{3,4}|\d{3}_[A-Z]{3}",
    r"\d[A-Z]{1,2}\d?[ -]?\d{4}",
    r"(?=[A-Z]{0,6}\d)(?=\d{0,6}[A-Z])[A-Z\d]{5,8}",
)


def _plates(shapes: tuple[str, ...], flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    joined = "|".join(shape.replace("_", "[ -]?") for shape in shapes)
    return re.compile(rf"(?<![\w./@#$€£\\-])(?!0[xX])(?:{joined})(?![\w-]|[.,]\d)", flags)


_BY_CAR = _plates(_NEAR_CAR)
_BY_PLATE = _plates((*_NEAR_CAR, *_NEAR_PLATE), re.IGNORECASE)
# DÜW-EK 77, AB-123-CD, MH 12 AB 1234: hardly anything else is written so. Stroke or gap are looked for first.
_TYPICAL = (
    re.compile(r"-(?:[A-Z]{1,2} \d{1,4}[EH]?|\d{3}-[A-Z]{2})(?![\w-])"),
    re.compile(r" \d\d[ -][A-Z]{1,2}[ -]\d{4}(?![\w-])"),
)
# YK58 LXD: the two figures are a year or a year and fifty, which hardly anything else is.
_BRITISH = re.compile(r"[A-HJ-PR-Y](?<![\w-].)[A-HJ-PR-Y](?:[01]\d|2[0-6]|5[1-9]|6\d|7[0-6]) [A-HJ-PR-Z]{3}(?![\w-])")
# Right behind such a word, whatever the country.
_ANY = re.compile(
    r"[\"')\]*]{0,2}[ :=#]{1,3}(?:(?:is|ist|est|es|è|är|er|on|je|jest|no|nr|number)[.:]? {1,2})?"
    r"(?P<plate>[A-Z\d]{1,6}(?:[ -][A-Z\d]{1,5}){0,2})(?![\w-]|[.,]\d)"
)
_LEAST_ON_PLATE = 4  # letters and digits
_LEAD = re.compile(r"(?<![\w./@#-])[A-ZÄÖÜ]{1,3}\Z")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WINDOW = 48  # characters behind a word that speaks of a vehicle


def plates(cues: Cues) -> Iterator[Finding]:
    """Yield number plates."""
    for shape in _TYPICAL:
        for match in shape.finditer(cues.text):
            lead = _LEAD.search(cues.text, max(0, match.start() - 4), match.start())
            if lead:
                yield _finding(lead.start(), match.end(), 0.6)
    for match in _BRITISH.finditer(cues.text):
        yield _finding(*match.span(), 0.6)
    for cue in cues.all:
        if "vehicle" in cue.names:
            yield from _beside(cues.text, cue.end)
            yield from _told(_BY_PLATE, cues.text, cue.end, cue.end + _WINDOW)
        elif "car" in cue.names:
            yield from _told(_BY_CAR, cues.text, cue.end, cue.end + _WINDOW)
    for cell in cues.cells.all:
        if "vehicle" in cell.names:
            yield from _told(_BY_PLATE, cues.text, cell.start, cell.end)


def _told(shape: re.Pattern[str], text: str, start: int, end: int) -> Iterator[Finding]:
    plate = shape.search(text, start, min(end, len(text)))
    if plate and "\n\n" not in text[start : plate.start()]:
        yield _finding(*plate.span(), 0.65)


def _beside(text: str, start: int) -> Iterator[Finding]:
    plate = _ANY.match(text, start)
    if plate and _may_be_plate(plate["plate"]):
        yield _finding(*plate.span("plate"), 0.6)


def _may_be_plate(written: str) -> bool:
    signs, digits = sum(map(str.isalnum, written)), sum(map(str.isdigit, written))
    return signs >= _LEAST_ON_PLATE and digits > 1 and not _YEAR.fullmatch(written)


def _finding(start: int, end: int, score: float) -> Finding:
    return Finding("VEHICLE_NUMBER", CLASS_OF["VEHICLE_NUMBER"], start, end, score)
