"""Keep what makes an organisation's code recognizable in a file of hashes, and find pasted pieces of it."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sluice.guard.documents.code_tokens import tokenized
from sluice.guard.documents.reading import Reading, found
from sluice.guard.documents.winnowing import GRAM, WINDOW, Hashes, Hashing
from sluice.guard.values import Finding, ModelMissing

_MAGIC = "sluice-fingerprints"
_VERSION = 1
_SHARED = 4  # different hashes that a piece must share: about eight lines hold a dozen
_WITHIN = 120  # tokens in which they must stand
_SHORTEST = 120  # characters; eight lines of code are longer


class Unreadable(ModelMissing):
    """A fingerprint file is absent or was not written by `sluice fingerprint`."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The hashes of a repository, ascending, and the salt that they were made with."""

    salt: bytes
    hashes: Hashes

    def write(self, path: Path) -> int:
        """Write the file: one line that says what it is, then the hashes, 8 bytes each. Returns its size in bytes."""
        head = f"{_MAGIC} {_VERSION} k={GRAM} w={WINDOW} count={len(self.hashes)} salt={self.salt.hex()}\n"
        content = head.encode() + self.hashes.astype("<u8").tobytes()
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
        unfinished.write_bytes(content)
        unfinished.replace(path)
        return len(content)

    @classmethod
    def read(cls, path: Path) -> "Fingerprints":
        """Read a file that `write` wrote; raise Unreadable with what to do otherwise."""
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            fields = dict(part.split("=", 1) for part in head.decode("ascii").split()[2:])
            fitting = head.startswith(f"{_MAGIC} {_VERSION} ".encode()) and _fits(fields, body)
        except (OSError, ValueError):
            fitting = False
        if not fitting:
            raise Unreadable(
                f"the fingerprints {path.name} cannot be read: make them with `sluice fingerprint FOLDER -o "
                f"{path.name}`"
                " or take them out of privacy.organisation.fingerprints"
            ) from None
        return cls(bytes.fromhex(fields["salt"]), np.frombuffer(body, "<u8").astype(np.uint64))


def _fits(fields: dict[str, str], body: bytes) -> bool:
    sizes = (int(fields.get("k", 0)), int(fields.get("w", 0)), int(fields.get("count", -1)) * 8)
    return sizes == (GRAM, WINDOW, len(body)) and 16 <= len(bytes.fromhex(fields.get("salt", ""))) <= 64


def gathered(texts: Iterable[str], salt: bytes, *, common: int = 3) -> Fingerprints:
    """Return the fingerprints of these files. Hashes that stand in more than `common` of them are boilerplate."""
    hashing = Hashing(salt)
    # Each file counts a hash once.
    chosen = [np.unique(hashing.winnowed(tokenized(text).tokens)[0]) for text in texts]
    if not chosen:
        return Fingerprints(salt, np.empty(0, np.uint64))
    hashes, files = np.unique(np.concatenate(chosen), return_counts=True)
    return Fingerprints(salt, hashes[files <= max(common, len(chosen) // 50)])


class Repositories:
    """Finds pieces of the repositories whose fingerprints it holds."""

    def __init__(self, files: Sequence[Fingerprints]) -> None:
        self._files = [(Hashing(file.salt), file.hashes) for file in files if len(file.hashes)]

    def find(self, reading: Reading) -> Iterator[Finding]:
        """Yield each stretch that shares enough hashes with one repository."""
        if not self._files or len(reading.text) < _SHORTEST:
            return
        code = tokenized(reading.text)
        for hashing, known in self._files:
            hashes, places = hashing.winnowed(code.tokens)
            at = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            shared = known[at] == hashes
            for first, last in _stretches(hashes[shared], places[shared]):
                end = code.ends[min(last + GRAM, len(code.ends)) - 1]
                yield found("FINGERPRINT", code.starts[first], end, 0.97)


def _stretches(hashes: Hashes, places: NDArray[np.intp]) -> Iterator[tuple[int, int]]:
    """Yield (first, last) places of neighbours that together are enough different hashes."""
    if len(hashes) < _SHARED:
        return
    breaks = np.flatnonzero(np.diff(places) > _WITHIN // 2) + 1
    for part, of_part in zip(np.split(places, breaks), np.split(hashes, breaks), strict=True):
        spans = part[_SHARED - 1 :] - part[: max(0, len(part) - _SHARED + 1)]
        if len(np.unique(of_part)) >= _SHARED and spans.min() <= _WITHIN:
            yield int(part[0]), int(part[-1])
