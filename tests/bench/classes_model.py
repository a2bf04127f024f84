"""Train the model that tells private documents from ordinary prompts; run by hand, the result is part of the package.

    PYTHONPATH=pipelines:. python tests/bench/classes_model.py [--data FOLDER] [--without SUBJECT ...]

Private documents are made from the texts in classes_texts/, written for this purpose, and from the development half
of corpora/classes_*.jsonl: slots filled at random, lines left out, a request before or behind. Ordinary ones are
classes_texts/ordinary.txt, the ordinary texts of that half, the ordinary prompts of the corpora, and the shared routing
prompts where the data folder has them. The model is a logistic regression for each kind with an L2 penalty; its
threshold is set for few false alarms on ordinary prompts that training did not see.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sluice.guard.documents.cues import cues
from sluice.guard.documents.exam import is_exam
from sluice.guard.documents.features import NAMES, features
from sluice.guard.documents.model import KINDS, SHORTEST, possible
from sluice.guard.documents.reading import Reading
from sluice.guard.documents.shape import coded, details, layout

from tests.bench.guarding import classes, corpora, ordinary

TEXTS = Path(__file__).parent / "classes_texts"
TARGET = Path(__file__).resolve().parents[2] / "pipelines/sluice/guard/documents/data/model.json"
DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FILES: Mapping[str, str] = {
    "MEDICAL_RECORD": "medical",
    "LEGAL_DOCUMENT": "legal",
    "FINANCIAL_PROJECTION": "financial",
    "CUSTOMER_LIST": "customers",
    "INTERNAL_MAIL": "mail",
}
VARIANTS = 60  # made of each written text
PENALTY = 2e-3
ALARMS = 0.0008  # share of ordinary prompts, unseen in training, that may be flagged as each kind
FLOOR = 0.5  # no threshold is below
Array = NDArray[np.float64]


_FIRST = [
    "Anna", "Jonas", "Marie", "Luca", "Sofia", "Pieter", "Claire", "Diego", "Ingrid", "Tomás", "Giulia",
    "Henk", "Olivia", "Farid", "Mei", "Samuel", "Lotte", "Radek",
]  # fmt: skip
_LAST = [
    "Albers", "Moreau", "Ferrari", "Jansen", "Ortega", "Whitfield", "Krämer", "Lindqvist", "Nakamura",
    "Dubois", "Conti", "Visser", "Okafor", "Brandt", "Soler",
]  # fmt: skip
_FIRMS = [
    "Nordwind", "Bellavista", "Kestrel", "Lumière", "Halcyon", "Almendra", "Tessera", "Waterland", "Grauwerk",
    "Orchard",
]  # fmt: skip
_FORMS = ("GmbH", "Ltd", "Inc.", "SARL", "S.L.", "S.r.l.", "B.V.", "AG")
_PREFIXES = ("+49 30", "+44 20", "06", "0171", "+34 91", "555")
_STREETS = ("{} Mill Lane, Bristol", "Lindenstraße {}, 10117 Berlin", "{} rue Victor Hugo, 69002 Lyon",
            "calle Mayor {}, Madrid", "via Garibaldi {}, Torino", "Keizersgracht {}, Amsterdam")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A text in numbers, what it is ("" if ordinary), and what it was made from."""

    values: list[float]
    kind: str
    source: str
    judged: frozenset[str]  # the kinds that the model is asked about, by cues and layout


class Filling:
    """Fills the slots of a written text with invented people, firms, dates and numbers."""

    def __init__(self, chance: random.Random, bodies: Sequence[str]) -> None:
        self._chance = chance
        pick = chance.choice
        number = chance.randint
        self._makers: Mapping[str, Callable[[], str]] = {
            "f": lambda: pick(_FIRST),
            "n": lambda: f"{pick(_FIRST)} {pick(_LAST)}",
            "c": lambda: f"{pick(_FIRMS)} {pick(_FORMS)}",
            "d": lambda: pick(("{0:02}.{1:02}.{2}", "{2}-{1:02}-{0:02}", "{0}/{1}/{2}")).format(
                number(1, 28), number(1, 12), number(1950, 2027)
            ),
            "m": self._money,
            "p": lambda: f"{number(2, 48)}{pick(('%', ' %', '.5%', ',4 %'))}",
            "i": lambda: str(number(1, 9)),
            "q": lambda: str(number(1, 4)),
            "y": lambda: str(number(2019, 2031)),
            "e": lambda: f"{pick(_FIRST)[:1].lower()}.{pick(_LAST).lower()}@{pick(_FIRMS).lower()}.example",
            "t": lambda: f"{pick(_PREFIXES)} {number(100, 999)} {number(1000, 9999)}",
            "b": lambda: pick(bodies),
            "a": lambda: pick(_STREETS).format(number(1, 190)),
        }

    def _money(self) -> str:
        amount = self._chance.choice(("{}.{} million", "{}{}0,000", "{}{}0.000", "{},{} Mio.", "{}.{}M", "{}{}0k"))
        said = amount.format(self._chance.randint(1, 90), self._chance.randint(0, 9))
        return self._chance.choice(("${}", "€{}", "{} €", "EUR {}", "{} EUR", "£{}")).format(said)

    def filled(self, text: str) -> str:
        chosen = re.sub(r"<([^<>]*\|[^<>]*)>", lambda match: self._chance.choice(match[1].split("|")), text)
        return re.sub(r"\{([fncdmpiqyetab])\}", lambda match: self._makers[match[1]](), chosen)


def written(name: str) -> list[str]:
    parts = re.split(r"(?m)^%% \w+\n", (TEXTS / f"{name}.txt").read_text(encoding="utf-8"))
    return [part.strip("\n") for part in parts if part.strip()]


