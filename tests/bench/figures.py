"""What all benches share: quantiles, and a table or one line of JSON."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def spread(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile in milliseconds."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50_ms": round(cuts[9] * 1000, 2), "p95_ms": round(cuts[18] * 1000, 2)}


def resident_mib(pid: int) -> float:
    """Memory that a process holds now, in MiB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return round(next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024, 1)


def children(pid: int) -> list[int]:
    """All processes that a process started, and theirs."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="utf-8").split():
            found += [int(child), *children(int(child))]
    return found


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def machine() -> dict[str, Any]:
    """Where the figures come from: they mean nothing without it."""
    import os

    return {"python": platform.python_version(), "system": platform.platform(), "cores": os.cpu_count()}


def show(figures: Mapping[str, Any], *, as_json: bool) -> None:
    """Print for a program, or for a person."""
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in _flat(figures):
        print(f"{name:44} {value}")


def _flat(figures: Mapping[str, Any], before: str = "") -> list[tuple[str, Any]]:
    rows: list[tuple[str, Any]] = []
    for name, value in figures.items():
        rows += _flat(value, f"{before}{name}.") if isinstance(value, Mapping) else [(f"{before}{name}", value)]
    return rows
