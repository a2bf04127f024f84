"""Say what kind of private document a text is: a small linear model over cues and layout, data/model.json."""

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sluice.guard.documents.cues import Counted, cues
from sluice.guard.documents.exam import is_exam
from sluice.guard.documents.features import NAMES, features
from sluice.guard.documents.reading import Reading, found, words_in
from sluice.guard.documents.shape import coded, details, layout
from sluice.guard.values import Finding

SHORTEST = 200  # characters; of less, the layout says too little
_WORDS = 20
_STRETCH = 3_000  # characters that are judged together; a document within a longer text stands out in its own
# Where the words that gave a kind away are looked for, the most telling first.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "MEDICAL_RECORD": ("medical.field", "medical.person", "medical.term"),
    "LEGAL_DOCUMENT": ("legal.act", "legal.party", "legal.clause"),
    "FINANCIAL_PROJECTION": ("financial.future", "financial.metric", "financial.inside"),
    "CUSTOMER_LIST": ("customer.head",),
    "INTERNAL_MAIL": ("mail.work", "mail.word"),
}
KINDS = tuple(_TELLING)
# What a document of a kind has at least, by cues and by layout: cheap to see, and the model is not asked without it.
_CUES: Mapping[str, int] = {"MEDICAL_RECORD": 4, "LEGAL_DOCUMENT": 4, "FINANCIAL_PROJECTION": 4}
_LAYOUT: Mapping[str, Mapping[str, int]] = {
    "CUSTOMER_LIST": {"rows": 2, "emails": 3, "telephones": 3},
    "INTERNAL_MAIL": {"mails": 2, "addressed": 1, "quotes": 1, "timed": 2, "turns": 3, "attended": 1},
}
# Rows that no word names are of people only with these.
_UNNAMED: Mapping[str, Mapping[str, int]] = {"CUSTOMER_LIST": {"emails": 3, "telephones": 3}}
# Share of lines; a text with more is source code. Tables and turns are what its literals look like, too.
_CODED = 0.3
_CODED_LAYOUT = 0.2
_SURE = 0.9  # what such a kind takes in a text that is code elsewhere


@dataclass(frozen=True, slots=True)
class Weighing:
    """What one kind of document makes of the features."""

    kind: str
    bias: float
    weights: tuple[float, ...]
    threshold: float  # probability from which it is a finding

    def probability(self, values: Sequence[float]) -> float:
        sum = self.bias + math.fsum(weight * value for weight, value in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, sum))))


@cache
def weighings() -> tuple[Weighing, ...]:
    """Return the trained weights; raise ValueError if they were trained on other features."""
    data = json.loads(files("sluice.guard.documents").joinpath("data/model.json").read_text(encoding="utf-8"))
    if data["features"] != list(NAMES):
        raise ValueError("data/model.json was trained on other features; run tests/bench/classes_model.py")
    return tuple(
        Weighing(kind, of_kind["bias"], tuple(of_kind["weights"]), of_kind["threshold"])
        for kind, of_kind in data["kinds"].items()
    )


def documents(reading: Reading) -> Iterator[Finding]:
    """Yield one finding for each kind of document that the text holds, at a word that gave it away."""
    if len(reading.text) < SHORTEST:
        return
    seen: set[str] = set()
    for start, end in stretches(reading.text):
        for kind, probability, place in _judged(reading.lowered[start:end]):
            if kind not in seen and not (kind in _LAYOUT and probability < _SURE and reading.is_code):
                seen.add(kind)
                yield found(kind, start + place[0], start + place[1], probability)


def _judged(lowered: str) -> Iterator[tuple[str, float, tuple[int, int]]]:
    words = words_in(lowered)
    if len(words) < _WORDS:
        return
    counted = cues().of(words)
    in_code = coded(lowered)
    if not any(_is_spoken_of(kind, counted, in_code) for kind in KINDS):
        return
    counts = {**layout(lowered), "coded": in_code}
    kinds = possible(counted, counts)
    if not kinds or is_exam(lowered):
        return
    values = features(len(words), counted, {**counts, **details(lowered)})
    for weighing in weighings():
        if weighing.kind in kinds and (probability := weighing.probability(values)) >= weighing.threshold:
            yield weighing.kind, probability, _telling_place(lowered, weighing.kind, counted)


def possible(counted: Counted, counts: Mapping[str, float]) -> list[str]:
    """Return the kinds of which a text has at least the cues and the layout; `counts` are those of its layout."""
    spoken_of = (kind for kind in KINDS if _is_spoken_of(kind, counted, counts["coded"]))
    return [kind for kind in spoken_of if _is_laid_out(kind, counted, counts)]


def _is_spoken_of(kind: str, counted: Counted, in_code: float) -> bool:
    most = _CODED_LAYOUT if kind in _LAYOUT else _CODED
    return in_code < most and sum(len(counted.get(group, ())) for group in _TELLING[kind]) >= _CUES.get(kind, 0)


def _is_laid_out(kind: str, counted: Counted, counts: Mapping[str, float]) -> bool:
    is_named = any(counted.get(group) for group in _TELLING[kind])
    wanted = _LAYOUT.get(kind) if is_named else _UNNAMED.get(kind, _LAYOUT.get(kind))
    return wanted is None or any(counts[name] >= least for name, least in wanted.items())


def stretches(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text at line ends into stretches that are judged alone; a short rest goes with the one before."""
    start = 0
    while start < len(text):
        end = start + _STRETCH
        is_last = end + _STRETCH // 3 >= len(text)
        end = len(text) if is_last else text.rfind("\n", start + _STRETCH // 2, end) + 1 or end
        yield start, end
        start = end


def _telling_place(lowered: str, kind: str, counted: Counted) -> tuple[int, int]:
    """Return where the longest cue of the most telling group stands; the first word if there is none."""
    for group in _TELLING[kind]:
        for cue in sorted(counted.get(group, ()), key=len, reverse=True):
            pattern = r"[\W_]+".join(map(re.escape, cue.split()))
            if match := re.search(rf"(?<![^\W_]){pattern}", lowered):
                return match.span()
    match = re.search(r"[^\W_]+", lowered)
    return match.span() if match else (0, len(lowered))
