"""Mask a text that is JSON by its values, so that it stays JSON and all else in it stays as it was written."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sluice.masking.map import Map
from sluice.masking.text import Mark, MaskedText, Span, masked, register

_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_BROKEN = re.compile(r"\\(?:u[0-9a-fA-F]{0,3})?\Z")
_UNIT = re.compile(r"\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL)


def is_json(text: str) -> bool:
    """Whether a text is the JSON of an object or a list."""
    if text.lstrip()[:1] not in ("{", "["):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def register_json(text: str, spans: Sequence[Span], map: Map) -> None:
    """Give everything found in a text of JSON its placeholder, as its values read."""
    for value in _values(text, spans):
        register(value.text, value.spans, map)


def mask_json(text: str, spans: Sequence[Span], map: Map) -> MaskedText:
    """Return the text with placeholders within its strings, and in place of numbers that are private."""
    pieces, marks, end = [], [], 0
    for value in _values(text, spans):
        result = masked(value.text, value.spans, map)
        if result.used:
            pieces += [text[end : value.start], json.dumps(result.text, ensure_ascii=False)]
            marks += [Mark(value.start, value.end, mark.placeholder) for mark in result.marks]
            end = value.end
    used = frozenset(mark.placeholder for mark in marks)
    return MaskedText("".join([*pieces, text[end:]]), used, tuple(marks))


@dataclass(frozen=True, slots=True)
class _Value:
    """One string or number: where it stands, how it reads, and what was found in it."""

    start: int
    end: int
    text: str
    spans: Sequence[Span]


def _values(text: str, spans: Sequence[Span]) -> Iterator[_Value]:
    waiting = list(reversed(spans))
    for match in _VALUE.finditer(text):
        while waiting and waiting[-1].end <= match.start():
            waiting.pop()
        touching = [span for span in _until(waiting, match.end()) if span.start < match.end()]
        yield _read(match, touching)


def _until(waiting: Sequence[Span], end: int) -> Iterator[Span]:
    for span in reversed(waiting):
        if span.start >= end:
            return
        yield span


def _read(match: re.Match[str], spans: Sequence[Span]) -> _Value:
    if not match[0].startswith('"'):
        whole = [replace(span, start=0, end=len(match[0])) for span in spans[:1]]
        return _Value(*match.span(), match[0], whole)
    content, starts = _decoded(match)
    inside = [replace(span, start=_first(span.start, starts), end=_last(span.end, starts)) for span in spans]
    return _Value(*match.span(), content, [span for span in inside if span.start < span.end])


def _decoded(match: re.Match[str]) -> tuple[str, list[int]]:
    """How a string reads, and where each character of that begins in the text."""
    raw, first = match[0][1:-1], match.start() + 1
    if "\\" not in raw:
        return raw, list(range(first, match.end()))
    content: list[str] = []
    starts: list[int] = []
    for unit in _UNIT.finditer(raw):
        content.append(_sign(unit[0]))
        starts.append(first + unit.start())
    return _paired("".join(content), [*starts, match.end() - 1])


def _sign(unit: str) -> str:
    return str(json.loads(f'"{unit}"', strict=False)) if unit.startswith("\\") else unit


def _paired(content: str, starts: list[int]) -> tuple[str, list[int]]:
    """Two halves of a character beyond the first 65,536 become one; a half alone becomes a mark of replacement."""
    whole: list[str] = []
    kept: list[int] = []
    at = 0
    while at < len(content):
        pair = content[at : at + 2]
        if len(pair) == 2 and "\ud800" <= pair[0] <= "\udbff" and "\udc00" <= pair[1] <= "\udfff":
            whole.append(pair.encode("utf-16", "surrogatepass").decode("utf-16"))
            kept.append(starts[at])
            at += 2
            continue
        whole.append("\ufffd" if "\ud800" <= pair[0] <= "\udfff" else pair[0])
        kept.append(starts[at])
        at += 1
    return "".join(whole), [*kept, starts[-1]]


def _first(at: int, starts: Sequence[int]) -> int:
    """The character of a string that a place in the text belongs to; the first one where it lies before."""
    return max(bisect_right(starts, at) - 1, 0)


def _last(at: int, starts: Sequence[int]) -> int:
    """The character of a string that begins at this place in the text or behind it."""
    return min(bisect_left(starts, at), len(starts) - 1)


class Letters:
    """Writes signs in a stream of JSON as they are, where they come as `\\u00e9`, which is the same to a reader."""

    def __init__(self) -> None:
        self._held = ""

    def add(self, piece: str) -> str:
        """Return what is clear after this piece."""
        text, end, written = self._held + piece, 0, []
        for escape in _ESCAPE.finditer(text):
            if escape[0] == "\\u" and len(text) - escape.start() < 6:
                break
            written += [text[end : escape.start()], _letter(escape)]
            end = escape.end()
        broken = _BROKEN.search(text, end)
        clear = broken.start() if broken else len(text)
        self._held = text[clear:]
        return "".join([*written, text[end:clear]])

    def end(self) -> str:
        """Return what was held back."""
        held, self._held = self._held, ""
        return held


def _letter(escape: re.Match[str]) -> str:
    letter = chr(int(escape[1], 16)) if escape[1] else ""
    return letter if letter.isprintable() and letter > "\x7f" else escape[0]
