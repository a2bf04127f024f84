"""Prompts with what a weaker and a stronger model made of them, and which of them are nearly the same."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sluice.routing.complexity.question import Question, read

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
WORD = re.compile(r"\w+")
BANDS, ROWS_OF_A_BAND = 4, 3  # two texts that share half of their shingles meet with a chance of 40 %, four fifths 94 %


@dataclass(frozen=True, slots=True)
class Prompt:
    """`weak` and `strong` are 1 where that model was right; prompts of one `kin` are nearly the same."""

    source: str
    group: str  # subject or category, with its source
    question: Question
    text: str
    weak: float
    strong: float
    kin: int


def prompts(folder: Path = DATA) -> list[Prompt]:
    """Read the shared development prompts; raises FileNotFoundError where they are absent."""
    with gzip.open(folder / "routing" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    questions = [read(row["prompt"]) for row in rows]
    return [
        Prompt(row["set"], f"{row['set']}/{row['group']}", question, row["prompt"], row["weak"], row["strong"], kin)
        for row, question, kin in zip(rows, questions, kinships(questions), strict=True)
    ]


def kinships(questions: Sequence[Question]) -> list[int]:
    """Number the families of near-duplicates, by MinHash of four-word shingles without numbers."""
    parents = list(range(len(questions)))
    met: dict[tuple[int, ...], int] = {}
    for index, question in enumerate(questions):
        for bucket in _buckets(_shingles(question)):
            first = met.setdefault(bucket, index)
            parents[_root(parents, index)] = _root(parents, first)
    return [_root(parents, index) for index in range(len(questions))]


def _root(parents: list[int], index: int) -> int:
    while parents[index] != index:
        parents[index] = parents[parents[index]]
        index = parents[index]
    return index


def _shingles(question: Question) -> set[str]:
    words = ["0" if word.isdigit() else word for word in WORD.findall(question.stem.lower())]
    if len(words) < 8:  # the stem alone, "Which of these is true?", is shared by strangers
        words += WORD.findall(" ".join(question.options[:2]).lower())
    return {" ".join(words[at : at + 4]) for at in range(max(1, len(words) - 3))}


def _buckets(shingles: Iterable[str]) -> list[tuple[int, ...]]:
    hashes = [int.from_bytes(hashlib.blake2b(each.encode(), digest_size=8).digest()) for each in shingles]
    lows = [min(_mixed(value, seed) for value in hashes) for seed in range(BANDS * ROWS_OF_A_BAND)]
    return [(band, *lows[band * ROWS_OF_A_BAND :][:ROWS_OF_A_BAND]) for band in range(BANDS)]


def _mixed(value: int, seed: int) -> int:
    """Another order of 64-bit hashes for each seed (the finaliser of SplitMix64)."""
    value = (value + (2 * seed + 1) * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
    return value ^ (value >> 27)
