"""What is trained on and what is judged: never a near-duplicate on both sides."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.bench.estimating.prompts import Prompt

Places = npt.NDArray[np.int64]
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Fold:
    """Places of prompts in the list: to train on, to judge."""

    train: Places
    judge: Places


def splits(prompts: Sequence[Prompt]) -> Mapping[str, list[Fold]]:
    """Return the folds by name, each prompt judged once at most.

    in_domain: a fifth of the families of near-duplicates at a time. subjects: a fifth of the subjects of MMLU.
    categories: one category of MMLU-Pro. sets: one data set, trained on the others alone.
    """
    kin = np.array([prompt.kin for prompt in prompts])
    groups = np.array([prompt.group for prompt in prompts])
    sources = np.array([prompt.source for prompt in prompts])
    by_set = {source: np.unique(groups[sources == source]) for source in dict.fromkeys(sources)}
    judged = {
        "in_domain": [np.isin(kin, part) for part in _parts(np.unique(kin).tolist())],
        "subjects": [np.isin(groups, part) for part in _parts(by_set["mmlu"].tolist())],
        "categories": [groups == group for group in by_set["mmlu_pro"]],
        "sets": [sources == source for source in by_set],
    }
    return {name: [_fold(kin, mask) for mask in masks] for name, masks in judged.items()}


def _fold(kin: Places, judge: npt.NDArray[np.bool_]) -> Fold:
    related = np.isin(kin, np.unique(kin[judge]))
    return Fold(np.nonzero(~related & ~judge)[0], np.nonzero(judge)[0])


def _parts(things: list[Any]) -> Iterator[list[Any]]:
    random.Random(3).shuffle(things)
    return (things[at::FOLDS] for at in range(FOLDS))
