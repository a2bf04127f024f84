"""E-mail addresses in words: `jane dot doe at example dot com`, `jane (at) example.com`, `jane [punkt] doe [ät] …`."""

import re
from collections.abc import Iterator, Sequence

from sluice.guard.disguises.reading import Edit

_AT = r"(?:at|ät|arobase|arroba|chiocciola|apenstaartje|apestaart|a commercial|klammeraffe|snabel-a)"
_DOT = r"(?:dot|punkt|point|punto|punt|ponto|kropka)"
_OPEN, _CLOSE = r"[ \t]?[\[({<_*/|][ \t]?", r"[ \t]?[\])}>_*/|][ \t]?"
_SAID_AT = rf"(?:{_OPEN}(?:{_AT}|@){_CLOSE}|[ \t]{_AT}[ \t]|[ \t]@[ \t]|[ \t]@|@[ \t])"
_SAID_DOT = rf"(?:{_OPEN}(?:{_DOT}|\.){_CLOSE}|[ \t]{_DOT}[ \t]|\.)"
_PART = r"[^\W_][\w+\-]{0,62}"
_ADDRESS = re.compile(
    rf"(?<![\w@.])(?P<user>{_PART}(?:{_SAID_DOT}{_PART}){{0,3}}){_SAID_AT}"
    rf"(?P<host>{_PART}(?:{_SAID_DOT}{_PART}){{0,3}}{_SAID_DOT}[^\W\d_]{{2,12}})(?![\w@])",
    re.IGNORECASE,
)
_DOTS = re.compile(_SAID_DOT, re.IGNORECASE)
_BRACKETED = re.compile(rf"[\[({{<_*/|][ \t]?(?:{_AT}|{_DOT}|@)", re.IGNORECASE)
# `Look at example dot com` names no one.
_SENTENCE = """
a an the me us him her them it you here there look looking is are was were be been available found find site
    website located hosted live living work works working page shop store app download meet see visit check read more
    him everybody everyone team stay back start started arrive arrived available not and or so good"""
_NO_USER = frozenset(_SENTENCE.split())


# What stands in every address that is told in words: a sign for `@` that nothing else has, or a word for the dot
# with a word for `@` before it.
_SIGNS = {
    "(": ("(at", "(ät", "( at ", "(@"),
    "[": ("[at", "[ät", "[ at ", "[@"),
    "{": ("{at", "{@"),
    "<": ("<at",),
    "_": ("_at_",),
    "@": (" @ ",),
    "": ("arobase", "arroba", "chiocciola"),
}
_DOT_WORDS = ("dot", "punkt", "point ", "punt", "ponto")
_AT_WORDS = (" at ", " ät ", "at]", "at)", "commercial", "apenstaart", "@")
_REACH = 120  # characters on each side of such a sign


def edits(text: str) -> Iterator[Edit]:
    """Yield each address that is told in words as it would be written."""
    for start, end in _regions(text.lower(), len(text)):
        for match in _ADDRESS.finditer(text, start, end):
            user = _DOTS.sub(".", match["user"])
            if _BRACKETED.search(match[0]) or "@" in match[0] or user.lower() not in _NO_USER:
                yield Edit(*match.span(), f"{user}@{_DOTS.sub('.', match['host'])}")


def _regions(lowered: str, length: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a text that may hold such addresses, in order and apart."""
    written = [sign for character, signs in _SIGNS.items() if character in lowered for sign in signs]
    signs = sorted({*_signs(lowered, written), *(at for at in _signs(lowered, _DOT_WORDS) if _follows_at(lowered, at))})
    start = end = 0
    for at in signs:
        if at - _REACH > end:
            if end:
                yield start, end
            start = at - _REACH
        end = min(length, at + _REACH)
    if end:
        yield start, end


def _signs(lowered: str, words: Sequence[str]) -> Iterator[int]:
    for word in words:
        at = lowered.find(word)
        while at >= 0:
            yield at
            at = lowered.find(word, at + 1)


def _follows_at(lowered: str, at: int) -> bool:
    before = lowered[max(0, at - _REACH) : at]
    return any(word in before for word in _AT_WORDS)
