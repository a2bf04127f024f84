"""Undo what a reader of pictures gets wrong, so that a pattern still recognises a value."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sluice.guard import Finding
from sluice.guard.spans import resolve

# Letters that are taken for digits among digits, and the other way round.
_DIGIT_FOR = str.maketrans("OoQIl|SZB", "000111528")
_MIXED = re.compile(r"[A-Za-z0-9|]{4,40}")
_COUNTRY = re.compile(r"[A-Z]{2}\d")  # an IBAN begins so
_LOST_BEFORE_AT = re.compile(r"(?<=\w)[ ](?=@\w)")
_ENDINGS = "com|net|org|edu|gov|info|biz|io|co|eu|uk|us|ca|au|de|at|ch|fr|be|nl|es|it|pl|pt|br|in|se|dk|fi|no|ie"
_LOST_DOT = re.compile(rf"(@[\w-]{{1,60}}(?:\.[\w-]{{1,60}}){{0,4}})(?<!\.)[ ](?=(?:{_ENDINGS})\b)")
_ENDED = re.compile(rf"\.(?:{_ENDINGS})\Z")
_ADDRESS = re.compile(r"(?<![\d.])\d{1,3}[. ]\d{1,3}[. ]\d{1,3}[. ]\d{1,3}(?![\d.])")


@dataclass(frozen=True, slots=True)
class Readings:
    """Ways to read one text, all of one length, so that a place in one is the same place in all."""

    text: str
    others: tuple[str, ...]


def readings(text: str) -> Readings:
    """Return the text and what it may have been before it was misread.

    Small type loses the dots of addresses to white space, and digits and letters of one shape are mistaken.
    """
    dotted = _ADDRESS.sub(_with_dots, _LOST_DOT.sub(_with_ending, _LOST_BEFORE_AT.sub("_", text)))
    digits = _MIXED.sub(_as_digits, dotted)
    return Readings(text, tuple(other for other in dict.fromkeys((dotted, digits)) if other != text))


def together(read: Readings, found: Sequence[Sequence[Finding]]) -> list[Finding]:
    """Return the findings of all readings as findings of the text."""
    return resolve(read.text, [finding for one in found for finding in one])


def _with_ending(match: re.Match[str]) -> str:
    return match[0] if _ENDED.search(match[1]) else f"{match[1]}."


def _with_dots(match: re.Match[str]) -> str:
    # Without any dot it may be a telephone number or a column of a table.
    return match[0].replace(" ", ".") if "." in match[0] else match[0]


def _as_digits(match: re.Match[str]) -> str:
    word = match[0]
    if sum(sign.isdigit() for sign in word) * 2 < len(word):
        return word
    head = 2 if _COUNTRY.match(word) else 0
    return word[:head] + word[head:].translate(_DIGIT_FOR)
