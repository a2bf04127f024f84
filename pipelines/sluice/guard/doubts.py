"""Doubt whether all of a text that is surely about somebody was recognised, and say which words may be more of it."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from sluice.guard.classes import CLASS_OF
from sluice.guard.naming.compounds import is_compound
from sluice.guard.naming.kinds import Kind, can_be_given
from sluice.guard.naming.languages import languages_of
from sluice.guard.naming.lexicon import ENGLISH, FIRST, GERMAN, LAST, NAMES, ORDINARY, PLACE, flags_of
from sluice.guard.naming.lowered import tells_nothing
from sluice.guard.naming.singles import is_technical
from sluice.guard.naming.slips import is_slip
from sluice.guard.naming.tokens import Words, words_of
from sluice.guard.naming.vocabulary import ALL_ARTICLES, DETERMINERS, MONTHS, words_in
from sluice.guard.values import Finding

_SCORE = 0.3
_LEAST = 3  # letters of a word that is doubted
_LEAST_UPPER = 5  # letters; what is shorter and in capitals is rather an acronym
_UNKNOWN = 2  # words of no list that show how little of a language is known
# kbirdsong_2, olumide77, ihp_backup
_LOGIN = re.compile(
    r"[A-Za-z](?<![\w@./\\#:-].)[a-z]{2,20}(?:[._]?\d{1,4}|(?:_[a-z0-9]{2,16}){1,3})(?![\w@/\\(=\[-]|\.[\w*])"
)
# 210 Canning, tulpenhof 9
_NUMBER = re.compile(
    r"[0-9](?<![\w.,/:$€£#+-].)\d{0,3}[a-z]?(?:(?= (?P<behind>[^\W\d_]{4,20})(?![\w-]))|(?![\w.,:/%€$£°-]))"
)
_BEFORE_NUMBER = re.compile(r"(?<![\w-])[^\W\d_]{4,20} \Z")
_LONGEST = 22  # characters of a word with its space
_CALENDAR = MONTHS | words_in(
    "monday tuesday wednesday thursday friday saturday sunday"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag"
)
_OWN = {"en": ENGLISH, "de": GERMAN}
_CAREFUL = re.compile(r"[^\W\d_a-zà-öø-ÿß][a-zà-öø-ÿß]{2}")  # a word with a capital
_FIELDS = frozenset(("name", "date", "id", "of", "number", "type", "note", "at", "key", "failed", "status"))


def doubts(text: str, found: Sequence[Finding], *, sure: bool = True) -> Iterator[Finding]:
    """Yield what may be private beside what was found, which is in order and does not overlap.

    Where nothing found is `sure` to be somebody's, only names are doubted, in texts whose capitals tell nothing.
    """
    if not sure and _CAREFUL.search(text):
        return
    unfound = _Unfound(found)
    words = words_of(text)
    for index in _unexplained(words, unfound) if sure else _first_names(words, unfound):
        yield _doubt(words.starts[index], words.ends[index])
    if sure:
        yield from _logins_and_houses(text, unfound)


def _first_names(words: Words, unfound: "_Unfound") -> Iterator[int]:
    """Yield the words that may be names as well, of a text in small letters or in capitals as a whole."""
    if not tells_nothing(words, 0, len(words.kinds)):
        return
    for index, kind in enumerate(words.kinds):
        is_name = can_be_given(kind) or _is_rare(kind)
        if (
            is_name
            and kind.lower not in _CALENDAR
            and unfound.covers(words.starts[index], words.ends[index])
            and _can_be_doubted(words, index)
        ):
            yield index


def _is_rare(kind: Kind) -> bool:
    """Say whether a word is of no list, or a name and no everyday word."""
    known = kind.flags & (ORDINARY | PLACE) or is_compound(kind.lower) or is_slip(kind.lower, "en")
    return not known and (not kind.flags or bool(kind.flags & NAMES))


def _logins_and_houses(text: str, unfound: "_Unfound") -> Iterator[Finding]:
    """Yield what looks like a login, and a number beside a name as in an address."""
    for login in _LOGIN.finditer(text):
        if unfound.covers(*login.span()) and _FIELDS.isdisjoint(login[0].split("_")):
            yield _doubt(*login.span())
    for number in _NUMBER.finditer(text):
        start, end = number.span()
        before = _BEFORE_NUMBER.search(text, max(0, start - _LONGEST), start)
        if number["behind"] and _is_proper(number["behind"]):
            end = number.end("behind")
        elif before and _is_proper(before[0].strip()):
            start = before.start()
        else:
            continue
        if unfound.covers(start, end):
            yield _doubt(start, end)


def _is_proper(word: str) -> bool:
    """Say whether a word beside a number is none of any language, or with a capital no everyday one."""
    lower = word.lower()
    flags = flags_of(lower)
    if lower in _CALENDAR or is_compound(lower):
        return False
    return not flags if word.islower() else not flags & (ENGLISH | GERMAN) or bool(flags & LAST and word[1:].islower())


class _Unfound:
    """What was not found."""

    def __init__(self, found: Sequence[Finding]) -> None:
        self._starts = [finding.start for finding in found]
        self._ends = [finding.end for finding in found]

    def covers(self, start: int, end: int) -> bool:
        """Say whether nothing was found in a stretch."""
        index = bisect_right(self._ends, start)
        return index == len(self._starts) or self._starts[index] >= end


def _unexplained(words: Words, unfound: _Unfound) -> Iterator[int]:
    """Yield the words that may be names; of a language whose words the lists lack, only where several are."""
    languages = languages_of(words)
    foreign: list[int] = []
    # A line without capitals in a text that has them is rather a heading or a list.
    small_names = NAMES if tells_nothing(words, 0, len(words.kinds)) else FIRST
    for begun, ended in words.lines:
        small = tells_nothing(words, begun, ended)
        for index in range(begun, ended):
            if not unfound.covers(words.starts[index], words.ends[index]) or not _can_be_doubted(words, index):
                continue
            kind, language = words.kinds[index], languages[index]
            if _is_small_name(words, index, small_names, language) if small else _may_be_name(words, index, language):
                yield index
            elif _is_of_no_list(kind, language, small=small):
                if small or language != "other":
                    yield index
                else:
                    foreign.append(index)
    if len({words.kinds[index].lower for index in foreign}) >= _UNKNOWN:
        yield from foreign


def _can_be_doubted(words: Words, index: int) -> bool:
    kind = words.kinds[index]
    return len(kind.lower) >= _LEAST and kind.letter not in "TPON" and not is_technical(words, index)


def _is_small_name(words: Words, index: int, names: int, language: str) -> bool:
    """Say whether a word of a line without capitals is in these lists of names, and no article says otherwise."""
    kind = words.kinds[index]
    if not kind.flags & names or kind.lower in _CALENDAR or kind.lower in _FIELDS:
        return False
    before = words.kinds[index - 1].lower if index and words.before(index) == " " else ""
    # `de` is no article but in Dutch.
    is_thing = before != "de" and (before in ALL_ARTICLES or before in DETERMINERS)
    return not is_thing and (kind.letter != "W" or not kind.flags & _OWN.get(language, ORDINARY))


def _may_be_name(words: Words, index: int, language: str) -> bool:
    """Say whether a word is in a list of names, and stands where neither grammar nor a capital explains it."""
    kind = words.kinds[index]
    if kind.lower in _CALENDAR:
        return False
    if kind.letter == "W":
        # Ella: a word of another language's grammar
        return kind.capital and bool(kind.flags & FIRST) and not kind.flags & _OWN.get(language, ORDINARY)
    if not kind.capital or kind.upper or language == "de":
        return kind.upper and len(kind.lower) >= _LEAST_UPPER and not kind.flags & ORDINARY
    return can_be_given(kind) or (bool(kind.flags & LAST) and not words.opens_sentence(index))


def _is_of_no_list(kind: Kind, language: str, *, small: bool) -> bool:
    if kind.flags or kind.letter == "W" or (kind.upper and not small):
        return False
    if kind.capital and not small:
        return not (language == "de" and is_compound(kind.lower))
    return not (is_slip(kind.lower, language) or is_compound(kind.lower))


def _doubt(start: int, end: int) -> Finding:
    return Finding("UNCLEAR", CLASS_OF["UNCLEAR"], start, end, _SCORE)
