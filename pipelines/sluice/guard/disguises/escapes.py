"""Escapes of JSON and code, of HTML, of addresses, and of mail, undone."""

import re
from collections.abc import Callable, Iterator
from html import unescape

from sluice.guard.disguises.reading import Edit

# However often a text was put into JSON, what stands behind the backslashes is the same sign.
_BACKSLASH = re.compile(
    r"\\{1,32}(?:u([dD][89abAB][0-9a-fA-F]{2})\\{1,32}u([dD][c-fC-F][0-9a-fA-F]{2})|u\{([0-9a-fA-F]{1,6})\}|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})"
    r"|x([0-9a-fA-F]{2})|([0-3][0-7]{2})|([nrtbf\"'/@]))"
)
_SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_PERCENT = re.compile(r"%[0-7][0-9a-fA-F]|(?:%[89a-fA-F][0-9a-fA-F]){2,4}")
_MAIL = re.compile(r"=[0-9A-F]{2}(?:=[89A-F][0-9A-F])*|=\r?\n")
_MAIL_SIGNS = ("=3D", "=40", "=2D", "=5F")


def edits(text: str) -> Iterator[Edit]:
    """Yield the edits that leave what a program would make of the escapes."""
    found: list[Edit] = []
    if "\\" in text:
        found += _replaced(_BACKSLASH, text, _sign)
    if "&" in text and ";" in text:
        found += _replaced(_ENTITY, text, lambda match: unescape(match[0]))
    if "%" in text:
        found += _replaced(_PERCENT, text, lambda match: _decoded(match[0].replace("%", "")))
    if any(sign in text for sign in _MAIL_SIGNS):
        found += _replaced(_MAIL, text, lambda match: _decoded(match[0].replace("=", "").strip()))
    yield from _apart(sorted(found, key=lambda edit: (edit.start, -edit.end)))


def _replaced(pattern: re.Pattern[str], text: str, sign: Callable[[re.Match[str]], str | None]) -> Iterator[Edit]:
    for match in pattern.finditer(text):
        plain = sign(match)
        if plain is not None and plain != match[0]:
            yield Edit(match.start(), match.end(), plain)


def _sign(match: re.Match[str]) -> str | None:
    high, low, braced, short, long, byte, octal, letter = match.groups()
    if high:
        return chr(0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00))
    if code := braced or short or long or byte:
        return _character(int(code, 16))
    if octal:
        return _character(int(octal, 8))
    return _SIGNS.get(letter, letter) if letter else None


def _character(code: int) -> str:
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else "\ufffd"


def _decoded(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-8", "replace")


def _apart(ordered: list[Edit]) -> Iterator[Edit]:
    """Yield edits that do not overlap: of two that do, the first."""
    done = 0
    for edit in ordered:
        if edit.start >= done:
            yield edit
            done = edit.end
