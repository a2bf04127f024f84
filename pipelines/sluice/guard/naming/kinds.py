"""Say what one word as written can be, as a letter that the patterns of names are written in."""

import re

from sluice.guard.naming.lexicon import (
    ENGLISH,
    FIRST,
    FOREIGN,
    GERMAN,
    KNOWN,
    LARGE,
    LAST,
    ORDINARY,
    OTHER,
    PLACE,
    flags_of,
    lexicon,
)
from sluice.guard.naming.vocabulary import (
    COMMON_ENDINGS,
    FUNCTION_WORDS,
    HONORIFICS,
    LANGUAGE_OF,
    LEARNED_ENDINGS,
    LEGAL_FORMS,
    NEVER_NAMES,
    PARTICLES,
    WELL_KNOWN,
    WORD_NAMES,
)

# Capitals inside a word that are usual in names: `McDonald`, `O'Brien`, `DeLuca`, `LaToya`, `VanDyke`.
_INNER = re.compile(r"(?:Mc|Mac|O['’]|D['’]|N['’]|De|Di|Du|La|Le|Van|Fitz|St)[A-Z]?[^\W\d_A-Z]*(?:['’-].*)?")
_FIRST_NAMES_TOO = frozenset(["al", "ben"])  # particles that with a capital are rather first names
_LONG = 5  # letters; in shorter words an ending tells nothing
_PREFIXES = ("non", "anti", "un", "pre", "multi", "sub", "co", "over", "micro")
_SUFFIXES = ("s", "es", "n", "like", "er", "non")


class Kind:
    """What one word as written can be; `letter` is its class in the patterns of names.

    T honorific, W function word, O legal form, P particle, I initial, F first name, f the same that is an everyday
    word too (`Grace`), b that is a country too (`Jordan`), L surname, l that is an everyday word too (`Young`), S
    place, B large place, K known to everybody, E everyday word, X one of another language than English, N never a
    name, U none of these.
    """

    __slots__ = ("capital", "flags", "letter", "lower", "upper", "votes")

    def __init__(self, word: str) -> None:
        self.lower = word.lower()
        self.upper = len(word) > 1 and word.isupper()
        self.capital = word[0].isupper() or word[0].istitle()
        self.flags = flags_of(self.lower)
        # For English, German and another language.
        self.votes = _votes(self.flags, self.lower, name_like=self.capital and not self.upper)
        self.letter = self._letter(word)

    @property
    def ordinary(self) -> bool:
        """Whether it is an everyday word of some language."""
        return bool(self.flags & ORDINARY)

    def _letter(self, word: str) -> str:
        lower = self.lower
        if len(word) == 1:
            return "I" if self.capital else "P" if lower in PARTICLES else "W"
        if lower in HONORIFICS:
            return "T"
        if lower in PARTICLES and not (self.capital and lower in _FIRST_NAMES_TOO):
            return "P"
        if lower in FUNCTION_WORDS:
            return "W"
        if lower in LEGAL_FORMS and (self.capital or len(word) > 3):
            return "O"
        if self.capital and not self.upper and not word[1:].islower() and not ("-" in word or _INNER.fullmatch(word)):
            return "K"  # `PyTorch`
        return _class_of(self.flags, lower, LEARNED_ENDINGS if self.capital and not self.upper else COMMON_ENDINGS)


def _votes(flags: int, lower: str, *, name_like: bool) -> tuple[int, int, int]:
    """Return how much a word speaks for each language; one that only this language has in its grammar counts twice.

    A capital makes a word of no grammar a name, which speaks for no language, or a German noun.
    """
    languages = LANGUAGE_OF.get(lower, ())
    known = flags & ORDINARY
    other = sum(language not in ("en", "de") for language in languages)
    return (
        2 * ("en" in languages) + (known == ENGLISH and not name_like),
        2 * ("de" in languages) + (known == GERMAN),
        2 * bool(other) + (known == OTHER and not name_like),
    )


def _class_of(flags: int, lower: str, endings: tuple[str, ...]) -> str:
    if lower in NEVER_NAMES:
        return "N"
    if flags & FIRST:
        return "b" if flags & LARGE else "f" if flags & ENGLISH else "F"
    if flags & LARGE:
        return "B"
    if lower in WELL_KNOWN:
        return "K"
    if flags & LAST:
        return "l" if flags & ENGLISH else "K" if flags & KNOWN else "L"
    return _class_of_others(flags, lower, endings)


def _class_of_others(flags: int, lower: str, endings: tuple[str, ...]) -> str:
    """Return the class of what is neither a first name nor a surname."""
    if flags & ENGLISH:
        return "E"
    learned = _is_learned(lower, endings)
    if flags & FOREIGN and not flags & (KNOWN | PLACE) and not learned:
        return "X"
    if flags & PLACE:
        return "S"
    if flags & KNOWN:
        return "K"
    return "E" if learned or flags & ORDINARY else "U"


def _is_learned(lower: str, endings: tuple[str, ...]) -> bool:
    return (len(lower) > _LONG and lower.endswith(endings)) or _is_derived(lower)


def _is_derived(lower: str) -> bool:
    """Say whether a word is the plural, or another form, of an everyday one."""
    words = lexicon()
    if any(lower.endswith(suffix) and words.get(lower[: -len(suffix)], 0) & ENGLISH for suffix in _SUFFIXES):
        return True
    return lower.startswith(_PREFIXES) and any(
        words.get(lower[cut:], 0) & ENGLISH for cut in (2, 3, 4, 5) if len(lower) - cut > 4
    )


def can_be_given(kind: Kind) -> bool:
    """Say whether a word is a first name, though it may be an everyday word as well."""
    return kind.lower in WORD_NAMES or (bool(kind.flags & FIRST) and kind.letter not in "WTPO")
