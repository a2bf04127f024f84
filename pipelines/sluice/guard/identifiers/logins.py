"""Say whether a word looks like the login of a person: made of names, and no word of a language."""

import re

from sluice.guard.naming.lexicon import FIRST, LAST, NAMES, ORDINARY, flags_of, lexicon

_PARTS = re.compile(r"[-._]")
_LETTERS = re.compile(r"[A-Za-z]{4,24}")
_SHORTEST_SURNAME = 4  # letters; to shorter ones any first letter makes a word


def is_login(word: str) -> bool:
    """Say whether a word is an initial and a surname, or two names, in any order: `jhenderson`, `SusanStanley`."""
    lower = word.lower()
    parts = _PARTS.split(lower)
    if len(parts) > 1:
        return any(_is_only_name(part) or is_login(part) for part in parts)
    if lexicon().get(lower, 0) or not _LETTERS.fullmatch(word):
        return False
    # Whether it is a form of some word is asked last: that takes longest.
    return (_with_initial(lower) or _is_two_names(lower)) and not is_word(word)


def is_word(word: str) -> bool:
    """Say whether a word stands in a dictionary, or is a name by itself."""
    lower = word.lower()
    return lexicon().get(lower, 0) != 0 or flags_of(lower) != 0


def is_common(word: str) -> bool:
    """Say whether a word stands in a dictionary and is nobody's name."""
    flags = flags_of(word.lower())
    return flags & ORDINARY != 0 and not flags & NAMES


def _with_initial(lower: str) -> bool:
    parts = [lower[1:], lower[2:], lower[:-1], lower[:-2]]
    return any(len(part) >= _SHORTEST_SURNAME and _is(part, LAST | FIRST) for part in parts)


def _is_two_names(lower: str) -> bool:
    return any(_is(lower[:cut], NAMES) and _is(lower[cut:], NAMES) for cut in range(3, len(lower) - 2))


def _is(part: str, flags: int) -> bool:
    known = lexicon().get(part, 0)
    return known & flags != 0


def _is_only_name(part: str) -> bool:
    known = lexicon().get(part, 0)
    return known & NAMES != 0 and not known & ORDINARY
