"""Scripted local models whose strengths are known: each answers some task kinds right and all others wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sluice.profile import items

from tests.standins.script import Answer

RIGHT = {item.ask: item for item in items()}
WRONG = "I would rather not say."


def good_at(*kinds: str, up_to: int = 5) -> Callable[[Mapping[str, Any]], Answer]:
    """Answers right what is of these kinds and not above this level, and nothing else."""

    def answer(body: Mapping[str, Any]) -> Answer:
        item = RIGHT[body["messages"][-1]["content"]]
        return Answer(item.right if item.kind in kinds and item.level <= up_to else WRONG)

    return answer
