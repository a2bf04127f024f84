"""A text in lower case of the same length, so that what is found in one stands at the same place in the other."""

from collections.abc import Iterable, Iterator

_ASCII = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


def folded(text: str) -> str:
    """Return the text in lower case; only its ASCII letters where one of the others would become two."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text.translate(_ASCII)


def places(text: str, needle: str) -> Iterator[int]:
    """Yield where a string stands in a text."""
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + 1)


def holds_any(text: str, needles: Iterable[str]) -> bool:
    """Say whether one of the strings stands in the text: the cheap test before a search."""
    for needle in needles:  # noqa: SIM110 - twice as fast as a generator
        if needle in text:
            return True
    return False
