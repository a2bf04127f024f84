"""Say which words around a place in a text name what stands there, in several languages."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.resources import files
from itertools import accumulate
from typing import NamedTuple

from sluice.guard.identifiers.tables import Cells, cells

Names = frozenset[str]
NONE: Names = frozenset()

_BEFORE = 64  # characters; Presidio looks at about five words
_AFTER = 22
_LOOSEST = 3  # characters between the words of a phrase
_LONGEST_LINK = 40  # characters between the word that names and the value
# They may stand between the word that names and the value.
_LINKS_WORDS = (
    "number numbers no nr num nummer numero número numéro numer n nº is are was were ist lautet lauten war est es"
    " è jest são é id code the my your his her their our mein meine ihre ihr seine mon ma votre mi su mio tuo mijn"
    " uw it s for of ending ends in with card karte to at on de del di du da do und and value holder registered"
    " issued expires under as am le la el il den dem der die das per un van het says said told me gave i patient"
    " client customer now new old neu fiscal text string varchar eq like e o a º ª mit met con com avec"
    " numer numerem kod zu är er on je mitt mig mi på č číslo numeron numeroon nro till til den det som ve w em no"
    " via al ao au aux přes přesně nyní nya nye uusi nová nowy nueva nuovo nieuwe nova novo"
)
_LINKS = frozenset(_LINKS_WORDS.split())
_CLOSE_LINKS_WORDS = (
    "number no nr num nummer n nº numero número numéro id code is ist est es è my your º är er on je č číslo nro"
    " numer jest was war était era"
)
_CLOSE_LINKS = frozenset(_CLOSE_LINKS_WORDS.split())
_CAPITALS = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĻĽŁŃŅŇŐŒŔŘŚŞŠŢŤŪŮŰŲŹŻŽ"
# Humps part words: accountNumber is two.
_WORD = re.compile(rf"[{_CAPITALS}]{{2,}}(?![a-zß-öø-ſ])|[A-Z]*[a-zß-öø-ſ]+|[^\W\d_]+")
_PARTED = re.compile(f"({_WORD.pattern})")  # for `split`: the words, and what stands between them
_NEXT = re.compile(rf"[\W\d_]{{0,{_LOOSEST}}}({_WORD.pattern})")
_BREAK = re.compile(r"\d|,[^,]*,|\n[ \t]*\n")
# `Kundennummer vom Versorger 22004`, `account at Barclays 4471`: who gave it out says nothing of what it is.
_OF_WHOM = re.compile(
    r" (?:vom|von|bei|beim|from|with|at|for|du|de|del|dal|da|van|bij|chez|od|z)"
    r" (?:(?:the|my|our|der|dem|meiner|la|le|het|de) )?[^\W\d_]{3,20}(?= )",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*\n")


def _phrases() -> Mapping[str, tuple[tuple[tuple[str, ...], Names], ...]]:
    """Return for each first word the other words of its phrases, the longest first, and what they speak of."""
    spoken: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for name, phrase in _entries():
        words = tuple(phrase.split())
        spoken[words].add(name)
        if words[0] == "nº":  # written N.º as well
            spoken["n", "º", *words[1:]].add(name)
        spoken[("".join(words),)].add(name)
    grouped: dict[str, list[tuple[tuple[str, ...], Names]]] = defaultdict(list)
    for words in sorted(spoken, key=len, reverse=True):
        grouped[words[0]].append((words[1:], frozenset(spoken[words])))
    return {first: tuple(rest) for first, rest in grouped.items()}


def _entries() -> Iterator[tuple[str, str]]:
    name = ""
    for line in (files(__package__) / "data" / "cues.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            yield from ((name, phrase.strip()) for phrase in line.split(","))


_PHRASES = _phrases()


class Cue(NamedTuple):
    """A phrase at a place of a text, and what it speaks of."""

    start: int
    end: int
    names: Names


class Cues:
    """The telling words of one text. They are looked for once, when first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def lowered(self) -> str:
        """The text in small letters; a few letters become two, so places in it may be others."""
        return self.text.lower()

    @cached_property
    def all(self) -> Sequence[Cue]:
        return list(_spoken(self.text))

    @cached_property
    def cells(self) -> Cells:
        return cells(self.text, says)

    @cached_property
    def _ends(self) -> Sequence[int]:
        return sorted(cue.end for cue in self.all)

    @cached_property
    def _by_end(self) -> Sequence[Cue]:
        return sorted(self.all, key=lambda cue: cue.end)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [cue.start for cue in self.all]

    def near(self, start: int, end: int) -> Names:
        """Return what the words shortly before and right behind a place speak of, and in a table the head."""
        cell = self.cells.at(start)
        if cell:
            return cell.names | _united(self._before(start, cell.start))
        return _united(self._before(start, start - _BEFORE)) | self._behind(end)

    def tied(self, start: int) -> Names:
        """Return what the words say that lead to a place with nothing but links between (`my account no. is`).

        `case` is said by words that mean much else, so there only a link such as `number` may stand between.
        """
        cell = self.cells.at(start)
        if cell and not _WORD.search(self.text, cell.start, start):
            return cell.names
        lowest = max(start - _LONGEST_LINK - 30, cell.start if cell else 0)
        return NONE.union(*(self._leading(cue, start) for cue in self._before(start, lowest)))

    def nearest(self, start: int) -> Names:
        """Return what the last telling word before a place speaks of."""
        found = self._before(start, start - _BEFORE)
        return found[-1].names if found else NONE

    def announced(self, lowest: int, start: int) -> bool:
        """Say whether anything in a stretch may announce an address."""
        return any("lead" in cue.names for cue in self._before(start, lowest))

    def _before(self, start: int, lowest: int) -> Sequence[Cue]:
        found = self._by_end[bisect_left(self._ends, lowest) : bisect_right(self._ends, start)]
        if found and "\n" in self.text[found[0].end : start]:
            return [cue for cue in found if not _BLANK_LINE.search(self.text, cue.end, start)]
        return found

    def _behind(self, end: int) -> Names:
        first = bisect_left(self._starts, end)
        if first == len(self.all) or self._starts[first] > end + _AFTER:
            return NONE
        line = self.text[end : end + _AFTER].partition("\n")[0]
        cue = self.all[first]
        between = self.text[end : cue.start]
        if ":" in line or "\n" in between or len(_WORD.findall(between)) > 1:
            return NONE
        return cue.names

    def _leading(self, cue: Cue, start: int) -> Names:
        between = self.text[cue.end : start]
        if len(between) > _LONGEST_LINK or _BREAK.search(between):
            return NONE
        words = _words(between)
        if words <= _CLOSE_LINKS:
            return cue.names
        if words <= _LINKS or _words(_OF_WHOM.sub(" ", between)) <= _LINKS:
            return cue.names - {"case"}
        return NONE


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def says(label: str) -> Names:
    """Return what the head of a column speaks of, if it is nothing but a label."""
    found = list(_spoken(label))
    if not found or len(_WORD.findall(label)) > 6:
        return NONE
    return _united(found)


