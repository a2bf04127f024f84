"""Secrets that only the words around them give away: `password=…`, `the API key is …`."""

import re
from collections.abc import Iterator
from itertools import zip_longest

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.forms import Proof, Value, value_before, values_after
from sluice.guard.secrets.values import is_hex, is_key, is_literal, is_made_up, is_password, is_random, is_value
from sluice.guard.secrets.words import Named, named
from sluice.guard.values import Finding

_LEAST_PASSWORD = 4
_SCORES = {Proof.VALUE: 0.9, Proof.LITERAL: 0.9, Proof.WRITTEN: 0.8, Proof.SPACED: 0.8, Proof.LOOSE: 0.7}
_IS_PASSWORD = {
    Proof.VALUE: is_value,
    Proof.LITERAL: is_value,
    Proof.SETTING: is_literal,
    Proof.WRITTEN: is_password,
    Proof.SPACED: is_password,
    Proof.LOOSE: is_made_up,
}

# A whole line that sets the name, as in a file of settings: there a plain word is a value, too.
_SETTING = re.compile(r"[ \t]{0,40}(?:[-#>+*][ \t]{0,3})?(?:export |set |ENV |ARG |-e )?[\w.\-]{1,80}(?:=|:[ ]{1,4})")
# `--password …`, and `IDENTIFIED BY '…'`, `WITH PASSWORD '…'`, `#define PASSWORD "…"`.
_OPTION = re.compile(r"(?:\A|[\s\"'\[,])--?[\w\-]{0,30}\Z")
_STATEMENT = re.compile(
    r"(?:\bwith |#define +\w{0,40}|(?:create|alter|drop) (?:user|role|login)[^\r\n]{1,60})\Z", re.IGNORECASE
)
_NEAR = re.compile(r"[A-Za-z0-9+/][A-Za-z0-9_\-+/.~]{15,511}={0,2}")
_LEAST_HEX = 32
_REACH = 120  # characters after a name within which a random string belongs to it
_OTHERWISE = re.compile(
    r"sha-?\d|md5|hash|commit|checksum|digest|etag|uuid|integrity|fingerprint|revision|\bid\b|https?:|/|\w\(|\A\(",
    re.IGNORECASE,
)


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield the values of everything that is named as a secret."""
    done = 0
    names = sorted(named(lowered), key=lambda name: (name.start, -name.end))
    for name, following in zip_longest(names, names[1:]):
        if name.start < done:
            continue
        value = _value(text, name) or _near(text, name, following.start if following else len(text))
        if value:
            done = value.end
            type = "PASSWORD" if name.word.type == "PASSWORD" else "API_KEY"
            yield Finding(type, CLASS_OF[type], value.start, value.end, _SCORES[value.proof])


def _value(text: str, name: Named) -> Value | None:
    for value in values_after(text, name.end):
        proof = _proof(text, name, value)
        if _judge(name.word.type, proof, text[value.start : value.end]):
            return value
    before = value_before(text, name.start)
    return before if before and _judge(name.word.type, before.proof, text[before.start : before.end]) else None


def _proof(text: str, name: Named, value: Value) -> Proof:
    """Return what the value's surroundings prove beyond its form."""
    before = text[max(0, name.start - 80) : name.start]
    if value.proof in (Proof.SPACED, Proof.LOOSE):
        if name.word.verb:
            return Proof.NONE
        if _OPTION.search(before):
            return Proof.SETTING
        if value.proof is Proof.SPACED and _is_statement(text, name, before):
            return Proof.LITERAL
    if value.proof is Proof.WRITTEN and "." in text[name.start : name.end] and text[name.end] == "(":
        return Proof.LOOSE
    if value.proof is Proof.WRITTEN and _is_setting(text, value):
        return Proof.SETTING
    return value.proof


def _is_statement(text: str, name: Named, before: str) -> bool:
    return name.word.stem == "identified by" or _STATEMENT.search(before) is not None


def _judge(type: str, proof: Proof, value: str) -> bool:
    if proof is Proof.NONE:
        return False
    if type == "RANDOM":
        return is_random(value)
    if type == "API_KEY":
        return is_random(value) if proof is Proof.LOOSE else is_key(value)
    return len(value) >= _LEAST_PASSWORD and _IS_PASSWORD[proof](value)


def _is_setting(text: str, value: Value) -> bool:
    """Say whether the value is all that follows on a line of settings."""
    if value.end < len(text) and text[value.end] not in "\r\n":
        return False
    begin = text.rfind("\n", max(0, value.start - 200), value.start) + 1
    return _SETTING.fullmatch(text, begin, value.start) is not None


def _near(text: str, name: Named, limit: int) -> Value | None:
    """Return the random string that stands near the name, before the next name, on this line or one below."""
    if name.word.type == "PASSWORD":
        return None
    for match in _NEAR.finditer(text, name.end, min(limit, name.end + _REACH)):
        between = text[name.end : match.start()]
        if between.count("\n") > 2 or _OTHERWISE.search(between):
            return None
        whole = _NEAR.match(text, match.start())
        if whole and _is_key_nearby(name.word.type, whole[0]):
            return Value(Proof.LOOSE, *whole.span())
    return None


def _is_key_nearby(type: str, value: str) -> bool:
    if is_hex(value):
        return type == "API_KEY" and len(value) >= _LEAST_HEX
    return is_random(value)
