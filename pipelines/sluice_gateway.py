"""
title: Sluice
description: The gateway to local and cloud models. Everything else about it is in sluice.yaml.
version: 0.1.0
license: MIT
"""

from typing import Any, Literal

from pydantic import BaseModel, Field
from sluice.bridge import Bridge
from sluice.switches import Switches


class Pipeline:
    """What the pipelines server loads: the valves, and a bridge to the package for everything else."""

    class Valves(BaseModel):
        cloud: bool = Field(
            default=True,
            description="Cloud models may be used. Off: every call is answered on this machine, at once and for all.",
        )
        guard: Literal["enforce", "observe"] = Field(
            default="enforce",
            description=(
                "enforce: what the guard finds stays local. observe: it only says in each answer what it would "
                "have done, and private text may leave; secrets stay local even then."
            ),
        )
        budgets: Literal["enforce", "warn"] = Field(
            default="enforce",
            description="enforce: over a budget, calls go to local models. warn: they go on, with a line saying so.",
        )
        auto_threshold: float | None = Field(
            default=None,
            ge=0,
            le=1,
            description=(
                "How demanding a question must be, from 0 to 1, before Auto prefers the cloud. "
                "0 sends everything that may leave, 1 almost nothing. Empty: as sluice.yaml says."
            ),
        )

        def switches(self) -> Switches:
            return Switches(self.cloud, self.guard, self.budgets, self.auto_threshold)

    def __init__(self) -> None:
        self.type = "manifold"
        self.id = "sluice"
        self.name = ""
        self.valves = self.Valves()
        self._bridge = Bridge(lambda: self.valves.switches())

    async def on_shutdown(self) -> None:
        self._bridge.close()

    def pipelines(self) -> list[dict[str, str]]:
        return self._bridge.models()

    def pipe(self, user_message: str, model_id: str, messages: list[Any], body: dict[str, Any]) -> Any:
        return self._bridge.answer(body)
