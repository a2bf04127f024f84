"""What the words of an exam question say of its subject: which subjects small models know worse than large ones.

Learned from exam questions with options to choose from, and asked of such alone: on open questions, and on everything
unlike the training set, words that name a subject mislead (figures in data/README.md).
"""

import gzip
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

from sluice.routing.complexity.features import Words
from sluice.routing.complexity.question import Question

LEAST_KNOWN = 2  # words; of fewer no subject can be told
DAMPING = 20.0  # keeps a few known words from speaking as loudly as many
SCALE = 10_000  # the file holds whole numbers


@dataclass(frozen=True, slots=True)
class Topics:
    """For each known word how rare it is, the logarithm of one in how many questions, and what it adds."""

    words: Mapping[str, tuple[float, float]]

    def of(self, question: Question, words: Words) -> float | None:
        """Return what the subject adds to the expected lead, or None where the question is unlike the training set."""
        if not question.options:
            return None
        known = [self.words[word] for word in words.counts if word in self.words]
        if len(known) < LEAST_KNOWN:
            return None
        return sum(rarity * weight for rarity, weight in known) / norm(rarity for rarity, _ in known)


def norm(rarities: Iterable[float]) -> float:
    """The length of a question as a vector of rarities, damped."""
    return math.sqrt(sum(rarity * rarity for rarity in rarities) + DAMPING)


def topics() -> Topics:
    """Read data/topics.txt.gz: a word, its rarity and its weight in each line, both times SCALE."""
    packed = files("sluice.routing.complexity").joinpath("data/topics.txt.gz").read_bytes()
    lines = (line.split() for line in gzip.decompress(packed).decode("utf-8").splitlines())
    return Topics({word: (int(rarity) / SCALE, int(weight) / SCALE) for word, rarity, weight in lines})
