"""The trained weights, data/model.json: from the features of a question to a place among everyday calls."""

import bisect
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from sluice.routing.complexity.features import FEATURES, features, words_of
from sluice.routing.complexity.question import Question

CLIP = 3.0  # standard deviations; nothing decides alone by being extreme


@dataclass(frozen=True, slots=True)
class Weighing:
    """What one feature adds: `weight` for each `scale` above `mean`, never more than CLIP of them."""

    mean: float
    scale: float
    weight: float

    def of(self, value: float) -> float:
        return self.weight * max(-CLIP, min(CLIP, (value - self.mean) / self.scale))


@dataclass(frozen=True, slots=True)
class Model:
    """`everyday` are the sums of everyday prompts at equal steps, rising: what a score is a place among."""

    weighings: Mapping[str, Weighing]
    everyday: Sequence[float]

    def sum(self, question: Question) -> float:
        """Return the expected lead of the cloud model, on no particular scale."""
        words = words_of(question.stem)
        values = features(question, words)
        known = values if words.are_english else {n: v for n, v in values.items() if not FEATURES[n].english}
        return sum(self.weighings[name].of(value) for name, value in known.items())

    def score(self, question: Question) -> float:
        """Return the share of everyday prompts whose sum is lower, interpolated between the steps."""
        return place(self.sum(question), self.everyday)


def place(value: float, steps: Sequence[float]) -> float:
    """Where a value stands in rising steps, in 0..1; what is outside approaches the ends and never ties."""
    last = len(steps) - 1
    above = bisect.bisect_right(steps, value)
    if above == 0:
        return 0.5 / last / (1 + steps[0] - value)
    if above > last:
        return 1 - 0.5 / last / (1 + value - steps[last])
    low, high = steps[above - 1], steps[above]
    return min(max((above - 1 + (value - low) / (high - low)) / last, 0.5 / last), 1 - 0.5 / last)


def from_json(data: Mapping[str, Any]) -> Model:
    """Read what the trainer wrote; raise ValueError if it knew other features."""
    if list(data["features"]) != list(FEATURES):
        raise ValueError("data/model.json was trained on other features; run tests/bench/router_model.py")
    weighings = {name: Weighing(**numbers) for name, numbers in data["features"].items()}
    return Model(weighings, tuple(data["everyday"]))


@cache
def untrained() -> Model:
    """What holds without any training: the floors of the features. The steps are rough."""
    weighings = {name: Weighing(0.0, of.scale, of.sign * of.floor) for name, of in FEATURES.items()}
    return Model(weighings, (-0.05, 0.02, 0.04, 0.06, 0.09, 0.14))


@cache
def shipped() -> Model:
    """The model of the package."""
    text = files("sluice.routing.complexity").joinpath("data/model.json").read_text(encoding="utf-8")
    return from_json(json.loads(text))
