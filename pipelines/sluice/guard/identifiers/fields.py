"""Read what forms and tables say of a place: the street and the city behind their labels."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.addresses import extended
from sluice.guard.identifiers.cues import Cues
from sluice.guard.values import Finding

# `Street: value`, "street": "value", street = 'value', Street ........ value; the value up to where the field ends.
_FIELD = re.compile(
    r"[\"'`)\]*]{0,3}(?:[ \t]{0,8}(?::|=|\||\.{3,40}|…)"
    r"|\t)[ \t]{0,20}(?:\*{2})?[ \t]?(?P<quote>[\"']?)(?P<value>\w[^\n\"|;{}\[\]<>=]{1,90})"
)
_LETTER = re.compile(r"[^\W\d_]")
_DIGIT = re.compile(r"\d")
_HOUSE = re.compile(r"(?<![\w.])\d{1,5}[A-Za-z]?(?![\w.]\w)")
_GAP_IN_LINE = re.compile(r"[ \t]{3,}|\t|, ?[\"']|[ ,]{1,2}[\w ]{2,20}:")
_LONGEST_CITY = 40


def fields(cues: Cues) -> Iterator[Finding]:
    """Yield streets, which are sure if they have a number, and cities, which are weak."""
    for cell in cues.cells.all:
        yield from _place(cues.text, cell.start, cell.end, cell.names)
    if ":" not in cues.text and "=" not in cues.text and "\t" not in cues.text and "..." not in cues.text:
        return
    for cue in cues.all:
        if cue.names & {"street", "city"}:
            field = _FIELD.match(cues.text, cue.end)
            if field:
                start, end = _trimmed(cues.text, field)
                yield from _place(cues.text, start, end, cue.names)


def _trimmed(text: str, field: re.Match[str]) -> tuple[int, int]:
    """Return where the value stands, up to a wide gap, the next field or its closing quote."""
    start, end = field.span("value")
    ending = _GAP_IN_LINE.search(text, start, end)
    if ending:
        end = ending.start()
    if field["quote"] == "'" and "'" in text[start:end]:
        end = text.index("'", start)
    value = text[start:end]
    return start + len(value) - len(value.lstrip()), start + len(value.rstrip(" ,.'\t"))


def _place(text: str, start: int, end: int, names: frozenset[str]) -> Iterator[Finding]:
    value = text[start:end]
    if not _LETTER.search(value):
        return
    if "street" in names and "@" not in value and "//" not in value and _HOUSE.search(value) and " " in value:
        yield Finding("STREET_ADDRESS", CLASS_OF["STREET_ADDRESS"], start, max(end, extended(text, end)), 0.8)
    elif "city" in names and end - start <= _LONGEST_CITY and not _DIGIT.search(value) and value.count(" ") < 5:
        yield Finding("LOCATION", CLASS_OF["LOCATION"], start, end, 0.5, True)
