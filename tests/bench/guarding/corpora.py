"""Read the texts that the guard is measured on, and where something private stands in them."""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OWN = Path(__file__).resolve().parents[1] / "corpora"
HALVES = ("dev", "held")
# Texts with marks; those of "held2" were written by somebody who knew nothing of the guard.
OWN_SETS = (*HALVES, "held2")
# `{{PERSON:Anna Vogel}}` in a text of our own corpora.
_MARKED = re.compile(r"\{\{([A-Z_]+):([^{}]*)\}\}")

# Each alone tells who somebody is, or opens an account of theirs. The others only narrow it down.
NARROWING = frozenset(
    {
        "AGE", "CITY", "COUNTRY", "DATE_TIME", "DIAGNOSIS", "DOMAIN_NAME", "GPE", "LOCATION", "NRP", "ORGANIZATION",
        "POSTAL_CODE", "TAX_NUMBER", "TITLE", "ZIP_CODE",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Where something private stands, and what it is."""

    type: str
    start: int
    end: int

    @property
    def strong(self) -> bool:
        return self.type not in NARROWING


@dataclass(frozen=True, slots=True)
class Document:
    """A text with everything private in it marked; `group` is its language, or the template it was made from."""

    id: str
    group: str
    kind: str
    text: str
    spans: tuple[Span, ...] = ()

    @property
    def strong(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.strong)


def marked(source: str) -> tuple[str, tuple[Span, ...]]:
    """Return the text without its marks, and what they marked; raise ValueError for a mark that is broken."""
    parts: list[str] = []
    spans: list[Span] = []
    done = length = 0
    for match in _MARKED.finditer(source):
        before, value = source[done : match.start()], match[2]
        start = length + len(before)
        spans.append(Span(match[1], start, start + len(value)))
        parts += [before, value]
        length, done = start + len(value), match.end()
    text = "".join([*parts, source[done:]])
    if "{{" in text or any(span.start == span.end for span in spans):
        raise ValueError(f"A mark is broken in the text that begins {source[:40]!r}.")
    return text, tuple(spans)


def own(half: str) -> list[Document]:
    """Return our documents and sentences of one of `OWN_SETS`; those of whole documents have no marks."""
    files = sorted(OWN.glob(f"*_{half}.jsonl"))
    return [_own(row) for file in files if not file.name.startswith(("prompts", "classes")) for row in rows(file)]


def prompts(half: str) -> list[Document]:
    """Return our ordinary prompts of one half: nothing in them is private."""
    return [_own(row) for row in rows(OWN / f"prompts_{half}.jsonl")]


def synthetic(data: Path) -> list[Document]:
    """Return the shared sentences, grouped by template; none where the file is absent."""
    file = data / "pii" / "synth_dev.jsonl"
    return [_synthetic(number, row) for number, row in enumerate(rows(file))] if file.exists() else []


def routed(data: Path, number: int) -> list[Document]:
    """Return a fixed sample of the shared prompts, as many of each set; none where the file is absent."""
    file = data / "routing" / "dev.jsonl.gz"
    if not file.exists():
        return []
    found: dict[str, list[Document]] = {}
    for count, row in enumerate(rows(file)):
        found.setdefault(row["set"], []).append(Document(f"{row['set']}-{count}", row["set"], "prompt", row["prompt"]))
    chance = random.Random(7)
    each = number // len(found)
    return [document for name in sorted(found) for document in chance.sample(found[name], each)]


def rows(file: Path) -> Iterator[Any]:
    """Yield the values of a file of JSON lines, packed or not."""
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _own(row: Any) -> Document:
    text, spans = marked(row["text"])
    return Document(row["id"], row["language"], row["kind"], text, spans)


def _synthetic(number: int, row: Any) -> Document:
    spans = (Span(span["type"], span["start"], span["end"]) for span in row["spans"])
    ordered = tuple(sorted(spans, key=lambda span: span.start))
    return Document(f"synth-{number}", f"template {row['template_id']}", "sentence", row["text"], ordered)
