"""Say whether a word is a name where capitals tell nothing, in a text about real people."""

from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.kinds import Kind, can_be_given
from sluice.guard.naming.labels import is_alone, is_beside_self, is_called
from sluice.guard.naming.lexicon import ENGLISH, FIRST, KNOWN, LARGE, LAST, NAMES, ORDINARY, PLACE
from sluice.guard.naming.singles import does
from sluice.guard.naming.slips import is_slip
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import (
    ALL_ARTICLES,
    CONJUNCTIONS,
    DETERMINERS,
    LEADING,
    MONTHS,
    PERSONAL,
    POSSESSIVES,
    RATHER_VERBS,
    RELATIVES,
    WORD_NAMES,
)

_LEAST = 3  # letters of a surname
_LEAST_VERB = 4
_LEAST_UNKNOWN = 4  # letters of a name that no list has


def tells_nothing(words: Words, begun: int, ended: int) -> bool:
    """Say whether capitals tell nothing in a line: it has none, or nothing else."""
    kinds = [kind for kind in words.kinds[begun:ended] if len(kind.lower) > 1]
    if not any(kind.capital for kind in kinds):
        return True
    return len(kinds) > 2 and sum(kind.upper for kind in kinds) > 0.8 * len(kinds)


def is_small_name(words: Words, index: int, language: str) -> bool:
    """Say whether a word can be a name where capitals tell nothing."""
    kind = words.kinds[index]
    if kind.letter in "WTPO" and not (kind.flags & FIRST and not kind.flags & ENGLISH):
        return False
    if is_called(words, index):
        return True
    before = words.kinds[index - 1].lower if index and words.before(index) == " " else ""
    if kind.lower in MONTHS or before in ALL_ARTICLES:
        return False
    if before in RELATIVES and kind.flags & (LARGE | PLACE) and not kind.flags & ORDINARY:
        return True
    if kind.lower in WORD_NAMES and not kind.flags & (ENGLISH if language == "en" else ORDINARY):
        return True
    if not kind.flags:
        return len(kind.lower) >= _LEAST_UNKNOWN and not (is_slip(kind.lower, language) or is_compound(kind.lower))
    if kind.flags & NAMES and not kind.flags & (ORDINARY | LARGE):
        return True
    if not can_be_given(kind):
        return bool(kind.flags & (NAMES | KNOWN)) and not kind.flags & (ORDINARY | LARGE) and is_alone(words, index)
    return _is_small_given(words, index)


def _is_small_given(words: Words, index: int) -> bool:
    """Say whether an everyday word that is a first name too stands where the name does."""
    kind = words.kinds[index]
    before = words.kinds[index - 1].lower if index and words.before(index) in (" ", "/ ", ", ", ". ") else ""
    if before == "of" and index > 1:
        before = words.kinds[index - 2].lower
    if before in RELATIVES:
        return True
    if kind.lower in RATHER_VERBS or kind.flags & LARGE:
        return False
    if before in LEADING or _is_paired(words, index) or is_alone(words, index) or is_beside_self(words, index):
        return True
    if index + 1 < len(words.kinds) and words.gap(index) == " " and _is_rare_surname(words.kinds[index + 1]):
        return True
    if before in DETERMINERS:
        return False
    return _acts(words, index) or words.text.startswith(POSSESSIVES, words.ends[index])


def _is_paired(words: Words, index: int) -> bool:
    """Say whether another first name stands on the other side of a conjunction: `pearl and mo`."""
    for joint, other in ((index + 1, index + 2), (index - 1, index - 2)):
        if 0 <= other < len(words.kinds) and words.kinds[joint].lower in CONJUNCTIONS:
            return can_be_given(words.kinds[other]) and words.gap(min(joint, other)) == " "
    return False


def _acts(words: Words, index: int) -> bool:
    """Say whether a verb may follow, as it does after somebody: `poppy goes down at seven`."""
    if does(words, index, PERSONAL):
        return True
    if index + 1 >= len(words.kinds) or words.gap(index) != " ":
        return False
    following = words.kinds[index + 1].lower
    return len(following) >= _LEAST_VERB and following.endswith(("s", "ed"))


def _is_rare_surname(kind: Kind) -> bool:
    return bool(kind.flags & LAST or not kind.flags) and not kind.flags & ORDINARY and len(kind.lower) >= _LEAST