def listed(name: str) -> list[str]:
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def varied(text: str, chance: random.Random, requests: Sequence[str]) -> str:
    """Return a text with some of its lines gone and, half of the time, a request around it."""
    lines = text.split("\n") if text.count("\n") > 2 else re.split(r"(?<=[.;:]) ", text)
    dropped = chance.choice((0.0, 0.15, 0.35, 0.55))
    kept = [line for line in lines if chance.random() >= dropped or len(lines) < 4]
    text = ("\n" if chance.random() < 0.8 else " ").join(kept)
    request = chance.choice(requests)
    return chance.choice((text, text, f"{request}\n\n{text}", f"{text}\n\n{request}"))


def documents(chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Yield (text, kind, source) of private and ordinary texts that were written for this."""
    filling = Filling(chance, listed("bodies"))
    requests = listed("requests")
    for document in classes.texts("dev"):
        kind = document.kind if document.kind in FILES else ""
        if kind or document.kind == classes.ORDINARY:
            for _ in range(VARIANTS // 2):
                yield varied(document.text, chance, requests) if kind else document.text, kind, f"dev-{document.id}"
    for kind, name in [*FILES.items(), ("", "ordinary")]:
        for number, text in enumerate(written(name)):
            for _ in range(VARIANTS if kind else VARIANTS // 3):
                filled = filling.filled(text)
                yield varied(filled, chance, requests) if kind else filled, kind, f"{name}-{number}"


def prompts(data: Path) -> Iterator[tuple[str, str, str]]:
    """Yield ordinary prompts as (text, "", source): ours, the shared ones, and code of the standard library."""
    yield from ((prompt.text, "", f"own-{prompt.id}") for prompt in corpora.prompts("dev"))
    for number, text in enumerate(ordinary.library_texts(250)):
        yield from ((text[start : start + 3000], "", f"library-{number}-{start}") for start in (0, 6000))
    file = data / "routing" / "dev.jsonl.gz"
    if file.exists():
        for number, row in enumerate(corpora.rows(file)):
            yield row["prompt"], "", f"{row['set']}-{number}/{row['group']}"


def examples(texts: Iterator[tuple[str, str, str]]) -> list[Example]:
    return [example(text, kind, source) for text, kind, source in texts if len(text) >= SHORTEST]


def example(text: str, kind: str, source: str) -> Example:
    reading = Reading(text[:4000])
    number = len(reading.words)
    counts = {**layout(reading.lowered), **details(reading.lowered), "coded": coded(reading.lowered)}
    counted = cues().of(reading.words)
    judged = frozenset() if is_exam(reading.lowered) else frozenset(possible(counted, counts))
    return Example(features(number, counted, counts), kind, source, judged)


def trained(values: Array, labels: Array, sample: Array) -> Array:
    """Return bias and weights of a logistic regression by Newton's method; the bias is not penalised."""
    given = np.hstack([np.ones((len(values), 1)), values])
    penalty = np.full(given.shape[1], PENALTY * sample.sum())
    penalty[0] = 0.0
    weights = np.zeros(given.shape[1])
    for _ in range(25):
        said = 1 / (1 + np.exp(-np.clip(given @ weights, -30, 30)))
        slope = given.T @ (sample * (said - labels)) + penalty * weights
        curve = (given * (sample * said * (1 - said))[:, None]).T @ given + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-6:
            break
    return weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--output", type=Path, default=TARGET)
    parser.add_argument("--without", action="append", default=[], help="leave a subject of the shared prompts out")
    options = parser.parse_args()
    chance = random.Random(11)
    rows = [*examples(documents(chance)), *examples(prompts(options.data))]
    left_out = [row for row in rows if row.source.rpartition("/")[2] in options.without]
    rows = [row for row in rows if row.source.rpartition("/")[2] not in options.without]
    seen = [row for row in rows if row.kind or chance.random() < 0.7]
    unseen = _rest(rows, seen)
    model = {kind: fitted(kind, seen, [*unseen, *left_out]) for kind in KINDS}
    options.output.write_text(json.dumps({"features": list(NAMES), "kinds": model}, indent=1) + "\n", encoding="utf-8")
    for kind, of_kind in model.items():
        print(kind, {name: of_kind[name] for name in ("threshold", "recall", "alarms_per_1000_unseen")})


def _rest(rows: Sequence[Example], seen: Sequence[Example]) -> list[Example]:
    taken = {id(row) for row in seen}
    return [row for row in rows if id(row) not in taken]


def fitted(kind: str, seen: Sequence[Example], unseen: Sequence[Example]) -> dict[str, Any]:
    """Return the weights of one kind, its threshold, and what it does on ordinary prompts that it did not see."""
    values = np.array([row.values for row in seen])
    labels = np.array([float(row.kind == kind) for row in seen])
    sample = np.where(labels == 1, len(labels) / labels.sum() / 8, 1.0)
    weights = trained(values, labels, sample)
    # The many fillings of one written text count once.
    different = {row.source: row for row in unseen}
    scores = _said(weights, np.array([row.values for row in different.values() if kind in row.judged]))
    allowed = int(ALARMS * len(different))
    threshold = max(FLOOR, float(np.sort(scores)[-allowed - 1]) + 0.01) if len(scores) > allowed else FLOOR
    own = _said(weights, values[labels == 1])
    return {
        "bias": round(float(weights[0]), 4),
        "weights": [round(float(weight), 4) for weight in weights[1:]],
        "threshold": round(min(threshold, 0.97), 4),
        "recall": round(float((own >= threshold).mean()), 4),
        "alarms_per_1000_unseen": round(1000 * float((scores >= threshold).sum()) / len(different), 3),
    }


def _said(weights: Array, values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values @ weights[1:] + weights[0], -30, 30))))


if __name__ == "__main__":
    main()
