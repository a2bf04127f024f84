"""The trained weights, data/model.json: from the features of a question to a place among everyday calls."""

import bisect
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from sluice.routing.complexity.features import FEATURES, features, words_of
from sluice.routing.complexity.question import Question
from sluice.routing.complexity.topics import Topics, topics
from sluice.routing.complexity.trees import Tree, grown, tree_from_json

END = 0.02  # share of the scale kept at either end for what is beyond every everyday prompt
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
    topics: Topics = field(default_factory=lambda: Topics({}))
    trees: Sequence[Tree] = ()

    def judged(self, question: Question) -> tuple[float, bool]:
        """Return the share of everyday prompts that are easier, and whether the question is like the training set."""
        sum, familiar = self.sum(question)
        return place(sum, self.everyday), familiar

    def sum(self, question: Question) -> tuple[float, bool]:
        """Return the expected lead of the cloud model, on no particular scale, and whether its subject is known."""
        words = words_of(question.stem)
        values = features(question, words)
        sum = math.fsum(self.weighings[name].of(value) for name, value in values.items())
        if question.options:
            sum += grown(self.trees, values)
        subject = self.topics.of(question, words)
        return sum + (subject or 0.0), subject is not None


def place(value: float, steps: Sequence[float]) -> float:
    """Where a value stands in rising steps, in 0..1; what is outside approaches 0 or 1 and keeps its order."""
    last, wide = len(steps) - 1, (steps[-1] - steps[0]) / 4
    if value <= steps[0]:
        return END * math.exp((value - steps[0]) / wide)
    if value >= steps[-1]:
        return 1 - END * math.exp((steps[-1] - value) / wide)
    above = bisect.bisect_right(steps, value)
    low, high = steps[above - 1], steps[above]
    return END + (1 - 2 * END) * (above - 1 + (value - low) / (high - low)) / last


def from_json(data: Mapping[str, Any]) -> Model:
    """Read what the trainer wrote; raise ValueError if it knew other features."""
    if list(data["features"]) != list(FEATURES):
        raise ValueError("data/model.json was trained on other features; run tests/bench/router_model.py")
    weighings = {name: Weighing(**numbers) for name, numbers in data["features"].items()}
    return Model(weighings, tuple(data["everyday"]), trees=tuple(tree_from_json(tree) for tree in data["trees"]))


def untrained() -> Model:
    """What holds without any training: the floors of the features. The steps are rough."""
    weighings = {name: Weighing(0.0, of.scale, of.sign * of.floor) for name, of in FEATURES.items()}
    return Model(weighings, (-0.05, 0.02, 0.04, 0.06, 0.09, 0.14))


def shipped() -> Model:
    """The model of the package; raises OSError or ValueError where its files are missing or broken."""
    text = files("sluice.routing.complexity").joinpath("data/model.json").read_text(encoding="utf-8")
    return replace(from_json(json.loads(text)), topics=topics())
