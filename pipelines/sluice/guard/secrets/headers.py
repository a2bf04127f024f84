"""Tokens in the headers of HTTP, cookies among them."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import places
from sluice.guard.secrets.values import is_key, is_random
from sluice.guard.values import Finding

_TYPE = "BEARER_TOKEN"
_SCORE = 0.9
_VALUE = r"(?P<value>[A-Za-z0-9._~+/\-]{8,}={0,2})"
_AUTHORIZATION = re.compile(
    r"""authorization\\?["'`\]]{0,3}[ \t]{0,3}(?:[:=,]|=>)?[ \t]{0,3}f?(?:\\?["'`])?"""
    r"(?:(?:bearer|basic|token|apikey|api-key|negotiate|ntlm|digest|key|splunk|ssws|gitlab-token|bot|oauth)[ \t]{1,3})?"
    r"(?:token[= ]\"?)?" + _VALUE,
    re.IGNORECASE,
)
_SCHEME = re.compile(
    r"""(?:bearer|basic)(?:[ \t]{1,3}(?:token|auth)?[ \t]{0,2}[:=]?[ \t]{0,2}|%20)["'`]?""" + _VALUE, re.IGNORECASE
)
_COOKIE = re.compile(
    r"""cookies?\\?["'`]?[ \t]{0,3}[:=][ \t]{0,3}\\?["'`]?(?P<pairs>[^\r\n"'`]{8,4000})""", re.IGNORECASE
)
_PAIR = re.compile(r"[\w.\-]{1,60}=(?P<value>[^\s;,=]{16,2000}={0,2})")


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield what authorizes a request."""
    for needle, pattern in (("authorization", _AUTHORIZATION), ("bearer", _SCHEME), ("basic", _SCHEME)):
        for at in places(lowered, needle):
            match = pattern.match(text, at)
            if match and is_key(match["value"]):
                yield Finding(_TYPE, CLASS_OF[_TYPE], *match.span("value"), _SCORE)
    done = 0
    for at in places(lowered, "cookie"):
        match = _COOKIE.match(text, at) if at >= done else None
        if match:
            done = match.end()
            yield from _cookies(text, *match.span("pairs"))


def _cookies(text: str, start: int, end: int) -> Iterator[Finding]:
    for pair in _PAIR.finditer(text, start, end):
        if is_random(pair["value"]) or (len(pair["value"]) >= 32 and is_key(pair["value"])):
            yield Finding(_TYPE, CLASS_OF[_TYPE], *pair.span("value"), _SCORE)
