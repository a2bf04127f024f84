"""Secrets cut in two: the first part in one message, the rest in the next."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sluice.guard.secrets import formats
from sluice.guard.values import Finding

_PART = re.compile(r"[A-Za-z0-9_\-+/.=~]{4,}")
_REACH = 400  # characters at the end of one message and at the beginning of the next
_LAST, _FIRST = 2, 4  # parts that are tried on each side: something may stand around them, as in `the rest is …`
_MOST_PARTS = 6  # messages that one secret is spread over
# Such words are parts of sentences; a part of a key has a digit, a sign or a capital within.
_WORD = re.compile(r"[A-Z]?[a-z]+[.\-]?|[A-Z]+\.?")


@dataclass(frozen=True, slots=True)
class Part:
    """Where in one of the messages a part of a secret stands."""

    message: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A secret of which no message holds the whole: its type, class and score, and its parts in order."""

    finding: Finding  # its places are those in the parts put together
    parts: tuple[Part, ...]


def across(messages: Sequence[str]) -> list[Joined]:
    """Return the keys that become whole only if the texts of successive messages are put together.

    Only keys that their own letters give away are looked for. Reads the edges of the messages, so it takes some
    ten microseconds for each, however long they are.
    """
    return [joined for first in range(len(messages) - 1) for joined in _starting(messages, first)]


def parts_of(joined: Sequence[Joined], message: int) -> list[Finding]:
    """Return what of these secrets stands in one message, as findings of its text."""
    return [
        Finding(one.finding.type, one.finding.klass, part.start, part.end, one.finding.score)
        for one in joined
        for part in one.parts
        if part.message == message
    ]


def _starting(messages: Sequence[str], first: int) -> Iterator[Joined]:
    for part in _at_end(messages, first):
        if _key(_text(messages, [part])) is None:
            found = list(_continued(messages, [part]))
            yield from (joined for joined in found if not any(_holds(other, joined) for other in found))


def _continued(messages: Sequence[str], parts: list[Part]) -> Iterator[Joined]:
    """Yield the whole keys that begin with these parts, of which the last is the end of its message."""
    following = parts[-1].message + 1
    if following == len(messages) or len(parts) == _MOST_PARTS:
        return
    for part in _at_beginning(messages, following):
        longer = [*parts, part]
        text = _text(messages, longer)
        finding = _key(text)
        if finding and finding.end > len(_text(messages, parts)):
            yield Joined(finding, tuple(longer))
        if _is_all(messages[following], part):
            yield from _continued(messages, longer)


def _key(text: str) -> Finding | None:
    """Return the key that begins a text, if one does."""
    return next((finding for finding in formats.find(text, text) if finding.start == 0), None)


def _at_end(messages: Sequence[str], message: int) -> list[Part]:
    text = messages[message]
    begin = max(0, len(text) - _REACH)
    parts = [Part(message, *match.span()) for match in _PART.finditer(text, begin) if formats.begins(match[0])]
    return parts[-_LAST:]


def _at_beginning(messages: Sequence[str], message: int) -> list[Part]:
    parts = _PART.finditer(messages[message], 0, _REACH)
    return [Part(message, *match.span()) for match in parts if not _WORD.fullmatch(match[0])][:_FIRST]


def _is_all(text: str, part: Part) -> bool:
    return text.strip() == text[part.start : part.end]


def _text(messages: Sequence[str], parts: Sequence[Part]) -> str:
    return "".join(messages[part.message][part.start : part.end] for part in parts)


def _holds(other: Joined, joined: Joined) -> bool:
    return (
        other is not joined
        and len(other.parts) > len(joined.parts)
        and other.parts[: len(joined.parts)] == joined.parts
    )
