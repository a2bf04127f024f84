"""Find further mentions of what is known in a text, in whatever case, spacing and ending they are written."""

import re
from collections.abc import Iterator

from sluice.masking.people import parts, words
from sluice.masking.tree import EAST, ENDINGS, WORD, Known, Tree

_EASTERN = re.compile(f"[{EAST}]")
_GAP = re.compile(r"\s{1,4}|[-_.+]|%20|\\n")  # what may stand where a value has a space
# Names that are ordinary words, too. Alone they are meant as a name where a capital is no matter of course.
_ORDINARY = words(
    "will may mark grace hope rose bill art rich young white black brown green gray grey king day long short good best"
    " page price rice case law love joy faith jack drew pat rob sue chase dean grant miles summer april june august"
    " sunday west east north south church hill wood stone field bush lake park cook baker little power story ready"
    " major frank ernst sommer winter herbst"
)


class Mentions:
    """The values that are looked for."""

    def __init__(self) -> None:
        self._tree = Tree()
        self._seen: set[tuple[str, bool]] = set()

    def add(self, value: str, type: str, klass: str) -> None:
        """Look for this value from now on, and for the parts of a name."""
        if _is_findable(value):
            self._add(Known(value, type, klass))
        if type != "PERSON":
            return
        for part in parts(value):
            self._add(Known(part, type, klass, is_part=True))
        joined = "".join(value.split()).casefold()  # as in an address of a page
        if " " in value and len(joined) >= 8 and joined.isalpha():
            self._add(Known(joined, type, klass))

    def find(self, text: str) -> Iterator[tuple[int, int, Known]]:
        """Yield where a known value stands as a whole word, in order and without overlaps."""
        end = 0
        for word in WORD.finditer(text) if self._tree else ():
            if word.start() < end:
                continue
            for known in self._tree.beginning(text, word):
                if found := _at(text, word.start(), known):
                    yield (*found, known)
                    end = found[1]
                    break

    def _add(self, known: Known) -> None:
        if (known.text, known.is_part) not in self._seen:
            self._seen.add((known.text, known.is_part))
            self._tree.add(known)


def _at(text: str, start: int, known: Known) -> tuple[int, int] | None:
    """Where this value stands in the text, if its first word begins here."""
    value = known.text
    match = WORD.search(value)
    lead = match.start() if match else 0
    first = start - lead
    if first < 0 or text[first:start] != value[:lead]:
        first, value = start, value[lead:]
    end = _reach(text, first, value)
    if end is None or not _is_whole(text, first, end, known):
        return None
    return None if _is_another_word(text, first, end, known) else (first, end)


def _reach(text: str, start: int, value: str) -> int | None:
    """Where a value ends that begins here; see _GAP for what may stand between its words."""
    at = start
    for number, part in enumerate(value.split()):
        if number:
            gap = _GAP.match(text, at)
            if gap is None:
                return None
            at = gap.end()
        if text[at : at + len(part)].casefold() != part.casefold():
            return None
        at += len(part)
    return at


def _is_whole(text: str, start: int, end: int, known: Known) -> bool:
    """Whether no word goes on at either side, except with the ending of a name."""
    inner = " " in known.text  # `user_anna_vogel` holds the whole name
    if start > 0 and _goes_on(text[start - 1], text[start], inner=inner):
        return False
    if end >= len(text) or not _goes_on(text[end], text[end - 1], inner=inner):
        return True
    rest = WORD.match(text, end)
    return known.type == "PERSON" and len(known.text) > 3 and rest is not None and rest[0].casefold() in ENDINGS


def _goes_on(outside: str, inside: str, *, inner: bool) -> bool:
    if _EASTERN.match(inside):
        return False
    return (outside.isalnum() or (outside == "_" and not inner)) and (inside.isalnum() or inside == "_")


def _is_another_word(text: str, start: int, end: int, known: Known) -> bool:
    """`will` is not Will, and `mark` not Mark: a capital is missing in a single word, or says nothing."""
    found = text[start:end]
    if " " in known.text or not known.text.isalpha():
        return False
    if known.is_part and not found[0].isupper():
        return True
    if known.is_part and known.text.casefold() in _ORDINARY:
        return not re.search(r"[\w,] \Z", text[max(0, start - 2) : start])
    return found.islower() and not known.text.islower()


def _is_findable(value: str) -> bool:
    """Whether a value is long enough to be looked for where no detector saw it."""
    letters = sum(character.isalnum() for character in value)
    return letters >= (3 if any(character.isalpha() for character in value) else 5)
