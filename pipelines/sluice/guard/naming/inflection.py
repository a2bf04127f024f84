"""Undo what a sentence does to a name: `Müllers`, `Annę`, `Krzysztofem`, `Игоря`."""

from collections.abc import Iterator

from sluice.guard.naming.vocabulary import NAME_ENDINGS

_LEAST = 3  # letters of what is left
_RESTORED = ("", "a", "o", "ь", "й", "я", "ia")  # how the plain form may go on where the ending stands
_ENDINGS = {
    last: tuple(ending for ending in NAME_ENDINGS if ending[-1] == last) for last in {end[-1] for end in NAME_ENDINGS}
}


def stems(lower: str) -> Iterator[str]:
    """Yield the plain forms that a word in small letters may have come from, the likeliest first."""
    for ending in _ENDINGS.get(lower[-1:], ()):
        if lower.endswith(ending) and len(lower) - len(ending) >= _LEAST:
            stem = lower[: -len(ending)]
            for restored in _RESTORED:
                if restored != ending:
                    yield stem + restored
