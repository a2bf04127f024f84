"""What Open WebUI hands to a filter, as plain values."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest


@dataclass
class Screen:
    """Takes the place of the event emitter: what a person would see, in order."""

    lines: list[str] = field(default_factory=list)

    async def __call__(self, event: dict[str, Any]) -> None:
        assert event["type"] == "status"
        assert event["data"]["done"] is True
        self.lines.append(event["data"]["description"])


Emit = Callable[[dict[str, Any]], Awaitable[None]]


@pytest.fixture
def screen() -> Screen:
    return Screen()


def model(id: str, base: str | None = None) -> dict[str, Any]:
    return {"id": id, "info": {"base_model_id": base}}


def request(*models: dict[str, Any], **state: Any) -> Any:
    rows = {row["id"]: row for row in models}
    return SimpleNamespace(app=SimpleNamespace(state=SimpleNamespace(MODELS=rows, **state)))


def speaking(language: str) -> dict[str, Any]:
    return {"variables": {"{{USER_LANGUAGE}}": language}}