def is_link(word: str) -> bool:
    """Say whether a word only leads to a value, or names one, and is no part of it."""
    if not word.isalpha() or (word.isupper() and len(word) <= 2):
        return False
    return word.lower() in _LINKS or any(not rest for rest, _ in _PHRASES.get(word.lower(), ()))


def _united(cues: Sequence[Cue]) -> Names:
    return NONE.union(*(cue.names for cue in cues)) if cues else NONE


def _spoken(text: str) -> Iterator[Cue]:
    """Yield the phrases of a text; of several that begin at a word the longest, and none within another."""
    free = 0
    parts = _PARTED.split(text)
    words = [word.lower() for word in parts[1::2]]
    places = list(accumulate(map(len, parts)))
    for index in [index for index, word in enumerate(words) if word in _PHRASES]:
        start, after = places[2 * index], places[2 * index + 1]
        if start < free:
            continue
        for rest, names in _PHRASES[words[index]]:
            end = _continued(text, after, rest)
            if end:
                yield Cue(start, end, names)
                free = end
                break


def _continued(text: str, end: int, rest: Sequence[str]) -> int:
    """Return where a phrase ends of which these words are left, 0 if they do not follow."""
    for other in rest:
        word = _NEXT.match(text, end)
        if not word or word[1].lower() != other:
            return 0
        end = word.end()
    return end
