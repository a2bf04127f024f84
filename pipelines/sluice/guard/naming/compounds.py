"""Tell German compounds, which no list of words has, from names: `Heuschnupfen` ends with a word."""

from functools import lru_cache

from sluice.guard.naming.lexicon import FOREIGN, GERMAN, lexicon
from sluice.guard.naming.vocabulary import GERMAN_SURNAME_ENDINGS

_LEAST = 4  # letters of the last part
_SURE = 6  # letters of a last part that need no known first part
_LINKS = ("", "s", "n", "en", "es", "er", "e")  # what joins the parts


@lru_cache(maxsize=4096)
def is_compound(lower: str) -> bool:
    """Say whether a word in small letters is made of German words; surnames such as `Stolzenberg` are not."""
    if lower.endswith(GERMAN_SURNAME_ENDINGS):
        return False
    return any(_splits(lower, cut) for cut in range(3, len(lower) - _LEAST + 1))


def _splits(lower: str, cut: int) -> bool:
    words = lexicon()
    if not words.get(lower[cut:], 0) & GERMAN:
        return False
    if len(lower) - cut >= _SURE:
        return True
    head = lower[:cut]
    return any(words.get(head.removesuffix(link), 0) & FOREIGN for link in _LINKS if head.endswith(link))
