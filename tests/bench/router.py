"""How well and how fast the router tells which prompts need the stronger model, beside LiteLLM's in the same run.

Parts: quality (held-out prompts; the recipe is trained again for each fold), everyday (what the scale makes of
everyday prompts), rungs (where questions of a workstation go, as in routing_day) and speed. APGR, CPT(50 %) and
CPT(80 %) as RouteLLM defines them (arXiv 2406.18665); 0.5 is random.
Nothing is fetched from outside and no model is called; shared data that is absent is skipped and said so.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sluice.routing import complexity

from tests.bench import figures, routing_day
from tests.bench.estimating import everyday, quality, rivals, speed
from tests.bench.estimating.prompts import DATA, Prompt, prompts

PARTS = ("quality", "everyday", "rungs", "speed")
QUICK = 4  # every fourth family of near-duplicates


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    found: dict[str, Any] = {"machine": figures.machine(), "litellm": rivals.litellm_version()}
    rows = _rows(options.data, quick=options.quick)
    scorers = rivals.rivals()
    for part in options.part or PARTS:
        found[part] = _part(part, rows, scorers, quick=options.quick)
    figures.show(found, as_json=options.json)


def _part(part: str, rows: Sequence[Prompt], scorers: Mapping[str, rivals.Scorer], *, quick: bool) -> Any:
    if part == "everyday":
        return everyday.measure(complexity)
    if part == "rungs":
        return routing_day.measure()
    if not rows:
        return "skipped: the shared routing data is not there"
    if part == "quality":
        return {**quality.measure(rows, scorers), "published": rivals.PUBLISHED}
    timed = {"sluice": complexity, **scorers}
    return {"decision": speed.measure(rows, timed, 20 if quick else 100), "loading": speed.loading()}


def _rows(data: Path, *, quick: bool) -> list[Prompt]:
    try:
        rows = prompts(data)
    except FileNotFoundError:
        return []
    return [row for row in rows if row.kin % QUICK == 0] if quick else rows


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./scripts/bench router", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--quick", action="store_true", help=f"a {QUICK}th of the prompts")
    parser.add_argument("--part", action="append", choices=PARTS, help="only this part; may be repeated")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the shared data (default: %(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
