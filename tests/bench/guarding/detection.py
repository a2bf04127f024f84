"""What is found of what is marked, by the guard and by Presidio on the same texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.guarding import corpora, metrics
from tests.bench.guarding.corpora import Document
from tests.bench.guarding.detectors import Spans, Stretch


def measure(data: Path, detectors: Mapping[str, Spans], *, every: int = 1) -> dict[str, Any]:
    """Figures for each corpus and detector; `every` takes one document of so many."""
    found: dict[str, Any] = {}
    for name, documents in sets(data).items():
        taken = documents[::every]
        if not taken:
            found[name] = "skipped: the data folder is absent"
            continue
        found[name] = {detector: _figures(taken, find) for detector, find in detectors.items()}
    return found


def sets(data: Path) -> dict[str, list[Document]]:
    return {
        "shared_sentences": corpora.synthetic(data),
        **{f"own_{name}": corpora.own(name) for name in corpora.OWN_SETS},
    }


def _figures(documents: Sequence[Document], find: Spans) -> dict[str, Any]:
    predicted = [find(document.text) for document in documents]
    total = metrics.Tally()
    for document, found in zip(documents, predicted, strict=True):
        total.add(document, found)
    return {
        **total.figures(),
        "found_by_type": total.by_type(),
        **_leaks(documents, predicted),
    }


def _leaks(documents: Sequence[Document], predicted: Sequence[Sequence[Stretch]]) -> dict[str, Any]:
    """Which groups leak: all languages, or the worst of the templates."""
    groups = metrics.grouped(documents, predicted)
    leaking = Counter({name: tally.leaking for name, tally in groups.items() if tally.leaking})
    kinds = Counter(
        document.kind for document, found in zip(documents, predicted, strict=True) if metrics.missed(document, found)
    )
    return {
        "leaking_by_group": {name: f"{count} of {groups[name].documents}" for name, count in leaking.most_common(12)},
        "groups_that_leak": f"{len(leaking)} of {len(groups)}",
        "leaking_by_kind": dict(kinds.most_common(12)),
    }
