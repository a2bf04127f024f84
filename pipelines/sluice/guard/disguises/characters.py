"""Characters that are not seen, or look like others: zero-width, bidirectional, full-width, Cyrillic for Latin."""

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType

from sluice.guard.disguises.reading import Edit

_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Full-width, mathematical, circled and letter-like forms, and ligatures: Unicode's own table (NFKC) knows them.
_FORMS = (
    "\uff01-\uff5e\u2100-\u214f\u2460-\u24ff\u2024-\u2025\ufb00-\ufb06\ufe50-\ufe6b"
    "\U0001d400-\U0001d7ff\U0001f110-\U0001f149"
)
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_DASHES = "\u2010-\u2013\u2043\u2212"

_TAGS = "\U000e0020-\U000e007e"  # ASCII that no program shows

_ODD = re.compile(
    rf"(?P<tags>[{_TAGS}]{{6,}})"
    rf"|(?P<invisible>[{_INVISIBLE}]+)"
    rf"|(?P<form>[{_FORMS}])"
    rf"|(?P<space>[{_SPACES}](?<!«.)(?![:;!?»%€]))"
    rf"|(?P<dash>[{_DASHES}](?<=[A-Za-z0-9].)(?=[A-Za-z]))"
)
# Each begins with one of these, which is quick to find.
_ODD_ONE = re.compile(f"[{_INVISIBLE}{_FORMS}{_SPACES}{_DASHES}]")
_LIKE_LATIN = MappingProxyType(
    dict(
        zip(
            # Cyrillic, Greek, Armenian, and Latin letters of phonetics.
            "аеорсхуіјѕԁһԛԝӏкмнтвьгАВЕКМНОРСТУХІЈЅԌԚԜҮЗбαονρτυικεηχγωΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոցԼՍՕɑɡıʟɪᴄᴏᴠᴡᴢ",
            "aeopcxyijsdhqwlkmhtbbrABEKMHOPCTYXIJSGQWY36aovptuikenxywABEZHIKMNOPTYXouhngLUOagiLIcovwz",
            strict=True,
        )
    )
)
_OTHER = "\u0131\u0251-\u02af\u0370-\u058f\u1d00-\u1d2b"
_FOREIGN = re.compile(f"[{_OTHER}]")
_LATIN = re.compile("[A-Za-z]")
# Every word that mixes scripts has such a pair in it.
_MIXED = re.compile(f"[A-Za-z0-9_+/@.=-][{_OTHER}]|[{_OTHER}][A-Za-z0-9_@/+=-]")

_WORD_ENDS = frozenset(" \t\r\n\"'`<>=,;()[]{}|")
_LONGEST_WORD = 300
_KEYCAP = "\u20e3"


def _listed(ranges: str) -> frozenset[str]:
    """Return the characters that a list of characters and ranges names."""
    listed = (match[0] for match in re.finditer("(?s:.-.|.)", ranges))
    return frozenset(chr(code) for part in listed for code in range(ord(part[0]), ord(part[-1]) + 1))


# The cheap tests: a text without any of these has nothing to undo.
_ODD_ONES = _listed(_INVISIBLE + _FORMS + _SPACES + _DASHES)
_FOREIGN_ONES = _listed(_OTHER)


def edits(text: str) -> Iterator[Edit]:
    """Yield the edits that leave only characters that are what they look like."""
    if text.isascii():
        return
    present = set(text)
    found: list[Edit] = []
    if not present.isdisjoint(_ODD_ONES):
        found += _odd(text)
    if not present.isdisjoint(_FOREIGN_ONES):
        found += _look_alikes(text)
    yield from sorted(found, key=lambda edit: edit.start)


def _odd(text: str) -> Iterator[Edit]:
    for match in _odd_places(text):
        match match.lastgroup:
            case "tags":
                hidden = "".join(chr(ord(tag) - 0xE0000) for tag in match[0])
                yield Edit(match.start(), match.end(), f" {hidden} ")
            case "invisible":
                if _within_a_word(text, *match.span()):
                    yield Edit(match.start(), match.end(), "")
            case "space":
                yield Edit(match.start(), match.end(), " ")
            case "dash":
                yield Edit(match.start(), match.end(), "-")
            case _ if (plain := unicodedata.normalize("NFKC", match[0])) != match[0]:
                yield Edit(match.start(), match.end(), plain)


def _odd_places(text: str) -> Iterator[re.Match[str]]:
    end = 0
    for place in _ODD_ONE.finditer(text):
        match = _ODD.match(text, place.start()) if place.start() >= end else None
        if match:
            end = match.end()
            yield match


def _within_a_word(text: str, start: int, end: int) -> bool:
    """Say whether a visible sign of ASCII stands on either side, as it does not in emoji and in most other scripts."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return after != _KEYCAP and ("!" <= before <= "~" or "!" <= after <= "~")


def _look_alikes(text: str) -> Iterator[Edit]:
    """Yield edits for words that mix scripts, if all their foreign letters look like Latin ones."""
    done = 0
    for mixed in _MIXED.finditer(text):
        if mixed.start() < done:
            continue
        start, done = _word_around(text, mixed.start(), done)
        word = text[start:done]
        letters = list(_FOREIGN.finditer(word))
        if _LATIN.search(word) and all(letter[0] in _LIKE_LATIN for letter in letters):
            for letter in letters:
                yield Edit(start + letter.start(), start + letter.end(), _LIKE_LATIN[letter[0]])


def _word_around(text: str, at: int, least: int) -> tuple[int, int]:
    start = end = at
    while start > max(least, at - _LONGEST_WORD) and text[start - 1] not in _WORD_ENDS:
        start -= 1
    while end < min(len(text), at + _LONGEST_WORD) and text[end] not in _WORD_ENDS:
        end += 1
    return start, max(end, at + 1)
