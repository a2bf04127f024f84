"""Tell a slip of the pen from a word of no list: `tommorow` is one, `jurema` is none."""

import re
from collections.abc import Iterator
from functools import lru_cache

from sluice.guard.naming.lexicon import ENGLISH, GERMAN, OTHER, lexicon

_EVERYDAY = {"en": ENGLISH, "de": ENGLISH | GERMAN, "other": ENGLISH | OTHER}
_DOUBLED = re.compile(r"(.)\1+")
_VOWEL = re.compile(r"[aeiouyà-ÿ]")


@lru_cache(maxsize=4096)
def is_slip(lower: str, language: str) -> bool:
    """Say whether one stroke makes an everyday word of a word, or it has no vowel and is short for something."""
    if not _VOWEL.search(lower):
        return True
    words, everyday = lexicon(), _EVERYDAY[language]
    return any(words.get(other, 0) & everyday for other in _one_stroke_off(lower))


def _one_stroke_off(lower: str) -> Iterator[str]:
    single = _DOUBLED.sub(r"\1", lower)
    yield single
    yield from (single[:cut] + letter + single[cut:] for cut, letter in enumerate(single))
    for cut in range(len(lower)):
        head, tail = lower[:cut], lower[cut:]
        yield head + tail[1:]
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield head + tail[:1] + tail
