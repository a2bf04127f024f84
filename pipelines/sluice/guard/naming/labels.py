"""Say what the marks around a word tell of it: the label of a form, an alias, the last line of a letter."""

import re
from bisect import bisect_left

from sluice.guard.naming.lexicon import ENGLISH, LAST, NAMES, lexicon
from sluice.guard.naming.runs import Name
from sluice.guard.naming.singles import does
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import CONJUNCTIONS, GREETED, KIN, RELATIVES, SELVES, words_in

_LABEL_WORDS = words_in(
    "name named known_as kin jeune_fille maiden née soltera nubile geburtsname prévenir"
    " contact parent guardian carer partner spouse father mother child pupil guest tenant"
    " passenger passengers driver witness signed from to cc attn patient pt caller requester reporter author owner"
    " rufname vater mutter kind ehefrau ehemann zeuge zeugin nom prénom père mère enfant conjoint nombre padre madre"
    " hijo hija nome figlio figlia naam vader moeder zoon dochter pai mãe filho filha imię nazwisko matka ojciec"
    " dziecko"
)
_LABELS = re.compile(
    rf"(?:{'|'.join(sorted(_LABEL_WORDS)).replace('_', ' ')})(?:\(s\)|s|[ ]\d)?"
    r"(?:[\"'*]{0,3}[ \t]?(?:[:=|]|\.{3,40})|[ ]{2,}|\t)[ \t]{0,12}[\"'*\[]{0,3}\Z",
    re.IGNORECASE,
)
# What ends the word before the signs: most words before signs are no label, and to see that is quick.
_LABEL_SIGNS = " \t\"'*[:=|."
_LABEL_ENDS = (*(f"{word.replace('_', ' ')}{plural}" for word in _LABEL_WORDS for plural in ("", "s")), *")0123456789")
_SIGN = re.compile(r"[:=|\t]|\.{3}|  ")
# What has a name there is a thing: a page's field, or a source that was retrieved.
_THING = re.compile(r"<(?:a|button|file|form|img|input|link|meta|param|script|select|source)\b[^<>\n]{0,80}\Z")
_FILE = re.compile(
    r"[\w-]{0,40}\.(?:csv|docx?|eml|gif|html?|jpe?g|json|log|md|odt|pdf|png|pptx?|py|rtf|txt|xlsx?|xml|ya?ml|zip)\b"
)
_TAG_ROOM = 100  # characters before a word in which its tag begins
_LAST_OF_ALIAS = words_in(
    "as aka a alias called nickname nicknamed by himself herself to genannt gerufen namens surnommé surnommée dit dite"
    " apodado apodada llamado llamada detto detta bijgenaamd vulgo zwany zwana"
)
_ALIAS = re.compile(
    r"(?<!\w)(?:knows?[ ]as|known[ ]as|aka|a\.k\.a\.?|alias|nicknamed?|goes[ ]by|called|calls?[ ](?:him|her)self"
    r"|answers[ ]to|described[ ]as|genannt|gerufen|namens|surnommée?|dite?|apodad[oa]|llamad[oa]|dett[oa]|bijgenaamd"
    r"|vulgo|zwan[ya])"
    r"[ ][\"“„'‘«]?\Z",
    re.IGNORECASE,
)
_LONGEST = 36  # characters of a label with its signs
_LAST_LINE = re.compile(
    r"(?:\A|\n|[.!?] )[ \t]*(?:[-–—~] ?)?(?P<name>[^\W\d_][^\W\d_.'’-]{1,20}"
    r"(?: [^\W\d_][\w.'’-]{0,20}){0,2})[ \t.x!]*\s*\Z"
)
_LONGEST_END = 80  # characters of the last line with the space behind it
_BEGINS = re.compile(r"(?:^|[-–—|;,:/(\t\n\"&+])[ \t]*$|^\d{1,2}[.)] $")
_ENDS = re.compile(r"[ \t]*(?:[-–—|;,/()\t\n\"!?&+]|\.?\n|\.?\Z)")
_LEAST = 4  # letters of a plural
_MARK_ROOM = 7  # characters before a word in which its mark stands


def is_labelled(words: Words, index: int) -> bool:
    """Say whether the label of a form stands before a word: `Next of kin: Winsome`."""
    lower, before = words.kinds[index].lower, words.before(index)
    if before == " " or not _SIGN.search(before) or lower in GREETED or lower in RELATIVES:
        return False
    start = words.starts[index]
    before = words.text[max(0, start - _LONGEST) : start]
    if not (ends_as_label(before) and is_label(before)):
        return False
    is_file = _FILE.match(words.text, words.ends[index])
    return not (is_file or _THING.search(words.text, max(0, start - _TAG_ROOM), start))


def is_label(before: str) -> bool:
    """Say whether a text ends with a label of forms and its signs."""
    return _LABELS.search(before) is not None


def ends_as_label(before: str) -> bool:
    """Say whether the word before the signs at the end of a text may be a label, which is quick."""
    label = before.rstrip(_LABEL_SIGNS)
    return not label.isascii() or label.lower().endswith(_LABEL_ENDS)


def is_called(words: Words, index: int) -> bool:
    """Say whether a name for somebody is given: `known as Spider`, `the Lomax twins`."""
    if words.kinds[index].letter in "WTPO":
        return False
    if does(words, index, KIN):
        return True
    if not index:
        return False
    before = words.kinds[index - 1]
    if before.lower in ("the", "les", "los") and words.kinds[index].capital and _is_plural(words.kinds[index].lower):
        return True  # the Baileys
    if before.letter == "T" and words.before(index) in (" ", ". "):
        return True
    start = words.starts[index]
    return before.lower in _LAST_OF_ALIAS and bool(_ALIAS.search(words.text, max(0, start - _LONGEST), start))


def _is_plural(lower: str) -> bool:
    return lower.endswith("s") and len(lower) > _LEAST and bool(lexicon().get(lower[:-1], 0) & LAST)


def is_beside_self(words: Words, index: int) -> bool:
    """Say whether somebody speaks of another and of themselves: `Storm en ik`, `Coral and I`."""
    return (
        index + 2 < len(words.kinds)
        and words.gap(index) == words.gap(index + 1) == " "
        and words.kinds[index + 1].lower in CONJUNCTIONS
        and words.kinds[index + 2].lower in SELVES
    )


def is_alone(words: Words, index: int) -> bool:
    """Say whether a word is all that stands between two marks of a line."""
    start, end = words.starts[index], words.ends[index]
    before = words.text[max(0, start - _MARK_ROOM) : start]
    cut = len(before) == _MARK_ROOM and "\n" not in before
    begins = _BEGINS.search(f"x{before}" if cut else before.rpartition("\n")[2])
    return begins is not None and _ENDS.match(words.text, end) is not None


def signed(words: Words, taken: set[int]) -> Name | None:
    """Return the last line as a name, where it is nothing but a word or two: whoever signs has it for himself."""
    line = _LAST_LINE.search(words.text, max(0, len(words.text) - _LONGEST_END))
    if line is None or not line.start():
        return None
    first, last = bisect_left(words.starts, line.start("name")), len(words.starts) - 1
    kinds = words.kinds[first:]
    if taken.intersection(range(first, last + 1)) or any(kind.letter in "TN" for kind in kinds):
        return None
    if all(kind.flags & ENGLISH and not kind.flags & NAMES for kind in kinds):
        return None  # what somebody is by trade
    if any(kind.letter == "W" and kind.flags & ENGLISH for kind in kinds):
        return None
    return Name("PERSON", first, last, full=last > first) if kinds[0].capital or not kinds[0].ordinary else None
