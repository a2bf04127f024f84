"""Recognize an address, whatever its street is called, by the postal code behind it."""

import re

from sluice.guard.identifiers.streets import CAP, CAPITAL, HOUSE, LETTER, NAME_PART, NUMBERING
from sluice.guard.identifiers.tails import CA_CODE, CITY, GAP, IE_CODE, UK_CODE, UNIT
from sluice.guard.identifiers.ways import ENDING, LITTLE, NO_STREET, STATE

_BEFORE = 72  # characters before a number in which the name of its street may begin
_NO_CITY_WORDS = "and are was were und ist sind the for from plus minus but not oder euro dollars units pieces times"
_NO_CITY = frozenset(_NO_CITY_WORDS.split()) | NO_STREET
_PARTED = r"(?:[ \t]?[,;][ ]?|[ ][-–][ ]|[ \t]?[,;]?[ ]?\n[ \t>|]{0,8})"
# 10115 Berlin, D-10115 Berlin, 295 46 Slavonice, 1012 AB Amsterdam, 00-950 Warszawa
_LONG_CODE = r"(?:[A-Z]{1,3}-)?(?:\d{5}-?\d{3}|\d{5,6}|\d{3} \d\d|\d\d-\d{3}|\d{4}-\d{3}|\d{4} ?[A-Za-z]{2})(?![\w-])"
_CODE_FIRST = re.compile(
    rf"(?:{_PARTED}{_LONG_CODE}[ ,;\n]{{1,2}}(?P<city>{LETTER}{{3,}})"
    # With four digits, or nothing between, only in front of a capital: 8439 Meyrin
    rf"|(?:{_PARTED}(?:[A-Z]{{1,2}}-)?\d{{4}}|[ ]{_LONG_CODE})[ ,;\n]{{1,2}}(?P<town>{CAPITAL}{LETTER}{{2,}}))"
)
_SURE = rf"(?:{UK_CODE}|{CA_CODE}|{IE_CODE})"
# Springfield, IL 62704; London SW1A 1AA; Melbourne, VIC, 3000; Kurnool 683949; Cuenca, 48286
_CITY_FIRST = re.compile(
    rf"{GAP}(?:{CITY}{GAP}){{0,2}}(?:(?:{STATE}|[A-Z]{{2,5}}),?[ ]\d{{4,5}}(?:-\d{{4}})?|{_SURE})(?!\w)"
    rf"|{_PARTED}{CITY}(?:[ -]\d{{6}}|{_PARTED}\d{{5}})(?![\w-])"
    rf"|,?[ \n](?:[a-z'’.-]{{2,20}}[ ,\n]{{1,2}}){{1,4}}(?i:(?<=, )(?:{STATE}) \d{{5}}|(?:{_SURE}))(?!\w)"
)
_NAME_BEFORE = re.compile(
    rf"(?:(?:(?<=[,;:\n] )|(?<=[,;:\n])|(?<=\A))(?:{LETTER}{NAME_PART}{{0,24}} ){{0,4}}{LETTER}{NAME_PART}{{0,30}}"
    rf"|(?<![\w.'’-])(?:{CAP} (?:(?:{CAP}|{LITTLE}) ){{0,4}})?{CAP}),?[ ]{NUMBERING}\Z"
)
_SMALL_BEFORE = re.compile(rf"(?<![\w-])[a-zß-ÿ][\w'’-]{{1,40}}(?:{ENDING}),?[ ]{NUMBERING}\Z")
_SMALL_CITY = re.compile(rf"{_PARTED}(?!20[012]\d)\d{{4}}[ ,;\n]{{1,2}}[a-zß-ÿ]{{3,}}")
_NAME_BEHIND = re.compile(
    rf"{HOUSE},? (?:{CAP}(?:[ ](?:{CAP}|{LITTLE})(?!\w)){{0,5}}|[a-z'’-]{{2,20}}(?: [a-z'’-]{{2,20}}){{0,3}})(?!\w)"
)
_WORD = re.compile(rf"{LETTER}{NAME_PART}{{1,30}}")

_BEFORE_CODE = frozenset(" \t\n,;#|/·-–")  # right behind the first line of an address that goes on

Place = tuple[int, int]


def named_before(text: str, number: re.Match[str]) -> Place | None:
    """Return a name and the number behind it, if a postal code follows: `Panenská 6, 295 46 Slavonice`."""
    if not is_coded(text, number.end()) and not _in_small_letters(text, number):
        return None
    lowest = max(0, number.start() - _BEFORE)
    name = _NAME_BEFORE.search(text, lowest, number.start()) or _SMALL_BEFORE.search(text, lowest, number.start())
    if name is None or not _may_be_street(name[0]):
        return None
    return name.start(), number.end()


def _in_small_letters(text: str, number: re.Match[str]) -> bool:
    """Say whether a street and a city stand around the number: `dirklaan 581, 1553 oelegem`."""
    lowest = max(0, number.start() - _BEFORE)
    city = _SMALL_CITY.match(text, number.end())
    return city is not None and _SMALL_BEFORE.search(text, lowest, number.start()) is not None


def named_behind(text: str, start: int) -> Place | None:
    """Return a number and the name behind it, if a postal code follows: `59, Lal Zila, Kurnool 683949`."""
    name = _NAME_BEHIND.match(text, start)
    if name is None or text[name.end() : name.end() + 1] not in _BEFORE_CODE or not _may_be_street(name[0]):
        return None
    return name.span() if _CITY_FIRST.match(text, _behind_units(text, name.end())) else None


def is_coded(text: str, end: int) -> bool:
    """Say whether a postal code with its city follows, behind flats and floors if there are any."""
    if text[end : end + 1] not in _BEFORE_CODE:
        return False
    end = _behind_units(text, end)
    code = _CODE_FIRST.match(text, end)
    if code:
        return (code["city"] or code["town"]).lower() not in _NO_CITY
    return _CITY_FIRST.match(text, end) is not None


def _behind_units(text: str, end: int) -> int:
    for _ in range(2):
        unit = UNIT.match(text, end)
        end = unit.end() if unit else end
    return end


def _may_be_street(name: str) -> bool:
    words = [word.lower() for word in _WORD.findall(name)]
    return bool(words) and words[0] not in NO_STREET and words[-1] not in NO_STREET
