"""One number for a question, and what it rests on."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from sluice.routing.complexity.model import Model, shipped, untrained
from sluice.routing.complexity.question import read

Basis = Literal["learned", "robust"]
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Estimate:
    """`score` is the share of everyday calls that are easier.

    `basis` is learned where the question is like those of the training set, so that its subject counts, too; robust
    where only what makes any question hard does.
    """

    score: float
    basis: Basis


def estimate(question: str) -> Estimate:
    """Say how likely the local model falls short where the cloud model would not; never raises on any text."""
    score, familiar = _model().judged(read(question))
    return Estimate(round(score, DIGITS), "learned" if familiar else "robust")


def complexity(question: str) -> float:
    """Return the score of the estimate alone."""
    return estimate(question).score


@cache
def _model() -> Model:
    """The shipped model; without its files the rules alone: an estimate is never worth a failed call."""
    try:
        return shipped()
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return untrained()
