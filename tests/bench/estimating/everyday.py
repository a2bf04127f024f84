"""Everyday prompts, everyday.toml: the reference of the scale."""

from __future__ import annotations

import statistics
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sluice.routing.complexity.question import Question, read


def kinds() -> Mapping[str, Sequence[str]]:
    """The prompts by kind."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def everyday() -> list[Question]:
    return [read(prompt) for prompts in kinds().values() for prompt in prompts]


def measure(score: Callable[[str], float]) -> dict[str, Any]:
    """Median score by kind, and what a threshold of 0.8 sends of the demanding prompts and of the others."""
    scores = {kind: [score(prompt) for prompt in prompts] for kind, prompts in kinds().items()}
    others = [one for kind, of_kind in scores.items() if kind != "demanding" for one in of_kind]
    return {
        "median": {kind: round(statistics.median(of_kind), 2) for kind, of_kind in scores.items()},
        "demanding_sent": round(statistics.mean(one >= 0.8 for one in scores["demanding"]), 3),
        "others_sent": round(statistics.mean(one >= 0.8 for one in others), 3),
    }
