"""What the gateway yields while it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluice.upstream import Delta


@dataclass(frozen=True, slots=True)
class Status:
    """One short line for the person: where the answer comes from, and why. Not `done` while something is waited for."""

    text: str
    done: bool = True


@dataclass(frozen=True, slots=True)
class End:
    """The last event of a good answer: what it took. `usage` is as Open WebUI keeps it with a message."""

    usage: Mapping[str, Any]


Event = Status | Delta | End
