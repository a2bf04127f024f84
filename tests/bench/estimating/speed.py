"""What a decision costs: time by length of the prompt, beside LiteLLM's; time and memory to load."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.bench import figures
from tests.bench.estimating.prompts import Prompt
from tests.bench.estimating.rivals import Scorer

SIZES = {"200": 200, "2k": 2_000, "20k": 20_000, "100k": 100_000}
LOADING = """
import json, time
def held():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS:")) / 1024
from sluice.routing import complexity
before, start = held(), time.perf_counter()
complexity("How long is a piece of string?")
print(json.dumps({"seconds": round(time.perf_counter() - start, 3), "mib": round(held() - before, 1)}))
"""


def measure(rows: Sequence[Prompt], scorers: Mapping[str, Scorer], times: int) -> dict[str, Any]:
    """Median and 95th percentile of one decision, by scorer and length; texts are the prompts end to end."""
    text = "\n\n".join(row.text for row in rows[::7])
    found: dict[str, Any] = {}
    for name, size in SIZES.items():
        texts = [text[at * 997 :][:size] for at in range(times)]
        spent = {scorer: figures.spread(_seconds(of, texts)) for scorer, of in scorers.items()}
        ratio = spent["sluice"]["p50_ms"] / max(0.01, spent["litellm"]["p50_ms"])
        found[name] = {**spent, "sluice_to_litellm": round(ratio, 2)}
    return found


def _seconds(scorer: Scorer, texts: Sequence[str]) -> list[float]:
    scorer(texts[0])
    spent = []
    for text in texts:
        start = time.perf_counter()
        scorer(text)
        spent.append(time.perf_counter() - start)
    return spent


def loading() -> dict[str, Any]:
    """The first estimate in a new process, which loads the model: seconds, and MiB that it holds more than before."""
    said = subprocess.run([sys.executable, "-c", LOADING], capture_output=True, text=True, check=True).stdout
    loaded: dict[str, Any] = json.loads(said)
    return loaded
