"""How entries hang together: each hash covers the one before it, and of a person only a sealed commitment.

    hash   = SHA-256(hash of the entry before, document)
    person = HMAC-SHA-256(salt, [user, chat, message])

The document is the entry as canonical JSON, with its number, its time and `person`, but without user, chat and
message. Those and the random salt are kept beside it. Without the salt nobody can tell whose seal it is, not even by
trying every id there is; so a person is erased by deleting both, and every hash stays what it was.
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Link:
    """A place in the chain: an entry's number and its hash of 32 bytes."""

    number: int
    hash: bytes


START = Link(0, bytes(32))


def canonical(value: Any) -> bytes:
    """Return JSON with sorted keys, no spaces, and ASCII alone: the same bytes for the same value, everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def following(previous: bytes, document: bytes) -> bytes:
    """Return the hash of the entry that comes after the one with hash `previous`."""
    return hashlib.sha256(previous + document).digest()


def sealed(salt: bytes, person: Sequence[str]) -> str:
    """Return what stands in the chain for user, chat and message."""
    return hmac.digest(salt, canonical(list(person)), "sha256").hex()
