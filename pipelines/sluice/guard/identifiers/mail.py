"""Find e-mail addresses, plain or spelt out so that robots do not see them."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cues
from sluice.guard.values import Finding

_LOCAL_PART = re.compile(r"[\w.+%&'=-]{1,64}\Z")
_QUOTED_PART = re.compile(r"\"[^\"\n@]{1,60}\"\Z")
_DOMAIN = re.compile(r"(?:\w(?:[\w-]{0,62}\w)?\.){1,8}[^\W\d_][\w-]{1,62}|\[(?:\d{1,3}\.){3}\d{1,3}\]")
_PICTURE = re.compile(r"\d+x\.(?:png|jpe?g|gif|webp|svg)", re.IGNORECASE)
_LOCALE = re.compile(r"[a-z]{2,3}_[A-Za-z]{2}@\w+\.(?:utf|iso)", re.IGNORECASE)
_AT = r"(?: ?[\[({<] ?(?:at|ät|arroba|chiocciola|arobase|małpa|@) ?[\])}>] ?)"
_DOT = r"(?: ?[\[({<] ?(?:dot|punkt|point|punto|ponto|kropka|\.) ?[\])}>] ?)"
_SPELT_AT = re.compile(rf"{_AT}| (?:at|ät|arobase|arroba|chiocciola|małpa) ", re.IGNORECASE)
_SPELT_NAME = re.compile(r"(?<![\w.])[\w.+-]{1,64}\Z")
_SPELT_HOST = re.compile(
    rf"[\w-]{{1,63}}(?:(?:{_DOT}| (?:dot|punkt|point|punto|ponto|kropka) |\.)[\w-]{{1,63}}){{1,4}}(?!\w)", re.IGNORECASE
)
# Without brackets both must be spelt, in one language: `meet me at example.com` and `at some point after` are none.
_POINTS = {"at": (" dot ",), "ät": (" punkt ",), "arobase": (" point ",), "arroba": (" punto ", " ponto "),
           "chiocciola": (" punto ",), "małpa": (" kropka ",)}  # fmt: skip
_BRACKETS = ("[at", "(at", "{at", "<at", "[ at", "( at", "ät]", "ät)", "[ät", "(ät", "[@", "(@", "arroba", "chiocciola",
             "arobase", "małpa")  # fmt: skip
_MODULES = frozenset({"git", "npm", "types"})


def mailboxes(cues: Cues) -> Iterator[Finding]:
    """Yield e-mail addresses, in hosts that no public list knows as well."""
    text, lowered = cues.text, cues.lowered
    if "@" in text:
        yield from _plain(text)
    if any(sign in lowered for sign in _BRACKETS) or _both_spelt(lowered):
        yield from _spelt(text)


def _both_spelt(lowered: str) -> bool:
    return any(f" {at} " in lowered and any(point in lowered for point in points) for at, points in _POINTS.items())


def _plain(text: str) -> Iterator[Finding]:
    at = text.find("@")
    while at >= 0:
        domain = _DOMAIN.match(text, at + 1)
        name = _name(text, at) if domain else ""
        if (
            domain
            and name
            and not _PICTURE.fullmatch(domain[0])
            and not _LOCALE.match(text[at - len(name) : domain.end()])
        ):
            yield _finding(at - len(name), domain.end(), 1.0)
        at = text.find("@", at + 1)


def _name(text: str, at: int) -> str:
    before = text[max(0, at - 64) : at]
    local = _LOCAL_PART.search(before) or _QUOTED_PART.search(before)
    name = local[0].rpartition("=")[2].lstrip(".'%&-") if local else ""
    return name if name not in _MODULES and any(character.isalnum() for character in name) else ""


def _spelt(text: str) -> Iterator[Finding]:
    for at in _SPELT_AT.finditer(text):
        host = _SPELT_HOST.match(text, at.end())
        name = _SPELT_NAME.search(text, max(0, at.start() - 64), at.start()) if host else None
        points = _POINTS.get(at[0].strip().lower(), ())
        if host and name and (not points or any(point in host[0].lower() for point in points)):
            yield _finding(name.start(), host.end(), 0.85)


def _finding(start: int, end: int, score: float) -> Finding:
    return Finding("EMAIL_ADDRESS", CLASS_OF["EMAIL_ADDRESS"], start, end, score)
