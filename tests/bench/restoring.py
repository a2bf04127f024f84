"""Whether values come back right, whatever a model makes of placeholders, and what masking costs in quality.

Parts: splits (every spelling in every place, cut anywhere), gateway (the same through the real gateway, a scripted
cloud behind it), and quality (a real local model with real values, with placeholders, and with plain `<PERSON>`).
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sluice.workstation import environments
from sluice.workstation.places import ROOT, places

from tests.bench import figures
from tests.bench.answers import quality, through
from tests.bench.answers.spellings import cases, example, is_stray, restored

PARTS = ("splits", "gateway", "quality")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    parts: Mapping[str, Callable[[], dict[str, Any]]] = {
        "splits": lambda: splits(every=7 if options.quick else 1),
        "gateway": lambda: through.measure(every=41 if options.quick else 5),
        "quality": lambda: quality.measure(_python(), options.keep),
    }
    found = {"machine": figures.machine(), **{part: parts[part]() for part in options.part or PARTS}}
    figures.show(found, as_json=options.json)


def splits(*, every: int) -> dict[str, Any]:
    """Cut every answer in two at every place, and count those that are not read as they should be."""
    map = example()
    tried = list(cases(map))[::every]
    wrong: Counter[str] = Counter()
    number = 0
    for case in tried:
        for cut in range(len(case.said) + 1):
            number += 1
            read = restored(case, map, cut)
            wrong[f"{case.spelling}, {case.place}"] += read != case.read or is_stray(read, map)
    return {
        "answers": len(tried),
        "spellings": len({case.spelling for case in tried}),
        "places": len({case.place for case in tried}),
        "cut_at": number,
        "wrong": wrong.total(),
        "wrong_by_spelling": {name: count for name, count in wrong.items() if count},
    }


def _python() -> Path:
    """The python of the environment that serves the embedded model; built where it is missing."""
    return environments.ensure("llama", ROOT, places(os.environ).cache).python


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./scripts/bench restoring", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--quick", action="store_true", help="a part of the spellings")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    parser.add_argument("--keep", type=Path, help="file of the model's answers; a run that was broken off goes on")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
