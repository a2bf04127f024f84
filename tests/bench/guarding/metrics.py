"""What is counted: tokens, spans that are found, and documents from which something would leave."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.bench.guarding.corpora import Document, Span

# Words and numbers; what stands between them is neither found nor missed.
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that are private and found, found only, and private only."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed)

    @property
    def f2(self) -> float:
        """Recall counts four times as much as precision."""
        return _share(5 * self.right, 5 * self.right + self.wrong + 4 * self.missed)


@dataclass(slots=True)
class Tally:
    """The sum over documents."""

    documents: int = 0
    leaking: int = 0
    holding: int = 0
    tokens: Tokens = Tokens()
    found: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)

    def add(self, document: Document, predicted: Sequence[tuple[int, int]]) -> None:
        """Count one document against the stretches that a detector found in it."""
        self.documents += 1
        self.tokens += tokens(document, predicted)
        self.holding += bool(document.strong)
        self.leaking += bool(missed(document, predicted))
        for span in document.spans:
            self.all[span.type] += 1
            self.found[span.type] += touches(span, predicted)

    def figures(self) -> dict[str, Any]:
        """Token figures are binary; the leak is the share of all documents, as published figures have it."""
        return {
            "documents": self.documents,
            "precision": round(self.tokens.precision, 3),
            "recall": round(self.tokens.recall, 3),
            "f2": round(self.tokens.f2, 3),
            "strong_recall": round(self.strong_recall, 3),
            "leak_percent": percent(self.leaking, self.documents),
        }

    @property
    def strong_recall(self) -> float:
        strong = [name for name in self.all if Span(name, 0, 0).strong]
        return _share(sum(self.found[name] for name in strong), sum(self.all[name] for name in strong))

    def by_type(self) -> dict[str, str]:
        """Found of all, for each type."""
        return {name: f"{self.found[name]} of {self.all[name]}" for name in sorted(self.all)}


def tokens(document: Document, predicted: Sequence[tuple[int, int]]) -> Tokens:
    """Compare token by token whether it is private with whether it was found."""
    private = [(span.start, span.end) for span in document.spans]
    pairs = Counter(
        (_inside(match.span(), private), _inside(match.span(), predicted)) for match in _TOKEN.finditer(document.text)
    )
    return Tokens(pairs[True, True], pairs[False, True], pairs[True, False])


def missed(document: Document, predicted: Sequence[tuple[int, int]]) -> list[Span]:
    """The strong identifiers that no prediction touches."""
    return [span for span in document.strong if not touches(span, predicted)]


def touches(span: Span, predicted: Iterable[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in predicted)


def covers(start: int, end: int, predicted: Iterable[tuple[int, int]]) -> bool:
    """Whether every character in [start, end) was found, by one prediction or several."""
    for begins, ends in sorted(predicted):
        if begins > start:
            break
        start = max(start, ends)
    return start >= end


def grouped(documents: Iterable[Document], predicted: Iterable[Sequence[tuple[int, int]]]) -> dict[str, Tally]:
    """One tally for each group of documents."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for document, found in zip(documents, predicted, strict=True):
        tallies[document.group].add(document, found)
    return dict(tallies)


def percent(part: float, whole: float) -> float:
    return round(100 * _share(part, whole), 2)


def per_thousand(part: float, whole: float) -> float:
    return round(1000 * _share(part, whole), 1)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _inside(token: tuple[int, int], stretches: Iterable[tuple[int, int]]) -> bool:
    return any(start < token[1] and token[0] < end for start, end in stretches)
