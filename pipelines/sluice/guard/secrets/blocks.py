"""Secrets of several lines: private keys to their end, Kubernetes secrets, and the words that restore a wallet."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import holds_any
from sluice.guard.values import Finding

_SCORE = 1.0

_ARMOURED = re.compile(
    r"-{4,5} ?BEGIN[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}"
    r"(?:[\s\S]*?-{4,5} ?END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|[\s\S]*\Z)"
)
_PUTTY = re.compile(r"PuTTY-User-Key-File-\d:[\s\S]*?(?:Private-MAC: ?[0-9a-f]+|\Z)")
_XML = re.compile(r"<RSAKeyValue>[\s\S]*?(?:</RSAKeyValue>|\Z)")
_JWK = re.compile(r"""["']d["']\s{0,4}:\s{0,4}["'](?P<value>[A-Za-z0-9_\-]{40,1500})["']""")
_TAIL = re.compile(r"-{4,5} ?END[ A-Z0-9]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}")
_TAIL_BODY = re.compile(r"(?:[A-Za-z0-9+/=]{16,100}(?:\r?\n|\\n)[ \t]{0,16}){1,200}[A-Za-z0-9+/=]{0,100}\s{0,4}\Z")

_KUBERNETES = re.compile(r"^[ \t]*kind:[ \t]*[\"']?Secret\b", re.MULTILINE)
_DOCUMENT = re.compile(r"^---", re.MULTILINE)
_DATA = re.compile(
    r"^([ \t]*)(?:data|stringData):[ \t]*\r?\n((?:\1[ \t]+[^\r\n]*(?:\r?\n|\Z)|[ \t]*\r?\n)+)", re.MULTILINE
)
_ENTRY = re.compile(r"^[ \t]+[\w.\-]+:[ \t]*[\"']?(?P<value>[^\s\"'|>{$][^\s\"']{3,})", re.MULTILINE)

_WALLET = re.compile(
    r"(?:(?:seed|recovery|mnemonic|secret|backup)[ _\-](?:phrase|words?|passphrase)|mnemonic|seed)\b"
    r"[^\r\n:=]{0,30}(?:[:=]|\bis\b|\bare\b)\s{0,4}[\"'`]?"
    r"(?P<value>(?:\d{1,2}[.)] ?)?[a-z]{3,8}(?:[, ]\s?(?:\d{1,2}[.)] ?)?[a-z]{3,8}){11,23})\b",
    re.IGNORECASE,
)
# Not among the 2,048 words that wallets choose from (BIP-39).
_IN_SENTENCES = re.compile(r"\b(?:the|and|for|are|was|his|her|its|your)\b", re.IGNORECASE)
_BODY = re.compile(r"[A-Za-z0-9+/]{16,}")


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield the secrets of several lines."""
    if "private key" in lowered:
        yield from _whole(_ARMOURED, text, lambda block: _BODY.search(block) is not None)
        yield from _headless(text)
    if "PuTTY-User-Key-File" in text:
        yield from _whole(_PUTTY, text, lambda block: "Private-Lines" in block)
    if "<RSAKeyValue>" in text:
        yield from _whole(_XML, text, lambda block: "<D>" in block)
    if '"kty"' in text or "'kty'" in text:
        yield from _values(_JWK, text)
    if "Secret" in text and "kind" in text:
        yield from _kubernetes(text)
    if holds_any(lowered, ("mnemonic", "seed", "phrase", "recovery")):
        yield from (found for found in _values(_WALLET, text) if not _IN_SENTENCES.search(text, found.start, found.end))


def _whole(pattern: re.Pattern[str], text: str, has_key: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield whole blocks; one that is only named, or has dots for its lines, holds no key."""
    for match in pattern.finditer(text):
        if has_key(match[0]):
            yield Finding("PRIVATE_KEY", CLASS_OF["PRIVATE_KEY"], *match.span(), _SCORE)


def _values(pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield Finding("PRIVATE_KEY", CLASS_OF["PRIVATE_KEY"], *match.span("value"), _SCORE)


def _headless(text: str) -> Iterator[Finding]:
    """Yield the ends of keys whose beginning is cut off: the lines of the body right before an END line."""
    for tail in _TAIL.finditer(text):
        before = text[max(0, tail.start() - 8000) : tail.start()]
        if "BEGIN" not in before and (body := _TAIL_BODY.search(before)):
            yield Finding(
                "PRIVATE_KEY", CLASS_OF["PRIVATE_KEY"], tail.start() - len(before) + body.start(), tail.end(), _SCORE
            )


def _kubernetes(text: str) -> Iterator[Finding]:
    """Yield the values of the manifests of secrets: they are encoded, which hides them from a reader only."""
    edges = [0, *(match.start() for match in _DOCUMENT.finditer(text)), len(text)]
    for start, end in pairwise(edges):
        if not _KUBERNETES.search(text, start, end):
            continue
        for block in _DATA.finditer(text, start, end):
            for entry in _ENTRY.finditer(text, *block.span(2)):
                yield Finding("PASSWORD", CLASS_OF["PASSWORD"], *entry.span("value"), _SCORE)
