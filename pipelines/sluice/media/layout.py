"""Put the lines of a picture into the order in which a person reads them, and find a stretch of text again."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from sluice.media.values import Box, Line, Sight

_SAME_ROW = 0.5  # of the lower line's height that two lines of a row are apart at most
_COLUMN = 2.5  # heights of a line between two parts of a row that do not belong to one sentence


def in_order(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return lines with those that stand side by side joined into one, from top to bottom.

    A form has its label left of its value, and a detector must read both as one line. The page may lie a little askew.
    """
    return tuple(_joined(row) for row in _rows(lines))


def stretches(sight: Sight, start: int, end: int) -> Iterator[Box]:
    """Yield the box of each part of a stretch of the sight's text, one for each line that it touches."""
    offset = 0
    for line in sight.lines:
        first, last = max(start - offset, 0), min(end - offset, len(line.text))
        if first < last:
            yield from _runs(line.places[first:last])
        offset += len(line.text) + 1


def whole_lines(sight: Sight, start: int, end: int) -> Iterator[Box]:
    """Yield the boxes of the lines that a stretch touches."""
    offset = 0
    for line in sight.lines:
        if offset < end and start < offset + len(line.text):
            yield line.box
        offset += len(line.text) + 1


def _rows(lines: Sequence[Line]) -> list[list[Line]]:
    slope = _slope(lines)
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: _level(line, slope)):
        row = next((row for row in reversed(rows[-3:]) if _is_beside(line, row, slope)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    return [sorted(row, key=lambda line: line.box.left) for row in rows]


def _slope(lines: Sequence[Line]) -> float:
    """How much lower a line is one pixel further to the right, by the median of the longer ones."""
    slopes = [
        (_middle(line.places[-1]) - _middle(line.places[0])) / (line.places[-1].left - line.places[0].left)
        for line in lines
        if line.places[-1].left - line.places[0].left > 4 * _height(line)
    ]
    return median(slopes) if slopes else 0.0


def _level(line: Line, slope: float) -> float:
    """How far down a line would stand if the page were straight."""
    return _middle(line.places[0]) - slope * line.places[0].left


def _height(line: Line) -> float:
    return median(place.height for place in line.places)


def _middle(place: Box) -> float:
    return (place.top + place.bottom) / 2


def _is_beside(line: Line, row: Sequence[Line], slope: float) -> bool:
    level = median(_level(other, slope) for other in row)
    near = abs(_level(line, slope) - level) < _SAME_ROW * min(_height(line), _height(row[0]))
    return near and not any(_overlap(line.box, other.box) for other in row)


def _overlap(one: Box, other: Box) -> bool:
    """Whether one stands over the other, by more than the margin that boxes have."""
    shared = min(one.right, other.right) - max(one.left, other.left)
    return shared > 0.2 * min(one.width, other.width)


def _joined(row: Sequence[Line]) -> Line:
    text, places, box = row[0].text, row[0].places, row[0].box
    for before, line in pairwise(row):
        gap = line.box.left - before.box.right
        between = "  |  " if gap > _COLUMN * _height(line) else " "
        text = f"{text}{between}{line.text}"
        places = (*places, *(places[-1:] * len(between)), *line.places)
        box = box.joined(line.box)
    return Line(text, box, places, min(line.score for line in row))


def _runs(places: Sequence[Box]) -> Iterator[Box]:
    """Boxes around characters that follow each other; a new one where the next stands elsewhere."""
    run = places[0]
    for before, place in pairwise(places):
        if place.left > before.right + 4 * before.height:
            yield run
            run = place
        else:
            run = run.joined(place)
    yield run
