"""Make the fingerprint file of a repository, and say what went into it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sluice.guard.documents.fingerprints import gathered
from sluice.guard.documents.repository import Taken, sources

_STEP = 200  # files between two progress lines


@dataclass(frozen=True, slots=True)
class Made:
    """What a fingerprint file holds."""

    files: int
    left_out: dict[str, int]  # how many, by why
    hashes: int
    size: int  # bytes


def make(folder: Path, target: Path, progress: Callable[[int], None]) -> Made:
    """Write the fingerprints of a folder's own source code; `progress` is told now and then how many files are read."""
    taken = Taken()
    made = gathered(_counted(sources(folder, taken), taken, progress), os.urandom(16))
    size = made.write(target)
    return Made(taken.files, taken.left_out, len(made.hashes), size)


def _counted(texts: Iterator[str], taken: Taken, progress: Callable[[int], None]) -> Iterator[str]:
    for text in texts:
        if taken.files % _STEP == 0:
            progress(taken.files)
        yield text
