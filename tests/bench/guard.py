"""How well and how fast the guard finds what is private, beside Presidio as it ships, in the same run.

Parts: detection (marked texts), classes (private documents as a whole), secrets (kinds by contexts), ordinary (false
alarms), timing, gateway (what really leaves) and images (what is read in pictures, and left in those that leave).
Nothing is fetched from outside; shared data that is absent is skipped and said so.
"""

from __future__ import annotations

import argparse
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench import figures
from tests.bench.guarding import classes, detection, detectors, gateway_run, images, ordinary, secret_matrix, timing
from tests.bench.guarding.detectors import Spans

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
PARTS = ("detection", "classes", "secrets", "ordinary", "timing", "gateway", "images")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    # Presidio warns of each entity that it leaves out.
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    bench = Bench(options.data, quick=options.quick, presidio=options.presidio)
    found: dict[str, Any] = {"machine": figures.machine()}
    for part in options.part or PARTS:
        began = time.perf_counter()
        found[part] = bench.parts[part]()
        found[part]["seconds"] = round(time.perf_counter() - began, 1)
    figures.show(found, as_json=options.json)


class Bench:
    """The parts by name; detectors are loaded when the first part needs them."""

    def __init__(self, data: Path, *, quick: bool, presidio: bool) -> None:
        self._data = data
        self._quick = quick
        self._every = 6 if quick else 1
        self._presidio = detectors.presidio_stretches() if presidio else None
        self._find = detectors.sluice()
        self.parts: Mapping[str, Callable[[], dict[str, Any]]] = {
            "detection": self._detection,
            "classes": lambda: classes.measure(self._data, every=self._every),
            "secrets": self._secrets,
            "ordinary": self._ordinary,
            "timing": self._timing,
            "gateway": lambda: gateway_run.measure(self._data, every=self._every),
            "images": lambda: images.measure(2 if self._quick else 4),
        }

    def _detection(self) -> dict[str, Any]:
        named = self._named({"sluice": detectors.stretches(self._find)})
        return detection.measure(self._data, named, every=self._every)

    def _secrets(self) -> dict[str, Any]:
        find = {"sluice": detectors.stretches(self._find)}
        other = secret_matrix.detect_secrets()
        if other is not None:
            find["detect_secrets"] = other
        number = 1 if self._quick else 3
        found: dict[str, Any] = {name: secret_matrix.measure(each, number) for name, each in find.items()}
        return found if other else {**found, "detect_secrets": "skipped: it is not installed"}

    def _ordinary(self) -> dict[str, Any]:
        found = ordinary.measure(self._data, self._find, self._presidio, every=self._every)
        return {**found, "standard_library": ordinary.library(self._find, 60 if self._quick else None)}

    def _timing(self) -> dict[str, Any]:
        return timing.measure(self._presidio, timing.QUICK if self._quick else timing.SIZES)

    def _named(self, own: Mapping[str, Spans]) -> dict[str, Spans]:
        return {**own, **({"presidio": self._presidio} if self._presidio else {})}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./scripts/bench guard", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--quick", action="store_true", help="a sixth of the texts, no long ones")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the shared data (default: %(default)s)")
    parser.add_argument("--no-presidio", dest="presidio", action="store_false", help="leave out the comparison")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
