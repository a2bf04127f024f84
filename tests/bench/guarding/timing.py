"""How long a text takes, first and repeated, through the guard with its worker process, and through Presidio."""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sluice.guard import Guard, default_policy

from tests.bench import figures
from tests.bench.guarding import corpora, ordinary
from tests.bench.guarding.detectors import Spans

# Characters, and how often each is read for the first time; Presidio needs ten seconds for the longest.
SIZES: Mapping[int, int] = MappingProxyType({200: 60, 2_000: 40, 20_000: 12, 100_000: 5})
QUICK: Mapping[int, int] = MappingProxyType({200: 20, 2_000: 12, 20_000: 4})
_PRESIDIO = MappingProxyType({200: 30, 2_000: 15, 20_000: 4, 100_000: 2})
_WARM = 5


def measure(presidio: Spans | None, sizes: Mapping[int, int] = SIZES) -> dict[str, Any]:
    """Times by size in milliseconds, ratios to Presidio, and memory of the guard's processes."""
    texts = {size: mixed(size, rounds, seed=size) for size, rounds in sizes.items()}
    found, memory = asyncio.run(_through_guard(texts))
    for size in texts if presidio else ():
        found[_name(size)] |= _compared(found[_name(size)], texts[size][: _PRESIDIO[size]], presidio)
    return {**found, "memory_mib": memory}


def mixed(size: int, number: int, seed: int) -> list[str]:
    """Return texts of mail, prose, tables and code in that many characters, no two alike."""
    chance = random.Random(seed)
    written = [document.text for document in [*corpora.own("dev"), *corpora.prompts("dev")]]
    code = [text[start : start + 700] for text in ordinary.library_texts(40) for start in range(0, len(text), 7000)]
    return [_one(chance, written, code, size) for _ in range(number)]


def _one(chance: random.Random, written: Sequence[str], code: Sequence[str], size: int) -> str:
    parts: list[str] = []
    length = 0
    while length < size:
        part = chance.choice(code if chance.random() < 0.2 else written)
        # A number of its own, so that no part was read before.
        parts.append(f"{part}\n({chance.randrange(10**6)})\n\n")
        length += len(parts[-1])
    return "".join(parts)[:size]


async def _through_guard(texts: Mapping[int, Sequence[str]]) -> tuple[dict[str, Any], dict[str, float]]:
    guard = Guard(lambda groups: default_policy(), time_limit=120)
    own = figures.resident_mib(os.getpid())
    await guard.start()
    try:
        await guard.loaded()
        for text in mixed(500, _WARM, seed=1):
            await guard.inspect(text)
        found = {_name(size): await _twice(guard, of_size) for size, of_size in texts.items()}
        return found, {"bench": own, **_workers()}
    finally:
        await guard.close()


async def _twice(guard: Guard, texts: Sequence[str]) -> dict[str, Any]:
    first = [await _timed(guard, text) for text in texts]
    repeated = [await _timed(guard, text) for text in texts]
    ratio = statistics.median(repeated) / statistics.median(first)
    return {
        "first": figures.spread(first),
        "repeated": {name: round(value, 3) for name, value in _fine(repeated).items()},
        "repeated_to_first": round(ratio, 5),
    }


async def _timed(guard: Guard, text: str) -> float:
    began = time.perf_counter()
    await guard.inspect(text)
    return time.perf_counter() - began


def _fine(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50_ms": cuts[9] * 1000, "p95_ms": cuts[18] * 1000}


def _compared(ours: Mapping[str, Any], texts: Sequence[str], presidio: Spans) -> dict[str, Any]:
    presidio("Warm up, Mr. Smith of Leeds.")
    theirs = figures.spread([_seconds(presidio, text) for text in texts])
    return {
        "presidio": theirs,
        "presidio_by_first_p50": round(theirs["p50_ms"] / ours["first"]["p50_ms"], 1),
        "presidio_by_first_p95": round(theirs["p95_ms"] / ours["first"]["p95_ms"], 1),
    }


def _seconds(find: Spans, text: str) -> float:
    began = time.perf_counter()
    find(text)
    return time.perf_counter() - began


def _workers() -> dict[str, float]:
    found: dict[str, float] = {}
    for child in figures.children(os.getpid()):
        if Path(f"/proc/{child}/cmdline").exists() and "resource_tracker" not in figures.command(child):
            found["guard_worker"] = round(found.get("guard_worker", 0.0) + figures.resident_mib(child), 1)
    return found


def _name(size: int) -> str:
    return f"{size}_characters"
