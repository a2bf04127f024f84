"""The words of a text by which disguises give themselves away: very long ones, and rows of single letters."""

from __future__ import annotations

from dataclasses import dataclass

_LONG = 12  # characters


@dataclass(frozen=True, slots=True)
class Words:
    """Where the long words that are not of letters only stand, and how many words have one character."""

    long: tuple[tuple[int, int], ...]
    single: int

    @classmethod
    def of(cls, text: str) -> Words:
        """Return what there is to know of a text; a word is whatever stands between white space."""
        words = text.split()
        long = [word for word in words if len(word) >= _LONG and not word.isalpha()]
        places = []
        at = 0
        for word in long:
            at = text.index(word, at)
            places.append((at, at + len(word)))
            at += len(word)
        return cls(tuple(places), list(map(len, words)).count(1))
