"""Find what somebody says or spells on the telephone: numbers in words, letters one by one, dates in words."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.dates import MONTHS
from sluice.guard.values import Finding

_SCORE = 0.5
_DIGIT = (
    "oh|zero|one|two|three|four|five|six|seven|eight|nine|double|triple|hundred|null|eins|zwo|zwei|drei|vier|fünf|sechs"
    "|sieben|acht|neun|doppel|deux|trois|quatre|cinq|sept|huit|neuf|cero|uno|dos|tres|cuatro|cinco|seis|siete"
    "|ocho|nueve|due|quattro|cinque|sei|sette|otto|nove"
)
_TEN = (
    r"ten|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|zehn|elf|zwölf|\w{3,6}zehn"
    r"|\w{0,12}(?:zig|dreißig)|vingt|trente|quarante|cinquante|soixante|veinte|\w{3,6}enta|venti|\w{3,6}anta"
)
_JOINT = r"[ ,.-]{1,2}"
# oh seven seven double oh, nine hundred, four one two; Y D two one K L M; B for Bravo is left to the names
_SPELLED = re.compile(
    rf"(?<![\w'’])(?:{_DIGIT}|[A-Z](?!['’]))(?:{_JOINT}(?:{_DIGIT}|{_TEN}|[A-Z])(?![\w'’])){{4,30}}", re.IGNORECASE
)
_DIGITS = frozenset(_DIGIT.split("|"))
_LETTERS = re.compile(r"[A-Z](?<!\w.)[ .-][A-Z][ .-][A-Z](?!\w)")
_ENDS_OF_TENS = (
    "teen",
    "ty",
    "ten",
    "ven",
    "lve",
    "zehn",
    "elf",
    "wölf",
    "zig",
    "ßig",
    "ngt",
    "nte",
    "enta",
    "anta",
    "nti",
)
_SAID = re.compile(rf"(?<!\w)(?:{_DIGIT}|{_TEN})(?!\w)", re.IGNORECASE)
# June nineteen eighty-eight, Mai vierundsiebzig
_DATE = re.compile(rf"(?<!\w)(?:{MONTHS})[ ,]{{1,2}}(?:{_TEN})(?:[ -](?:{_TEN}|{_DIGIT})){{0,3}}(?!\w)", re.IGNORECASE)


def spelled(text: str) -> Iterator[Finding]:
    """Yield what is spelled in a text that is surely about somebody; all weak."""
    # Sets of words and single letters are looked up faster than the patterns are tried everywhere.
    words = set(text.lower().replace(",", " ").replace("-", " ").split())
    if not _DIGITS.isdisjoint(words) or _LETTERS.search(text):
        for match in _SPELLED.finditer(text):
            if _SAID.search(match[0]) or match[0].isupper():
                yield _weak("CUSTOMER_NUMBER", *match.span())
    if any(word.rstrip(".").endswith(_ENDS_OF_TENS) for word in words):
        for match in _DATE.finditer(text):
            yield _weak("DATE_OF_BIRTH", *match.span())


def _weak(kind: str, start: int, end: int) -> Finding:
    return Finding(kind, CLASS_OF[kind], start, end, _SCORE, True)
