"""Find how old somebody is; by itself it says little, so it is always weak."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding

_NUMBER = re.compile(r"[0-9]{1,3}(?![0-9])")
_PERSONS = (
    r"man|woman|male|female|patient|boy|girl|gentleman|lady|m/f|[mf]\b|mann|frau|patientin|kind|junge|mädchen"
    r"|homme|femme"
    r"|hombre|mujer|varón|uomo|donna|vrouw|mulher|homem|paciente|paziente|mężczyzna|kobieta|pacjent"
)
_AHEAD = re.compile(
    r"(?:\bi(?: am|'m|’m| just turned|'ll turn| turned| will turn|'ll be)|just turned|(?:she"
    r"|he)(?: just)? turn(?:s|ed)|(?:she|he) (?:is|was)"
    r"|patient,?(?: is an?| aged?)?|\bage[ds]?(?: is)?:?|\bage\"?:|(?:mr|mrs|ms|dr)\.? [\w' -]{1,30} is an?"
    r"|alter:?|ich bin"
    r"|j'ai|j’ai|tengo|tiene|âge ?:?|âgée? de|edad ?:?|età ?:?|anni ?:|leeftijd ?:?|idade ?:?|wiek ?:?|mam) ?\Z",
    re.IGNORECASE,
)
# The words that it may end with: nothing else is worth the look.
_LAST_WORDS = (
    "am i'm i’m turned turn turns i'll be patient patient, is was a an aged age ages alter bin j'ai j’ai tengo"
    " tiene âge âgé âgée de edad età anni leeftijd idade wiek mam age: alter: edad: ge"
)
_LAST = frozenset(_LAST_WORDS.split())
_BEHIND = re.compile(
    r"[- ]?(?:years?|yrs?|y\.?o\.?|jährige[rn]?|jahre alte[rn]?)[- ]?(?:old)?[, -]{1,2}"
    rf"(?:(?:white|black|asian|hispanic|caucasian|african[- ]american) )?(?:{_PERSONS})\b"
    r"|[ ]?[MF](?=[ ,;.)])(?=.{0,40}(?:presents|complain|with|c/o))| ?J\.(?=,|$)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"[^\W\d_]*[A-ZÀ-Ý][^\W\d_]*[a-zß-ÿ]+ ?[,(] ?\Z")
_CLOSED = re.compile(r"(?: (?:ans|años|anni|Jahre|jaar|lat|anos|years old))?[,)] ?(?=[a-zA-Z])")
_WORDS = 44  # characters before a number that may speak of an age
_OLDEST = 119


def ages(text: str) -> Iterator[Finding]:
    """Yield the numbers that are said to be an age."""
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        if 0 < int(number[0]) <= _OLDEST and _stands_free(text, start, end) and _is_age(text, start, end):
            yield Finding("AGE", CLASS_OF["AGE"], start, end, 0.5, True)


def _stands_free(text: str, start: int, end: int) -> bool:
    before, behind = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or before in ("_", ".", "$", "€", "£", "/", "+", "=") or before == "-":
        return False
    return behind not in ("%", "/", "_", "$", "€") and not (
        behind in (".", ",", ":") and text[end + 1 : end + 2].isdigit()
    )


def _is_age(text: str, start: int, end: int) -> bool:
    if _BEHIND.match(text, end):
        return True
    if text[end : end + 1].isalnum():
        return False
    before = text[max(0, start - _WORDS) : start]
    if before.endswith((", ", "(", ",")) and _NAMED.search(before) and _CLOSED.match(text, end):
        return int(text[start:end]) > 15
    last = before.rstrip(' :"').rpartition(" ")[2].rpartition("\n")[2].lower()
    return last in _LAST and _AHEAD.search(before) is not None
