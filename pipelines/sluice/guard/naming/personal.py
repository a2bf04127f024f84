"""Look a second time at a text about real people: what may be a name is taken for one, since a leak costs more."""

from collections.abc import Iterator, Sequence

from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.kinds import can_be_given
from sluice.guard.naming.labels import is_alone, is_beside_self, is_called, is_labelled, signed
from sluice.guard.naming.lexicon import FIRST, GERMAN, KNOWN, LARGE, LAST, ORDINARY
from sluice.guard.naming.lowered import is_small_name, tells_nothing
from sluice.guard.naming.runs import Name
from sluice.guard.naming.singles import does, is_technical
from sluice.guard.naming.slips import is_slip
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import (
    ARTICLES,
    LEADING,
    MONTHS,
    NO_PERSON_BEFORE,
    PERSONAL,
    POSSESSIVES,
    RATHER_VERBS,
    RELATIVES,
    WORD_NAMES,
)

_LEAST = 3  # letters of a name
_MOST = 3  # words that follow a first one
_JOINTS = frozenset({" ", "-", "\u00a0"})

Found = list[tuple[Name, bool]]


def likely(words: Words, languages: Sequence[str], found: Found) -> Iterator[tuple[Name, bool]]:
    """Yield what else may be a name in a text of which something says that it is about real people; all are weak."""
    taken = {index for name, _ in found for index in range(name.first, name.last + 1)}
    signature = signed(words, taken)
    if signature:
        taken.update(range(signature.first, signature.last + 1))
        yield signature, False
    for begun, ended in words.lines:
        small = tells_nothing(words, begun, ended)
        for index in range(begun, ended) if small else _unlike_others(words, begun, ended):
            if index not in taken and _may_be(words, index, languages[index], small=small):
                last = _end(words, index, taken)
                taken.update(range(index, last + 1))
                yield Name("PERSON", index, last, full=last > index), False


def _unlike_others(words: Words, begun: int, ended: int) -> list[int]:
    """Return which words of a line have a capital, or more than a space before them, as behind a label."""
    text, starts, ends, kinds = words.text, words.starts, words.ends, words.kinds
    return [
        index
        for index in range(begun, ended)
        if kinds[index].capital or not index or starts[index] - ends[index - 1] > 1 or text[ends[index - 1]] != " "
    ]


def _may_be(words: Words, index: int, language: str, *, small: bool) -> bool:
    kind = words.kinds[index]
    if len(kind.lower) < _LEAST and kind.lower not in WORD_NAMES:
        return False
    return _stands_as_name(words, index, language, small=small) and not is_technical(words, index)


def _stands_as_name(words: Words, index: int, language: str, *, small: bool) -> bool:
    kind = words.kinds[index]
    if kind.letter not in "WTPO" and is_labelled(words, index):
        return True
    if small:
        return is_small_name(words, index, language)
    if not kind.capital or kind.upper:
        return False
    if is_called(words, index):
        return True
    return _is_given(words, index, language) or _is_surname(words, index, language)


def _is_given(words: Words, index: int, language: str) -> bool:
    """Say whether a first name stands where one may, though it is an everyday word too."""
    kind = words.kinds[index]
    if not can_be_given(kind) or _is_a_thing(words, index, language):
        return False
    if kind.flags & LARGE or kind.lower in MONTHS:
        return does(words, index, PERSONAL) or _is_listed(words, index)
    return not words.opens_sentence(index) or _opens(words, index)


def _is_listed(words: Words, index: int) -> bool:
    """Say whether a first name follows in a list: `Summer, Oakley and Ayaan`."""
    return index + 1 < len(words.kinds) and words.gap(index) == ", " and bool(words.kinds[index + 1].flags & FIRST)


def _is_a_thing(words: Words, index: int, language: str) -> bool:
    kind = words.kinds[index]
    before = words.kinds[index - 1].lower if index and words.before(index).isspace() else ""
    if before in ARTICLES[language] and not (language == "other" and before == "de"):
        return True
    german_noun = language == "de" and bool(kind.flags & GERMAN)
    return german_noun and not (before in LEADING or before in RELATIVES or does(words, index, PERSONAL))


def _opens(words: Words, index: int) -> bool:
    """Say whether a sentence that begins with such a word goes on as it does after a name."""
    if words.text.startswith(POSSESSIVES, words.ends[index]) or index + 1 >= len(words.kinds):
        return True
    if words.gap(index) != " ":
        return True
    following = words.kinds[index + 1].lower
    return following not in NO_PERSON_BEFORE and (following != "to" or words.kinds[index].lower not in RATHER_VERBS)


def _is_surname(words: Words, index: int, language: str) -> bool:
    """Say whether a surname, or a word of no list, stands alone between marks, before a self or in a sentence."""
    kind = words.kinds[index]
    if kind.letter in "WTPON" or kind.flags & LARGE or kind.lower in MONTHS:
        return False
    if is_beside_self(words, index):
        return True
    if kind.flags & (LAST | KNOWN) and not kind.flags & ORDINARY:
        return is_alone(words, index) or not (words.opens_sentence(index) or _is_a_thing(words, index, language))
    if kind.flags & LAST and not kind.flags & ORDINARY:
        return not _is_a_thing(words, index, language)
    return not kind.flags and _is_unknown(words, index, language)


def _is_unknown(words: Words, index: int, language: str) -> bool:
    """Say whether a word of no list is no slip of the pen, no compound and no rare word that begins a sentence."""
    lower = words.kinds[index].lower
    if is_slip(lower, language) or (language == "de" and is_compound(lower)):
        return False
    return language == "en" or not words.opens_sentence(index) or does(words, index, PERSONAL) or is_alone(words, index)


def _end(words: Words, first: int, taken: set[int]) -> int:
    """Return the last word of a name: what follows with a capital and is rather a surname belongs to it."""
    last = first
    while last + 1 < len(words.kinds) and last + 1 not in taken and words.gap(last) in _JOINTS:
        kind = words.kinds[last + 1]
        if kind.capital != words.kinds[first].capital or kind.letter not in "FfLlUK" or last - first >= _MOST:
            break
        if not kind.capital and kind.flags & ORDINARY:
            break
        last += 1
    return last
