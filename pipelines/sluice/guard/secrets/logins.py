"""Passwords that stand behind a user's name: `login: admin / …`, `auth=("admin", "…")`."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import places
from sluice.guard.secrets.values import is_made_up
from sluice.guard.values import Finding

_TYPE = "PASSWORD"
_SCORE = 0.7
_WORDS = (
    "creds", "credential", "login", "log in", "logon", "auth", "zugangsdaten", "anmeldedaten", "identifiant",
    "credencial", "credenzial", "inloggegevens", "account",
)  # fmt: skip
_USER = r"[\w.@\\+\-]{1,60}"
_PAIR = re.compile(
    r"[a-z]{0,4}(?:[ \t](?:for|to|at|für|zu|pour|para|per|voor)[ \t][^\r\n:=]{1,40}?)?"
    r"(?:[ \t]{0,2}[:=]|[ \t](?:are|is|as|with|using|sind|lauten|als|mit|sont|son|sono|zijn))"
    rf"\s{{1,3}}[\"'`*]{{0,2}}{_USER}[\"'`*]{{0,2}}(?:[ \t]{{0,2}}/[ \t]{{0,2}}|:)"
    r"[\"'`*]{0,2}(?P<value>[^\s\"'`]{6,200})",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"[\w.]{0,30}[ ]?(?:=[ ]?)?[\w.]{0,40}[(\[][ ]{0,2}[\"'][^\"'\r\n]{1,80}[\"'][ ]{0,2},[ ]{0,2}"
    r"[\"'](?P<value>[^\"'\r\n]{6,200})[\"']"
)


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield the passwords that follow a user's name."""
    for word in _WORDS:
        for at in places(lowered, word):
            for pattern in (_PAIR, _CALL):
                match = pattern.match(text, at + len(word))
                if match and is_made_up(match["value"]):
                    yield Finding(_TYPE, CLASS_OF[_TYPE], *match.span("value"), _SCORE)
