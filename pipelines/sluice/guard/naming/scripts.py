"""Find names in scripts without capitals: by surnames, forms of address, words that introduce a name, the lexicon."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from sluice.guard.classes import CLASS_OF
from sluice.guard.matching import lines_with
from sluice.guard.naming.lexicon import NAMES
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import table
from sluice.guard.values import Finding

_SCORE = 0.7
_OTHER = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_EASTERN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")  # every name of the patterns has one
_SPACED = "\u0590"  # scripts from here on to Thai put spaces between words
_SPACED_END = "\u0eff"
_HAN = "[\u4e00-\u9fff]"
_KANA = "[\u30a0-\u30ff]"
_HANGUL = "[\uac00-\ud7af]"
_SIGN = "[:\uff1a是は]?[ \t\u3000]?"
_LONGEST = 3  # words of a name
_NEAR = 40  # characters

_LISTS = table("scripts")


def in_other_scripts(words: Words) -> Iterator[Finding]:
    """Yield the people named in scripts without capitals; nothing in a text that has none of these."""
    if words.text.isascii() or not _OTHER.search(words.text):
        return
    found = _joined([*_by_patterns(words.text), *_spaced(words)])
    matters = [match.start() for match in _MATTERS.finditer(words.text)] if found else []
    for finding in found:
        yield replace(finding, weak=finding.weak and not _is_near(finding, matters))


def _by_patterns(text: str) -> Iterator[Finding]:
    for start, end in lines_with(_EASTERN, text):
        for pattern, tied in _PATTERNS:
            for match in pattern.finditer(text, start, end):
                yield _person(*match.span(1), tied=tied)


def _joined(findings: list[Finding]) -> list[Finding]:
    """Return the findings in order, those that overlap as one; a tie of a part is a tie of the whole."""
    joined: list[Finding] = []
    for finding in sorted(findings, key=lambda finding: finding.start):
        if joined and finding.start < joined[-1].end:
            last = joined[-1]
            joined[-1] = replace(last, end=max(last.end, finding.end), weak=last.weak and finding.weak)
        else:
            joined.append(finding)
    return joined


def _is_near(finding: Finding, places: list[int]) -> bool:
    """Say whether one of the places, in order, is near a finding."""
    following = bisect_left(places, finding.start - _NEAR)
    return following < len(places) and places[following] <= finding.end + _NEAR


def _person(start: int, end: int, *, tied: bool) -> Finding:
    return Finding("PERSON", CLASS_OF["PERSON"], start, end, _SCORE, not tied)


def _any(words: str) -> str:
    return "(?:" + "|".join(sorted(words.split(), key=len, reverse=True)) + ")"


def _chinese() -> list[tuple[re.Pattern[str], bool]]:
    lists = _LISTS["chinese"]
    surname = f"(?:{_any(lists['double_surnames'])}|[{lists['surnames']}])"
    given = f"[{lists['given']}]"
    return [
        (re.compile(f"({surname}{_HAN}{{0,2}}?){_any(lists['titles'])}"), False),
        (re.compile(f"{_any(lists['tying'])}{_SIGN}({surname}(?:{given}{{1,2}}|{_HAN}{{1,2}}))"), True),
        (re.compile(f"{_any(lists['before'])}({surname}{given}{{1,2}})"), False),
        (re.compile(f"({surname}{given}{{2}})"), False),
    ]


def _japanese() -> list[tuple[re.Pattern[str], bool]]:
    lists = _LISTS["japanese"]
    name = f"{_any(lists['surnames'])}(?:[ \u3000]?{_HAN}{{1,3}})?"
    return [
        (re.compile(f"((?:{_HAN}|{_KANA}){{2,5}}){_any(lists['titles'])}"), False),
        (re.compile(f"{_any(lists['tying'])}{_SIGN}({_HAN}{{1,4}}[ \u3000]?{_HAN}{{1,3}}|{_KANA}{{2,8}})"), True),
        (re.compile(f"({name})(?!{_HAN})"), False),
        (re.compile(f"({_any(lists['surnames'])})(?=です|と申します)"), True),
    ]


def _korean() -> list[tuple[re.Pattern[str], bool]]:
    lists = _LISTS["korean"]
    name = f"[{lists['surnames']}]{_HANGUL}{{1,2}}"
    ends = "(?=입니다|이고|이에요|예요|라고|님|이|가|은|는|을|를|에게|[\\s,.]|$)"
    return [
        (re.compile(f"(?<!{_HANGUL})({name}) ?{_any(lists['titles'])}"), False),
        (re.compile(f"{_any(lists['tying'])}{_SIGN}({_HANGUL}{{2,4}}?){ends}"), True),
    ]


_PATTERNS = (*_chinese(), *_japanese(), *_korean())
_MATTERS = re.compile(_any(_LISTS["matters"]["words"]))
_TITLES = frozenset(_LISTS["others"]["titles"].split())
_TYING = frozenset(_LISTS["others"]["tying"].split())
_VERBS = frozenset(_LISTS["others"]["verbs"].split())


def _spaced(words: Words) -> Iterator[Finding]:
    """Yield the names in scripts that put spaces between words: after a cue, or two names of the lexicon together."""
    index, total = 0, len(words.kinds)
    while index < total:
        lower = words.kinds[index].lower
        if not _SPACED <= lower[0] <= _SPACED_END:
            index += 1
            continue
        cued = lower in _TITLES or lower in _TYING
        first = index + cued
        end = _end_of_name(words, first, cued=cued)
        if end - first > (not cued):
            yield _person(words.starts[first], words.ends[end - 1], tied=lower in _TYING)
        index = max(end, index + 1)


def _end_of_name(words: Words, first: int, *, cued: bool) -> int:
    """Return the index after the words that can be a name; after a cue, two may be in no list."""
    end = first
    while end < min(first + _LONGEST, len(words.kinds)):
        kind = words.kinds[end]
        apart = end > 0 and words.text[words.ends[end - 1] : words.starts[end]].strip(" :\u00a0")
        if apart or kind.lower in _VERBS or not _SPACED <= kind.lower[0] <= _SPACED_END:
            break
        if not kind.flags & NAMES and not (cued and end - first < 2):
            break
        end += 1
    return end
