"""Choose hashes that stand for a piece of code, so that any long enough part of it shares some of them.

The method is winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003. Of each window of `WINDOW` neighbouring hashes of `GRAM` tokens, the least is kept, the
rightmost of equals. A common part of at least WINDOW + GRAM - 1 tokens shares at least one.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from sluice.guard.documents.code_tokens import is_own

Hashes = NDArray[np.uint64]

GRAM = 14  # tokens: more than a getter's line, less than two ordinary lines
WINDOW = 6  # hashes; the expected density is 2 / (WINDOW + 1)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_OWN_NAMES = 3  # different names of its own that a gram must hold
_DIFFERENT = 6  # different tokens


class Hashing:
    """Hashes of tokens under a salt, so that the hashes of one file say nothing about those of another."""

    def __init__(self, salt: bytes) -> None:
        self._salt = salt
        self._known: dict[str, int] = {}

    def winnowed(self, tokens: Sequence[str]) -> tuple[Hashes, NDArray[np.intp]]:
        """Return the hashes chosen, and for each the first token of its gram."""
        if len(tokens) < GRAM:
            return np.empty(0, np.uint64), np.empty(0, np.intp)
        hashes = _mixed(_of_grams(np.fromiter(map(self._of_token, tokens), np.uint64, len(tokens))))
        places = _least(hashes)
        telling = [index for index, place in enumerate(places) if _tells(tokens[place : place + GRAM])]
        return hashes[places[telling]], places[telling]

    def _of_token(self, token: str) -> int:
        known = self._known.get(token)
        if known is None:
            if len(self._known) > 200_000:
                self._known.clear()
            digest = blake2b(token.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).digest()
            known = self._known[token] = int.from_bytes(digest, "little")
        return known


def _of_grams(tokens: Hashes) -> Hashes:
    """Return the polynomial hash of each GRAM tokens, modulo 2**64."""
    grams = np.zeros(len(tokens) - GRAM + 1, np.uint64)
    for offset in range(GRAM):
        grams = grams * _BASE + tokens[offset : offset + len(grams)]
    return grams


def _mixed(hashes: Hashes) -> Hashes:
    """Spread every bit, so that the least of a window is any of it (the finish of splitmix64)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))


def _least(hashes: Hashes) -> NDArray[np.intp]:
    """Return the places that winnowing keeps, in order."""
    size = min(WINDOW, len(hashes))
    windows = sliding_window_view(hashes, size)
    rightmost = size - 1 - np.argmin(windows[:, ::-1], axis=1)
    return np.unique(rightmost + np.arange(len(windows)))


def _tells(gram: Sequence[str]) -> bool:
    different = set(gram)
    return len(different) >= _DIFFERENT and sum(map(is_own, different)) >= _OWN_NAMES
