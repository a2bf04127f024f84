"""Say whether one word with a capital, alone, names a person or a place."""

from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.lexicon import FOREIGN, GERMAN, KNOWN, LARGE, LAST, NAMES, OTHER, PLACE, lexicon
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import ARTICLES, BESIDE, DEEDS, MONTHS, PERSONAL, TELLING, WELL_KNOWN, WHEN

_LEAST = 3  # letters of a name
_ACRONYM = 4  # letters of the longest word in capitals that is rather no name
_BEFORE_CODE = frozenset("_$\\#/={}^@.")
_AFTER_CODE = frozenset("_(^{=\\/0123456789")
_AROUND_CODE = _BEFORE_CODE | _AFTER_CODE
_FIRST_OF_OTHER_SCRIPTS = "\u0370"
_DETERMINERS = frozenset(["this", "that", "my", "our", "your", "his", "her", "their"])
_DEFINITE = {language: (articles | _DETERMINERS) - {"de"} for language, articles in ARTICLES.items()}
# The classes that an article makes a thing of, by language.
_THINGS = {"en": "UXElKb", "de": "UXElKLfFS", "other": "UXElKLf"}


def kind_alone(words: Words, index: int, letter: str, neighbours: int, language: str) -> str:
    """Return the type of a word of a class in a group of so many, and nothing if it is no name."""
    if len(words.kinds[index].lower) < _LEAST or is_technical(words, index):
        return ""
    if _is_a_thing(words, index, letter, language):
        return ""
    if letter == "S":
        return "" if words.kinds[index].upper else "LOCATION"
    return "PERSON" if _is_person(words, index, letter, neighbours, language) else ""


def does(words: Words, index: int, deeds: frozenset[str]) -> bool:
    """Say whether the next word is one of these."""
    return index + 1 < len(words.kinds) and words.kinds[index + 1].lower in deeds and words.gap(index) == " "


def _is_person(words: Words, index: int, letter: str, neighbours: int, language: str) -> bool:
    kind = words.kinds[index]
    if _is_cited(words, index):
        return True
    if kind.lower in MONTHS and _is_dated(words, index):
        return False
    if letter in "FL":
        return not kind.upper or len(kind.lower) > _ACRONYM - (letter == "F")
    if language == "de" and letter in "UXE" and _is_genitive(words, index):
        return True
    if letter == "U":
        return neighbours <= 2 and _is_unusual(words, index, language)
    if neighbours > 1 or kind.upper or kind.lower in MONTHS or kind.lower in WELL_KNOWN:
        return False
    if letter == "f":
        return _acts_as_a_person(words, index)
    return letter in "lbKESX" and _stands_for_a_person(words, index, language)


def _is_dated(words: Words, index: int) -> bool:
    """Say whether a month or a day stands where it says when: `in June`, `3 May`."""
    before = words.before(index)
    return before[-2:-1].isdigit() or (before == " " and words.kinds[index - 1].lower in WHEN)


def _stands_for_a_person(words: Words, index: int, language: str) -> bool:
    """Say whether a word that may be something else stands where only people do: `Marigold said`, `told Piers`."""
    kind = words.kinds[index]
    if words.opens_sentence(index):
        return _opens_as_a_person(words, index)
    if _is_told(words, index):
        return True
    if kind.letter in "EX" and language == "de":
        return False
    is_surname = kind.letter in "lK" and kind.flags & LAST
    if does(words, index, DEEDS) or ((language == "other" or is_surname) and _is_proper(words, index, language)):
        return True
    if language != "en" and kind.letter == "l" and not kind.flags & FOREIGN:
        return True
    if _is_beside(words, index):
        return not kind.flags & LARGE and (language == "en" or _is_rather_a_name(kind, language))
    return _is_rather_a_name(kind, language) and does(words, index, PERSONAL)


def _opens_as_a_person(words: Words, index: int) -> bool:
    """Say whether a sentence that begins with this word speaks of a person: `Prasad did not`, `Rosamund smiled`."""
    kind = words.kinds[index]
    if kind.letter == "K":
        return does(words, index, PERSONAL if kind.flags & NAMES else DEEDS)
    return kind.letter in "lb" and bool(kind.flags & NAMES) and does(words, index, DEEDS)


def _is_proper(words: Words, index: int, language: str) -> bool:
    """Say whether only a proper name explains the capital, where no article and no institution stands before."""
    kind, before = words.kinds[index], words.kinds[index - 1]
    if kind.flags & LARGE or before.capital or words.before(index) != " " or before.lower in _DEFINITE[language]:
        return False
    return index < 2 or not words.kinds[index - 2].capital or words.opens_sentence(index - 2)


