"""Say what a word is where it stands: an initial or a word, an everyday word or the surname beside a first name."""

from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.lexicon import ENGLISH, FIRST, GERMAN, LAST, OTHER
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import ARTICLES, words_in

_WORDS_OF_ONE_LETTER = frozenset("aieoyuàéèóáœz")  # in some language
_OF_NAMES = words_in("de van von mac mc di da del den der ter ten bin ibn abu")  # no articles


def letter_in(words: Words, index: int, language: str) -> str:
    """Settle what depends on the language: a word that only others have is unusual in it, as a name is."""
    letter = letter_at(words, index)
    if letter == "P":
        return "W" if _is_article(words, index, language) else letter
    if letter != "X":
        return letter
    own = {"en": ENGLISH, "de": GERMAN, "other": OTHER}[language]
    if not words.kinds[index].flags & own:
        return "U"
    return "U" if language == "other" and _follows_a_name(words, index) else "E"


def letter_at(words: Words, index: int) -> str:
    """Return the class of a word where it stands: a single letter is an initial, or a word, or counts a list."""
    letter = words.kinds[index].letter
    if letter in "EKX":
        return _beside_a_name(words, index, letter)
    if letter == "W" and is_foreign_name(words.kinds[index]):
        return "F"
    if letter != "I" or words.kinds[index].lower == "ó":
        return letter
    dotted = words.text[words.ends[index] : words.ends[index] + 1] == "."
    if opens_line(words, index) and words.kinds[index].lower in "abcdefghij" and not _is_initial(words, index + 1):
        return "W"
    if not dotted and words.kinds[index].lower in _WORDS_OF_ONE_LETTER and not _is_in_the_middle(words, index):
        return "W"
    return "I"


def is_foreign_name(kind: Kind) -> bool:
    """Say whether a word of grammar of another language than English is a first name in English: `Mia`."""
    return kind.letter == "W" and bool(kind.flags & FIRST) and not kind.flags & ENGLISH and kind.capital


def _beside_a_name(words: Words, index: int, letter: str) -> str:
    """Return what a word becomes beside a name: a known surname is one, a word of no list is unusual."""
    kind = words.kinds[index]
    before = words.kinds[index - 1] if index and words.before(index) == " " else None
    if before is not None and before.letter == "P" and before.capital and before.lower in _OF_NAMES:
        return "U" if not words.opens_sentence(index - 1) else letter
    if letter == "K":
        return "L" if kind.flags & LAST and before is not None and before.letter in "Ff" else "K"
    if kind.flags or kind.upper or not kind.capital:
        return letter
    if _follows_a_name(words, index):
        return "U"
    leads = index + 1 < len(words.kinds) and words.gap(index) == " " and words.kinds[index + 1].capital
    return "U" if leads and words.kinds[index + 1].letter in "FfLU" else letter


def opens_line(words: Words, index: int) -> bool:
    return words.starts[index] == 0 or "\n" in words.before(index)


def _is_initial(words: Words, index: int) -> bool:
    return index < len(words.kinds) and words.kinds[index].letter == "I" and words.before(index) in (". ", ".")


def _is_in_the_middle(words: Words, index: int) -> bool:
    """Say whether a single letter stands between a first name and a surname: `Hanne I Kreutzmann`."""
    return (
        0 < index < len(words.kinds) - 1
        and words.kinds[index - 1].letter in "FfL"
        and words.before(index) == words.gap(index) == " "
        and words.kinds[index + 1].capital
        and words.kinds[index + 1].letter in "LUFlKS"
    )


def _is_article(words: Words, index: int, language: str) -> bool:
    """Say whether a particle that begins a sentence is an article: `Der Hund` is, `Le Guen` is not."""
    if words.kinds[index].lower not in ARTICLES[language] or not words.opens_sentence(index):
        return False
    return language == "de" or index + 1 >= len(words.kinds) or words.kinds[index + 1].letter not in "LF"


def _follows_a_name(words: Words, index: int) -> bool:
    before = words.kinds[index - 1] if index and words.before(index) == " " else None
    return before is not None and before.capital and before.letter in "FfLU"
