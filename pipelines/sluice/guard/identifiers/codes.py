"""Decide which code of the tables a stretch of digits and letters is."""

import re
from collections.abc import Iterator, Sequence

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.accounts import account, card
from sluice.guard.identifiers.cues import NONE, Cues, Names
from sluice.guard.identifiers.kinds import ALONE, ANY_ALONE, BY_CUE, Kind
from sluice.guard.identifiers.stretches import Stretch, is_random, stretches
from sluice.guard.values import Finding

_TECHNICAL = re.compile(r"0X|RFC|PEP|BPO|ISO|UTF|SHA|U[0-9A-F]{4}$")
_SURE = 0.15  # of the score, lost where check digits are wrong


def codes(cues: Cues) -> Iterator[Finding]:
    """Yield cards, accounts and everything in the table of kinds; what one of them takes, no other reads."""
    for readings in stretches(cues.text):
        yield from _read(cues, readings)


def _read(cues: Cues, readings: Sequence[Stretch]) -> Iterator[Finding]:
    taken: list[Finding] = []
    for reading in readings:
        if any(reading.start < other.end and other.start < reading.end for other in taken):
            continue
        finding = _judged(cues, reading)
        if finding and not is_random(cues.text, reading.start, reading.end):
            taken.append(finding)
    yield from taken


def _judged(cues: Cues, stretch: Stretch) -> Finding | None:
    near = cues.near(stretch.start, stretch.end)
    found = card(stretch, near) or account(stretch, near)
    if found:
        return found
    kind, score = _alone(stretch) or (_named(cues, stretch, near) if near else None) or (None, 0.0)
    return Finding(kind.type, CLASS_OF[kind.type], stretch.start, stretch.end, score) if kind else None


def _alone(stretch: Stretch) -> tuple[Kind, float] | None:
    if not ANY_ALONE.fullmatch(stretch.written):
        return None
    for kind in ALONE:
        if kind.alone and kind.alone.fullmatch(stretch.written) and _shaped(kind, stretch) and _checked(kind, stretch):
            return kind, kind.score
    return None


def _named(cues: Cues, stretch: Stretch, near: Names) -> tuple[Kind, float] | None:
    tied: Names = cues.tied(stretch.start) if near else NONE
    best: tuple[Kind, float] | None = None
    for cue in sorted(near & BY_CUE.keys()):
        for kind in BY_CUE[cue]:
            score = _score(kind, stretch, tied=cue in tied)
            if score and (best is None or score > best[1]):
                best = kind, score
    return best


def _score(kind: Kind, stretch: Stretch, *, tied: bool) -> float:
    if not _shaped(kind, stretch) or (kind.told and (not tied or _TECHNICAL.match(stretch.compact))):
        return 0.0
    if _checked(kind, stretch):
        return kind.score
    return kind.score - _SURE if tied else 0.0


def _shaped(kind: Kind, stretch: Stretch) -> bool:
    return kind.shape.fullmatch(stretch.compact) is not None


def _checked(kind: Kind, stretch: Stretch) -> bool:
    return kind.check is None or kind.check(stretch.compact)
