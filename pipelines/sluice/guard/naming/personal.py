"""Look a second time at a text about real people: what may be a name is taken for one, since a leak costs more."""

import re
from collections.abc import Iterator, Sequence

from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.kinds import Kind
from sluice.guard.naming.lexicon import ENGLISH, FIRST, GERMAN, KNOWN, LARGE, LAST, ORDINARY
from sluice.guard.naming.runs import Name
from sluice.guard.naming.singles import does, is_technical
from sluice.guard.naming.slips import is_slip
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import ARTICLES, CONJUNCTIONS, PERSONAL, WORD_NAMES, table, words_in

_LEAST = 3  # letters of a name
_LEAST_UNKNOWN = 4  # letters of a name in small letters that no list has
_JOINTS = frozenset({" ", "-", "\u00a0"})
_POSSESSIVES = ("'s", "’s")
# Behind these, or before them, a small word that can be a name is one.
_LEADING = words_in(
    "with w wth from tell told ask asked named called aka ring rang phone text mit von bei frag sag avec chez de par"
    " con da di met van bij z od do dla com para por med för från til fra hos signed signé firmado assinado podpis gez"
)
_RELATIVES = frozenset(
    word.strip() for line in (*table("cues")["relatives"].values(), *table("cues")["people"].values())
    for word in line.split(",")
)  # fmt: skip
_SELF = words_in("i me ik ich mich moi je yo io eu ja jag jeg")
# Behind a word that begins a sentence they tell that it is the everyday word: `Hope you`, `Mark the`, `Bill for`.
_NO_PERSON_BEFORE = words_in(
    "you that this the a an your my our it as all of up me i we no if not to for be so us them his her their these"
    " dass der die das den ein eine le la les un une el los il che het een de o os as"
)
_SEGMENT_ENDS = re.compile(r"[ \t]*(?:$|[-–—|;,/()\t\n\"]|\.?\n|\.?$)")
_SEGMENT_BEGINS = re.compile(r"(?:^|[-–—|;,:/(\t\n\"])[ \t]*$|^\d{1,2}[.)] $")
_MODALS = words_in("will may can might must mark bill long page hope")

Found = list[tuple[Name, bool]]


def likely(words: Words, languages: Sequence[str], found: Found) -> Iterator[tuple[Name, bool]]:
    """Yield what else may be a name in a text of which something says that it is about real people; all are weak."""
    taken = {index for name, _ in found for index in range(name.first, name.last + 1)}
    for begun, ended in words.lines():
        small = _is_small(words, begun, ended)
        for index in range(begun, ended):
            if index not in taken and _may_be(words, index, languages[index], small=small):
                last = _end(words, index, taken)
                taken.update(range(index, last + 1))
                yield Name("PERSON", index, last, full=last > index), False


def _is_small(words: Words, begun: int, ended: int) -> bool:
    """Say whether capitals tell nothing in a line: it has none, or nothing else."""
    kinds = [kind for kind in words.kinds[begun:ended] if len(kind.lower) > 1]
    capitals = sum(kind.capital for kind in kinds)
    return capitals == 0 or (len(kinds) > 2 and sum(kind.upper for kind in kinds) > 0.8 * len(kinds))


def _may_be(words: Words, index: int, language: str, *, small: bool) -> bool:
    kind = words.kinds[index]
    if len(kind.lower) < _LEAST or is_technical(words, index):
        return False
    if small:
        return _is_small_name(words, index)
    if not kind.capital or kind.upper:
        return False
    return _is_given(words, index, language) or _is_surname(words, index, language)


def _can_be_given(kind: Kind) -> bool:
    return kind.lower in WORD_NAMES or (bool(kind.flags & FIRST) and kind.letter not in "WTPO")


