"""Texts that are encoded as base64 or in hexadecimal digits: each stands for the whole of its code."""

import base64
import re
from collections.abc import Iterable, Iterator

from sluice.guard.disguises.reading import Edit, Reading
from sluice.guard.disguises.words import Words

_BASE64 = re.compile(r"[A-Za-z0-9+/_\-]{20,}={0,2}")
_HEX = re.compile(r"(?:0x)?(?:[0-9a-fA-F]{2}){12,}")
_SPACE = re.compile(r"[\s>]+")
_PRINTABLE = re.compile(r"[\t\n\r -~\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")

_LEAST = 20  # characters of a code; shorter ones hide nothing that is found
_LINE = 40  # characters of a line after which a code may go on in the next
_MOST = 200_000
_BEGINNING = 64  # characters that are decoded first, since images and archives show at once that they are no text
_GAP = 24  # characters of white space and quote marks between its lines
_LAYERS = 2  # of codes within codes


def decoded(reading: Reading, words: Words, layer: int = 1) -> Iterator[Reading]:
    """Yield the texts that are encoded in a reading, of which `words` are the words."""
    for start, end, text in _codes(reading.text, words):
        inner = reading.rewritten([Edit(0, start, ""), Edit(start, end, text), Edit(end, len(reading.text), "")])
        yield inner
        if layer < _LAYERS:
            yield from decoded(inner, Words.of(text), layer + 1)


def _codes(text: str, words: Words) -> Iterator[tuple[int, int, str]]:
    for start, end, parts in _joined(word for word in words.long if word[1] - word[0] >= _LEAST):
        plain = _from_base64(text[start : min(end, start + _MOST)]) if parts > 1 else None
        if plain is not None:
            yield start, end, plain
        else:
            yield from _within(text, start, end)


def _within(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for pattern, decode in ((_HEX, _from_hex), (_BASE64, _from_base64)):
        for match in pattern.finditer(text, start, end):
            plain = decode(match[0][:_MOST])
            if plain is not None:
                yield *match.span(), plain


def _joined(words: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield the words, those that one code fills line by line as one, with the number of their parts."""
    first: tuple[int, int, int] | None = None
    for start, end in words:
        if first and start - first[1] <= _GAP and first[1] - first[0] >= _LINE:
            first = first[0], end, first[2] + 1
            continue
        if first:
            yield first
        first = start, end, 1
    if first:
        yield first


def _from_base64(code: str) -> str | None:
    if code.islower():  # No code of a text is; long words, names and paths are.
        return None
    code = _SPACE.sub("", code).rstrip("=").replace("-", "+").replace("_", "/")
    code = code[: len(code) - (len(code) % 4 == 1)]
    beginning = code[:_BEGINNING]
    if _text(_bytes(beginning), whole=len(code) <= _BEGINNING) is None:
        return None
    return _text(_bytes(code), whole=True)


def _bytes(code: str) -> bytes:
    try:
        return base64.b64decode(code + "=" * (-len(code) % 4), validate=True)
    except ValueError:
        return b""


def _from_hex(code: str) -> str | None:
    return _text(bytes.fromhex(code.removeprefix("0x")), whole=True)


def _text(data: bytes, *, whole: bool) -> str | None:
    """Return the text that the bytes are, or None if they are none. Cut bytes may end within a character."""
    for encoding in ("utf-8", "utf-16-le") if b"\x00" in data else ("utf-8",):
        try:
            text = data.decode(encoding, "strict" if whole else "ignore")
        except UnicodeDecodeError:
            continue
        if len(text) >= 6 and _PRINTABLE.fullmatch(text) and (text.isascii() or whole):
            return text
    return None
