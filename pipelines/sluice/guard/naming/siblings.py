"""Take for a name what stands among names: in the column of a table, in a list, or before the colon of a chat."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding

_SCORE = 0.5
_MARKS = (";", "\t", "|", ",")
_LEAST_ITEMS = 3
_MOST_CELLS = 64  # of a line
_PADDING = " \t\"'*"
_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’-]|[ ](?=[^\W\d_])){0,30}")
_TURN = re.compile(r"^(?P<name>[^\W\d_][^\W\d_.'’-]{1,19}(?: [^\W\d_.'’-]{1,19})?): ", re.MULTILINE)
# Trip list: Blessing A., Tiger-Lily Moss, Zed
_LIST = re.compile(r"[^,;:()\n]{2,32}(?:, [^,;:()\n]{2,32}){2,40}")
_LAST_ITEM = re.compile(r"\. ")

Place = tuple[int, int]


def siblings(text: str, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what stands where at least as many people stand who were found; it is weak."""
    people = sorted((finding.start, finding.end) for finding in found if finding.type == "PERSON")
    if not people:
        return
    for places in (*_columns(text), *_lists(text), _turns(text)):
        named = [_is_taken(place, people) for place in places]
        others = [place for place, taken in zip(places, named, strict=True) if not taken]
        if others and sum(named) >= max(len(others), len(places) > 2, 1):
            for start, end in others:
                if _NAME.fullmatch(text, start, end):
                    yield Finding("PERSON", CLASS_OF["PERSON"], start, end, _SCORE, True)


def _is_taken(place: Place, people: Sequence[Place]) -> bool:
    """Say whether a place holds the beginning of a name that was found."""
    index = bisect_left(people, place)
    return index < len(people) and people[index][0] < place[1]


def _columns(text: str) -> Iterator[list[Place]]:
    """Yield the cells of each column, without the head, of lines that the same marks part as often."""
    columns: dict[int, list[Place]] = defaultdict(list)
    mark, width, offset, heads = "", 0, 0, True
    for line in text.splitlines(keepends=True):
        found, number = _parted_by(line)
        if (found, number) != (mark, width):
            yield from columns.values()
            columns.clear()
            mark, width, heads = found, number, True
        if number and not heads:
            for column, place in enumerate(_placed(line.rstrip("\r\n"), found, offset)):
                columns[column].append(place)
        heads = False
        offset += len(line)
    yield from columns.values()


def _parted_by(line: str) -> tuple[str, int]:
    """Return the mark that parts a line into cells, and into how many; none where a comma is followed by a space."""
    for mark in _MARKS:
        number = line.count(mark)
        if 0 < number < _MOST_CELLS and not (mark == "," and ", " in line):
            return mark, number
    return "", 0


def _turns(text: str) -> list[Place]:
    """Return who speaks in each line of a chat: of several lines with a colon, or wherever all have one."""
    turns = [match.span("name") for match in _TURN.finditer(text)]
    return turns if len(turns) >= _LEAST_ITEMS or len(turns) == len(text.split("\n")) else []


def _lists(text: str) -> Iterator[list[Place]]:
    """Yield the items between the commas of each list of words with capitals."""
    for match in _listed(text):
        places = [
            (start, start + cut.start() if (cut := _LAST_ITEM.search(text, start, end)) and end == match.end() else end)
            for start, end in _placed(match[0], ",", match.start())
        ]
        items = [place for place in places if place[0] < place[1] and text[place[0]].isupper()]
        if len(items) >= _LEAST_ITEMS and len(items) == len(places):
            yield items


def _listed(text: str) -> Iterator[re.Match[str]]:
    offset = 0
    for line in text.splitlines(keepends=True):
        if line.count(", ") >= _LEAST_ITEMS - 1:
            yield from _LIST.finditer(text, offset, offset + len(line))
        offset += len(line)


def _placed(line: str, mark: str, offset: int) -> Iterator[Place]:
    """Yield where the parts of a line stand, without what pads them."""
    for part in line.split(mark):
        bare = part.strip(_PADDING)
        start = offset + (part.index(bare) if bare else 0)
        yield start, start + len(bare)
        offset += len(part) + 1
