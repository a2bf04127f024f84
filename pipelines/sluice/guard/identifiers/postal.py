"""Find postal codes that stand without a street: behind their label, or beside a city or state."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cues
from sluice.guard.identifiers.tails import CITY_WORD, sure_codes
from sluice.guard.identifiers.ways import STATE
from sluice.guard.values import Finding

_NUMBER = re.compile(r"[0-9](?<![\w.,/$€£-][0-9])\d{1,4}(?:-\d{3,4})?(?![\w]|[.,]\d)")
_STATE_BEFORE = re.compile(rf"(?<!\w){CITY_WORD},? (?:{STATE}),? \Z")
_IN_LINE = re.compile(
    rf"(?: [A-Z]{{2}})?[ ]{CITY_WORD}(?:[ -]{CITY_WORD}){{0,3}}(?: \([A-Z]{{2}}\)| [A-Z]{{2}})?[ .]{{0,2}}(?:\n|\Z)"
)
_DUTCH = re.compile(rf" ?[A-Z]{{2}},? {CITY_WORD}")
_POLISH = re.compile(rf" {CITY_WORD}")
_VALUE = re.compile(
    r"[\"')\]*]{0,3}(?: ?(?:is|ist|est|es|è|jest|number|no\.?|nummer|numero))?"
    r"[ \t]{0,3}(?:[:=|>\t]|\.{2,40})?[ \t]{0,20}[\"']?"
    r"(?P<code>(?=[A-Za-z]{0,2}[ -]?\d)[A-Za-z0-9]{2,6}(?:[ -][A-Za-z0-9]{2,4})?)(?!\w|[.,]\d)"
)
_CITY = re.compile(rf",? ({CITY_WORD}(?:[ -]{CITY_WORD}){{0,3}})")
_CODE = re.compile(r"\d{4,6}|\d{4} ?[A-Za-z]{2}|\d\d-\d{3}|\d{3} \d\d|\d{5}-\d{3,4}|[A-Za-z]{1,2}[ -]?\d.*")
_CELL = re.compile(r"[A-Za-z0-9 -]{3,10}")


def postal_codes(cues: Cues) -> Iterator[Finding]:
    """Yield postal codes. Alone they only narrow down where somebody lives, so they are weak."""
    text = cues.text
    for cell in cues.cells.all:
        if "postal" in cell.names and _CELL.fullmatch(text, cell.start, cell.end):
            yield _finding(cell.start, cell.end)
    for cue in cues.all:
        if "postal" in cue.names:
            value = _VALUE.match(text, cue.end)
            if value and _CODE.fullmatch(value["code"]):
                yield _finding(*value.span("code"))
                yield from _city(text, value.end())
    for start, end in sure_codes(text):
        yield _finding(start, end)
    for number in _NUMBER.finditer(text):
        end = _end(text, number)
        if end:
            yield _finding(number.start(), end)


def _city(text: str, start: int) -> Iterator[Finding]:
    city = _CITY.match(text, start)
    if city:
        yield Finding("LOCATION", CLASS_OF["LOCATION"], city.start(1), city.end(), 0.5, True)


def _end(text: str, number: re.Match[str]) -> int:
    """Return where a code ends that begins with this number, 0 if nothing beside it says that it is one."""
    start, end = number.span()
    digits = number[0]
    if len(digits) == 9 and digits[5:6] == "-":  # Brazil
        return end
    if len(digits) in (5, 10) and _STATE_BEFORE.search(text, max(0, start - 40), start):
        return end
    if len(digits) == 4 and _DUTCH.match(text, end):
        return text.index(digits, start) + len(digits) + (3 if text[end] == " " else 2)
    if len(digits) == 6 and digits[2] == "-" and _POLISH.match(text, end):
        return end
    alone = digits.isdigit() and len(digits) in (4, 5) and text[start - 1 : start] in ("\n", " ", "-")
    return end if alone and _begins_line(text, start) and _IN_LINE.match(text, end) else 0


def _begins_line(text: str, start: int) -> bool:
    before = text[max(0, start - 12) : start].rpartition("\n")
    return bool(before[1]) and before[2].strip(" \t>|*") in ("", "D-", "A-", "CH-", "F-", "I-", "B-", "L-", "E-")


def _finding(start: int, end: int) -> Finding:
    return Finding("POSTAL_CODE", CLASS_OF["POSTAL_CODE"], start, end, 0.6, True)