def _is_rather_a_name(kind: Kind, language: str) -> bool:
    """Say whether a word is a surname, or a rare one that is no everyday word of the language."""
    if kind.letter in "EX" and language == "other" and not kind.flags & OTHER:
        return True
    return bool(kind.flags & LAST) or not kind.flags & ~(KNOWN | PLACE)


def _is_genitive(words: Words, index: int) -> bool:
    """Say whether a German sentence begins with whose a thing is: `Smajlovics Vorschlag`."""
    lower = words.kinds[index].lower
    if index + 1 >= len(words.kinds) or lower[-1] != "s" or len(lower) <= _ACRONYM or words.gap(index) != " ":
        return False
    following = words.kinds[index + 1]
    if not following.flags & GERMAN or not following.capital or not words.opens_sentence(index):
        return False
    flags = lexicon().get(lower[:-1], 0)
    return bool(flags & NAMES) if flags else not is_compound(lower[:-1])


def _is_cited(words: Words, index: int) -> bool:
    """Say whether this is the first author of a paper: `Howells et al.`."""
    return does(words, index, frozenset(["et"])) and does(words, index + 1, frozenset(["al"]))


def _is_told(words: Words, index: int) -> bool:
    """Say whether the word before takes a person: `told Piers`, `whether Marigold knew`."""
    return words.before(index) == " " and words.kinds[index - 1].lower in TELLING


def _is_beside(words: Words, index: int) -> bool:
    """Say whether a preposition before a surname, or a possessive on it, speaks of a person rather than a thing."""
    if words.text[words.ends[index] : words.ends[index] + 2] in ("'s", "’s"):
        return True
    before = words.kinds[index - 1]
    return words.before(index) == " " and before.lower in BESIDE and not before.upper


def _is_unusual(words: Words, index: int, language: str) -> bool:
    """Say whether a word of no list is rather a name than a rare word at the beginning of a sentence, or German."""
    kind = words.kinds[index]
    if kind.upper:
        return not kind.lower.isascii() or _is_shouted(words, index)
    if language == "en" or does(words, index, PERSONAL) or _leads_to_a_name(words, index, language):
        return True
    return not words.opens_sentence(index) and not (language == "de" and is_compound(kind.lower))


def _leads_to_a_name(words: Words, index: int, language: str) -> bool:
    """Say whether a second capital follows, which no everyday word of the language explains."""
    if index + 1 >= len(words.kinds) or words.gap(index) != " " or not words.kinds[index + 1].capital:
        return False
    return not words.kinds[index + 1].flags & (GERMAN if language == "de" else OTHER)


def _acts_as_a_person(words: Words, index: int) -> bool:
    """Say whether a first name that is an everyday word too (`Mark`) stands where that word would have no capital."""
    followed_by_comma = words.text[words.ends[index] : words.ends[index] + 1] == ","
    return followed_by_comma or not words.opens_sentence(index) or does(words, index, PERSONAL)


def _is_shouted(words: Words, index: int) -> bool:
    """Say whether capitals all around tell that a word is no acronym, and it does what people do."""
    return does(words, index, PERSONAL) and words.kinds[index + 1].upper


def _is_a_thing(words: Words, index: int, letter: str, language: str) -> bool:
    """Say whether an article, or the beginning of a sentence in another script, explains the capital."""
    if letter == "U" and words.kinds[index].lower > _FIRST_OF_OTHER_SCRIPTS and words.opens_sentence(index):
        return True
    if letter == "F" and not words.kinds[index].ordinary:
        return False  # `der Sepp`: southern German puts an article before names
    if letter not in _THINGS[language] or index == 0 or not words.before(index).isspace():
        return False
    before = words.kinds[index - 1].lower
    if before == "de" and letter in "LU":
        return False  # `le rapport de Laroche`
    return before in ARTICLES[language] and not words.before(index - 1)[-1:].isdigit()  # `12A` is none


def is_technical(words: Words, index: int) -> bool:
    """Say whether a word is part of a path, an address or an expression."""
    start, end = words.starts[index], words.ends[index]
    if "/" in (words.text[start - 1 : start], words.text[end : end + 1]) and _is_one_of_two(words, index):
        return False
    return words.text[start - 1 : start] in _BEFORE_CODE or words.text[end : end + 1] in _AFTER_CODE


def _is_one_of_two(words: Words, index: int) -> bool:
    """Say whether a slash parts two names and no path: `Moss/Anna`."""
    first = index if words.text[words.ends[index] : words.ends[index] + 1] == "/" else index - 1
    if first < 0 or first + 1 >= len(words.kinds) or words.gap(first) != "/":
        return False
    around = words.text[max(0, words.starts[first] - 1) : words.starts[first]], words.text[words.ends[first + 1] :][:1]
    return _AROUND_CODE.isdisjoint(around) and all(
        kind.capital and not kind.upper and kind.letter in "FLUflbKS" for kind in words.kinds[first : first + 2]
    )
