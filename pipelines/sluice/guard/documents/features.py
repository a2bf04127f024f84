"""Turn a stretch of text into the numbers that the model weighs."""

import math
from collections.abc import Mapping

from sluice.guard.documents.cues import Counted, cues

_SHAPES = (
    "headers", "mails", "addressed", "quotes", "timed", "clauses", "options", "bullets", "speakers", "turns",
    "machines", "fields", "blanks", "words",
    "numbers", "money", "percent", "doses", "periods", "rows", "columns", "emails", "telephones", "dates", "codes",
    "questions", "gaps", "coded", "attended",
)  # fmt: skip
# What tells more together than apart.
_PAIRS = (
    ("medical.person", "medical.field"),
    ("medical.field", "medical.term"),
    ("medical.term", "doses"),
    ("medical.field", "fields"),
    ("legal.party", "legal.clause"),
    ("legal.party", "legal.act"),
    ("legal.clause", "legal.act"),
    ("legal.clause", "clauses"),
    ("financial.metric", "financial.future"),
    ("financial.metric", "financial.inside"),
    ("financial.metric", "periods"),
    ("financial.metric", "money"),
    ("financial.future", "financial.inside"),
    ("customer.head", "rows"),
    ("customer.head", "emails"),
    ("rows", "emails"),
    ("rows", "telephones"),
    ("rows", "money"),
    ("headers", "mail.word"),
    ("headers", "emails"),
    ("mails", "mail.work"),
    ("addressed", "mail.work"),
    ("timed", "mail.work"),
    ("turns", "mail.work"),
    ("mail.word", "mail.work"),
    ("mail.work", "bullets"),
    ("ask", "invented"),
    ("ask", "questions"),
    ("exam", "options"),
)
# A few of these are layout; enough of them are a kind of document, whatever it speaks of.
_ENOUGH = {"headers": 3, "timed": 3, "turns": 4, "rows": 3, "clauses": 3, "doses": 3, "emails": 3, "telephones": 3}
NAMES: tuple[str, ...] = (
    *(f"{group}" for group in cues().groups),
    *(f"{group}/words" for group in cues().groups),
    *_SHAPES,
    *(f"{one}*{other}" for one, other in _PAIRS),
    *(f"{name}>={number}" for name, number in _ENOUGH.items()),
)


def features(words: int, counted: Counted, counts: Mapping[str, float]) -> list[float]:
    """Return the features in the order of NAMES, of the cues among so many words and of the counts of `shape`."""
    values: dict[str, float] = {group: math.log1p(len(counted.get(group, ()))) for group in cues().groups}
    values |= {name: math.log1p(value) for name, value in counts.items()}
    values["words"] = math.log1p(words)
    shares = [_share(counted, group, words) for group in cues().groups]
    return [
        *(values[group] for group in cues().groups),
        *shares,
        *(values[name] for name in _SHAPES),
        *(values[one] * values[other] for one, other in _PAIRS),
        *(float(counts[name] >= number) for name, number in _ENOUGH.items()),
    ]


def _share(counted: Mapping[str, Mapping[str, int]], group: str, words: int) -> float:
    """Return how much of a text speaks of a group, in twentieths of its words, at most 1."""
    return min(1.0, 20 * sum(counted.get(group, {}).values()) / max(20, words))