def _is_given(words: Words, index: int, language: str) -> bool:
    """Say whether a first name stands where one may, though it is an everyday word too."""
    kind = words.kinds[index]
    if not _can_be_given(kind) or _is_a_thing(words, index, language):
        return False
    if kind.flags & LARGE:
        return does(words, index, PERSONAL)
    return not words.opens_sentence(index) or _opens(words, index)


def _is_a_thing(words: Words, index: int, language: str) -> bool:
    kind = words.kinds[index]
    before = words.kinds[index - 1].lower if index and words.before(index).isspace() else ""
    if before in ARTICLES[language] and not (language == "other" and before == "de"):
        return True
    german_noun = language == "de" and bool(kind.flags & GERMAN)
    return german_noun and not (before in _LEADING or before in _RELATIVES or does(words, index, PERSONAL))


def _opens(words: Words, index: int) -> bool:
    """Say whether a sentence that begins with such a word goes on as it does after a name."""
    if words.text.startswith(_POSSESSIVES, words.ends[index]) or index + 1 >= len(words.kinds):
        return True
    return words.gap(index) != " " or words.kinds[index + 1].lower not in _NO_PERSON_BEFORE


def _is_surname(words: Words, index: int, language: str) -> bool:
    """Say whether a surname, or a word of no list, stands alone between marks, before a self or in a sentence."""
    kind = words.kinds[index]
    if kind.letter in "WTPON" or kind.flags & LARGE:
        return False
    if _is_beside_self(words, index):
        return True
    if kind.flags & (LAST | KNOWN) and not kind.flags & ORDINARY and _is_alone(words, index):
        return True
    if kind.flags & LAST and not kind.flags & ORDINARY:
        return not _is_a_thing(words, index, language)
    return not kind.flags and not _is_a_word(kind, language)


def _is_a_word(kind: Kind, language: str) -> bool:
    return is_slip(kind.lower) or (language == "de" and is_compound(kind.lower))


def _is_beside_self(words: Words, index: int) -> bool:
    """Say whether somebody speaks of another and of themselves: `Storm en ik`, `Coral and I`."""
    return (
        index + 2 < len(words.kinds)
        and words.gap(index) == words.gap(index + 1) == " "
        and words.kinds[index + 1].lower in CONJUNCTIONS
        and words.kinds[index + 2].lower in _SELF
    )


def _is_alone(words: Words, index: int) -> bool:
    """Say whether a word is all that stands between two marks of a line."""
    start, end = words.starts[index], words.ends[index]
    line = words.text.rfind("\n", 0, start) + 1
    begins = _SEGMENT_BEGINS.search(words.text[max(line, start - 6) : start])
    return begins is not None and _SEGMENT_ENDS.match(words.text, end) is not None


def _is_small_name(words: Words, index: int) -> bool:
    """Say whether a word can be a name where capitals tell nothing."""
    kind = words.kinds[index]
    if kind.letter in "WTPO" and not (kind.flags & FIRST and not kind.flags & ENGLISH):
        return False
    if not kind.flags:
        return len(kind.lower) >= _LEAST_UNKNOWN and not _is_a_word(kind, "de")
    if not _can_be_given(kind):
        return False
    if not kind.flags & ORDINARY:
        return True
    before = words.kinds[index - 1].lower if index and words.before(index) in (" ", "/ ", ", ") else ""
    if kind.lower in _MODALS:
        return before in _RELATIVES
    if before in _LEADING or before in _RELATIVES:
        return True
    return does(words, index, PERSONAL) and before not in ARTICLES["en"]


def _end(words: Words, first: int, taken: set[int]) -> int:
    """Return the last word of a name: what follows with a capital and is rather a surname belongs to it."""
    last = first
    while last + 1 < len(words.kinds) and last + 1 not in taken and words.gap(last) in _JOINTS:
        kind = words.kinds[last + 1]
        if kind.capital != words.kinds[first].capital or kind.letter not in "FfLlUK" or last - first > 2:
            break
        if not kind.capital and kind.flags & ORDINARY:
            break
        last += 1
    return last
