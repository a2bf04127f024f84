"""The graded questions that ship with the package; see data/README.md."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sluice.chat import TaskKind

KINDS: tuple[TaskKind, ...] = ("chat", "code", "extraction", "reasoning", "summary", "translation", "writing")


@dataclass(frozen=True, slots=True)
class Item:
    """A question with the rules that its answer is graded by, and an answer that passes them."""

    kind: TaskKind
    level: int  # 1 any model, 5 the best ones
    ask: str
    grade: Mapping[str, Any]
    right: str

    @property
    def id(self) -> str:
        """A name that changes with question and rules, so that an old result is not taken for a new one's."""
        said = f"{self.kind}\n{self.ask}\n{sorted(self.grade.items())}"
        return f"{self.kind}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"


@cache
def items() -> tuple[Item, ...]:
    """All questions, mixed, so that the first hundred are of every kind and level."""
    read = [item for kind in KINDS for item in _of(kind)]
    return tuple(sorted(read, key=lambda item: hashlib.sha256(item.id.encode()).digest()))


def _of(kind: TaskKind) -> list[Item]:
    text = (files("sluice.profile") / "data" / f"{kind}.yaml").read_text("utf-8")
    return [Item(kind=kind, **row) for row in yaml.safe_load(text)]
