"""Stop the native parts. Standard library only, so that it works whatever happened to the environments."""

from collections.abc import Mapping
from pathlib import Path

from sluice.workstation import processes

# What people use stops first, what it uses last. Seconds to end by itself; the gateway lets running answers end.
STOP_ORDER: Mapping[str, float] = {"open-webui": 15, "gateway": 40, "embedded": 5, "ollama": 10}


def stop(run: Path, name: str) -> bool:
    """Stop one part; whether it ran."""
    return processes.stop(run, name, STOP_ORDER.get(name, 10))


def down(run: Path) -> bool:
    """Stop all parts; whether there was one. Data stay."""
    names = [*STOP_ORDER, *(name for name in processes.started(run) if name not in STOP_ORDER)]
    stopped = [name for name in names if stop(run, name)]
    return bool(stopped)
