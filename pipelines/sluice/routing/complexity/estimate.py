"""The public face: one number for a question, and what it rests on."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sluice.routing.complexity import model
from sluice.routing.complexity.question import read

Basis = Literal["learned", "robust"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """`score` is the share of everyday calls that are easier; `basis` whether training speaks for it or rules alone."""

    score: float
    basis: Basis


def estimate(question: str) -> Estimate:
    """Say how likely the local model falls short where the cloud model would not; never raises on any text."""
    trained = _trained()
    if trained is None:
        return Estimate(round(model.untrained().score(read(question)), 6), "robust")
    return Estimate(round(trained.score(read(question)), 6), "learned")


def complexity(question: str) -> float:
    """Return the score of the estimate alone."""
    return estimate(question).score


@cache
def _trained() -> model.Model | None:
    """The shipped model, or None where its file is missing or broken: an estimate is never worth a failed call."""
    try:
        return model.shipped()
    except (OSError, ValueError, KeyError, TypeError):
        return None
