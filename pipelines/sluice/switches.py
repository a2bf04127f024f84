"""The few choices that an admin makes while the gateway runs: its valves, as plain values."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Switches:
    """`auto_threshold` None leaves the choice to sluice.yaml."""

    cloud: bool = True
    guard: Literal["enforce", "observe"] = "enforce"
    budgets: Literal["enforce", "warn"] = "enforce"
    auto_threshold: float | None = None
