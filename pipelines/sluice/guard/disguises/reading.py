"""Another way to read a text, and the way back to where it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_AROUND = 400  # characters on each side of what was undone in which the words that explain it may stand


@dataclass(frozen=True, slots=True)
class Edit:
    """A stretch of a text that reads as something else."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a reading, where it begins, and the stretch of the source that it stands for."""

    at: int
    start: int
    end: int
    copied: bool  # character by character; otherwise all of it stands for all of the stretch


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read in another way. With `named`, names may be looked for in it, since its words are whole."""

    text: str
    source: Reading | None = None
    stretches: tuple[Stretch, ...] = ()
    changes: tuple[int, ...] = ()  # where in `text` something was undone, in this reading or its source
    named: bool = False

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the very first text that [start, end) of this reading stands for."""
        if self.source is None:
            return start, end
        first = self._stretch(start)
        last = self._stretch(end - 1)
        begin = first.start + (start - first.at if first.copied else 0)
        stop = last.start + (end - last.at) if last.copied else last.end
        return self.source.original(begin, stop)

    def rewritten(self, edits: Iterable[Edit]) -> Reading:
        """Return the reading in which the edits, in order and apart, are made; itself if there are none."""
        edits = tuple(edits)
        if not edits:
            return self
        parts: list[str] = []
        stretches: list[Stretch] = []
        made: list[int] = []
        at = done = 0
        for edit in (*edits, Edit(len(self.text), len(self.text), "")):
            for text, start, end, copied in (
                (self.text[done : edit.start], done, edit.start, True),
                (edit.text, edit.start, edit.end, False),
            ):
                if text:
                    stretches.append(Stretch(at, start, end, copied))
                    parts.append(text)
                    at += len(text)
            made.append(at)
            done = edit.end
        moved = _moved(self.changes, stretches)
        return Reading("".join(parts), self, tuple(stretches), tuple(sorted({*made[:-1], *moved})))

    def excerpt(self, start: int, end: int, *, named: bool) -> Reading:
        """Return the part [start, end) as a reading of its own."""
        return Reading(self.text[start:end], self, (Stretch(0, start, end, copied=True),), named=named)

    def _stretch(self, at: int) -> Stretch:
        return self.stretches[bisect_right(self.stretches, at, key=lambda stretch: stretch.at) - 1]


def whole(text: str) -> Reading:
    """Return the text as it stands."""
    return Reading(text)


def excerpts(reading: Reading, *, named: bool = False, since: Reading | None = None) -> Iterator[Reading]:
    """Yield the surroundings of all that was undone, or of what was undone `since` an earlier reading."""
    changes = reading.changes
    if since is not None:
        earlier = set(_moved(since.changes, reading.stretches))
        changes = tuple(change for change in changes if change not in earlier)
    if reading.source is None or not changes:
        return
    start = end = _edge(reading.text, changes[0] - _AROUND)
    for change in changes:
        begin = _edge(reading.text, change - _AROUND)
        if begin > end:
            yield reading.excerpt(start, end, named=named)
            start = begin
        end = min(len(reading.text), change + _AROUND)
    if start < end:
        yield reading.excerpt(start, end, named=named)


def _edge(text: str, at: int) -> int:
    """Return the beginning of the line or at least of the word near a place, so that no excerpt begins within one."""
    if at <= 0:
        return 0
    near = max(0, at - _AROUND)
    line = text.rfind("\n", near, at)
    return (line if line >= 0 else text.rfind(" ", near, at)) + 1 or at


def _moved(places: Iterable[int], stretches: Iterable[Stretch]) -> list[int]:
    """Return where places of the source stand in a reading made of these stretches."""
    starts = [(stretch.start, stretch.at, stretch.copied) for stretch in stretches]
    moved = []
    for place in places:
        index = bisect_right(starts, place, key=lambda item: item[0]) - 1
        if index >= 0:
            start, at, copied = starts[index]
            moved.append(at + (place - start if copied else 0))
    return moved
