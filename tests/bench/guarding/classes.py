"""How many private documents are recognised as what they are, and how many ordinary texts are taken for one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sluice.guard.documents import Documents
from sluice.guard.values import Finding

from tests.bench.guarding import corpora, ordinary
from tests.bench.guarding.corpora import Document
from tests.bench.guarding.metrics import per_thousand

Find = Callable[[str], Sequence[Finding]]
ORDINARY = "ordinary"
_ROUTED = 2_400  # 600 of each of the four sets


def measure(data: Path, *, every: int = 1) -> dict[str, Any]:
    """Recall by kind and language on our own documents, and alarms per 1,000 ordinary prompts and library files."""
    find = Documents().find
    found: dict[str, Any] = {half: of_half(texts(half)[::every], find) for half in corpora.HALVES}
    routed = corpora.routed(data, _ROUTED)[::every]
    found["shared_prompts"] = alarms([prompt.text for prompt in routed], find) if routed else "skipped: no data folder"
    found["library"] = alarms(list(ordinary.library_texts(300 // every)), find)
    return found


def texts(half: str) -> list[Document]:
    """Return our documents of one half; the kind of each is the type of finding that it must give, or "ordinary"."""
    rows = corpora.rows(corpora.OWN / f"classes_{half}.jsonl")
    return [Document(row["id"], row["language"], row["kind"], row["text"]) for row in rows]


def of_half(documents: Sequence[Document], find: Find) -> dict[str, Any]:
    private = [document for document in documents if document.kind != ORDINARY]
    hits = [document for document in private if document.kind in _types(find(document.text))]
    kept = [document for document in private if _types(find(document.text))]
    return {
        "documents": len(private),
        "recognised": round(len(hits) / max(1, len(private)), 3),
        "kept_by_any_type": round(len(kept) / max(1, len(private)), 3),
        "by_kind": _shares(private, hits, lambda document: document.kind),
        "by_language": _shares(private, hits, lambda document: document.group),
        "ordinary": alarms([document.text for document in documents if document.kind == ORDINARY], find),
    }


def alarms(ordinary_texts: Sequence[str], find: Find) -> dict[str, Any]:
    types = [_types(find(text)) for text in ordinary_texts]
    counts = Counter(type for of_text in types for type in of_text)
    flagged = sum(bool(of_text) for of_text in types)
    return {"texts": len(types), "flagged_per_1000": per_thousand(flagged, len(types)), "types": dict(counts)}


def _types(findings: Sequence[Finding]) -> set[str]:
    return {finding.type for finding in findings if not finding.weak}


def _shares(documents: Sequence[Document], hits: Sequence[Document], key: Callable[[Document], str]) -> dict[str, str]:
    all_of, hits_of = Counter(map(key, documents)), Counter(map(key, hits))
    return {name: f"{hits_of[name]} of {all_of[name]}" for name in sorted(all_of)}
