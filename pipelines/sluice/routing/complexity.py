"""Estimate from the words alone how much a question asks of a model, in 0..1.

A first estimate by transparent features: length, words that ask for reasoning or long output, code and
mathematics, several questions in one. It reads the person's own words, not what was retrieved for them.
"""

import math
import re

BIAS = -3.2
LENGTH_WEIGHT = 0.42  # per natural logarithm of the word count
FEATURES: tuple[tuple[float, re.Pattern[str]], ...] = (
    (1.1, re.compile(r"\b(prove|proof|derive|step[- ]by[- ]step|theorem|optimi[sz]e|complexity of)\b", re.I)),
    (
        0.9,
        re.compile(
            r"\b(analy[sz]e|compare|evaluate|critique|trade-?offs?|implications|strategy|pros and cons)\b", re.I
        ),
    ),
    (
        0.9,
        re.compile(r"\b(architect\w*|design (a|an|the)|refactor|debug|concurren\w+|race condition|migrat\w+)\b", re.I),
    ),
    (0.7, re.compile(r"\b(in (full )?detail|comprehensive|thorough\w*|in[- ]depth|essay|report|white ?paper)\b", re.I)),
    (0.5, re.compile(r"```|\bdef \w+\(|\bclass \w+|[{};]\s*$", re.M)),
    (0.6, re.compile(r"\\(frac|int|sum|sqrt)|[∑∫√≤≥∀∃]|\d\s*[\^*/]\s*\d|\b\w\^\d")),
    (0.4, re.compile(r"\?.*\?", re.S)),
)
SIMPLE = (
    (
        -0.8,
        re.compile(
            r"\b(translate|rephrase|fix (the )?(typo|grammar|spelling)|what time|define|synonym|capital of)\b", re.I
        ),
    ),
    (-1.0, re.compile(r"\A\s*(hi|hello|hey|thanks|thank you|good (morning|evening)|ok(ay)?)\b.{0,40}\Z", re.I | re.S)),
)


def complexity(question: str) -> float:
    """Return 0 for what any model can answer, up to 1 for what asks for the best one."""
    words = len(question.split())
    score = BIAS + LENGTH_WEIGHT * math.log1p(words)
    score += sum(weight for weight, pattern in FEATURES + SIMPLE if pattern.search(question[:20_000]))
    return round(1 / (1 + math.exp(-score)), 4)
