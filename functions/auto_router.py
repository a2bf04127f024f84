"""
title: Auto router
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: A chip under the message box. While it is on, your choice of lane, preference (balanced, private, quality, thrifty) and priority goes with each message to the gateway, which decides and says so in your language. Switching it off changes neither what is guarded nor what is recorded, and the Private preset stays on this machine either way.
"""

# ruff: noqa: E501

from typing import Any, Literal

from pydantic import BaseModel, Field

GATEWAY = "sluice."
PRIVATE_LANE = "sluice.local"
ICON = (
    "data:image/svg+xml;base64,"
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCIgZmlsbD0ibm9uZSIgc3Ryb2tl"
    "PSJjdXJyZW50Q29sb3IiIHN0cm9rZS13aWR0aD0iMiIgc3Ryb2tlLWxpbmVjYXA9InJvdW5kIiBzdHJva2UtbGluZWpvaW49InJvdW5k"
    "Ij48cGF0aCBkPSJNMyAxMmg3bDctNmg0TTEwIDEybDcgNmg0Ii8+PHBhdGggZD0ibTE5IDMgMiAzLTIgM00xOSAxNWwyIDMtMiAzIi8+"
    "PC9zdmc+"
)
WORDS = {
    "en": (
        "The router chip does not apply to this model: it does not run through the gateway.",
        "This preset never leaves the machine, so the router chip changes nothing here.",
    ),
    "de": (
        "Der Router-Chip wirkt bei diesem Modell nicht: Es läuft nicht über das Gateway.",
        "Diese Vorlage verlässt den Rechner nie, daher ändert der Router-Chip hier nichts.",
    ),
    "fr": (
        "La puce de routage ne s'applique pas à ce modèle : il ne passe pas par la passerelle.",
        "Ce modèle ne quitte jamais la machine : la puce de routage n'y change rien.",
    ),
    "es": (
        "El botón de enrutado no se aplica a este modelo: no pasa por la pasarela.",
        "Este modelo nunca sale del equipo: el botón de enrutado no cambia nada aquí.",
    ),
    "zh": (
        "路由开关不适用于此模型：它不经过网关。",
        "此预设始终在本机运行，路由开关在此不起作用。",
    ),
}


class Filter:
    """Hands a person's choice to the gateway as intent, which may choose among what policy allows."""

    class Valves(BaseModel):
        priority: int = Field(default=0, description="Order among filters; lower runs first.")

    class UserValves(BaseModel):
        lane: Literal[
            "preset", "auto", "local", "small", "standard", "coder", "vision", "long", "cloud", "frontier"
        ] = Field(
            default="preset",
            description="Which kind of model should answer while the chip is on. `preset` leaves it to the preset,"
            " `local` never leaves this machine.",
        )
        preference: Literal["balanced", "private", "quality", "thrifty"] = Field(
            default="balanced",
            description="What to weigh most while the chip is on: staying on this machine (private), the best answer"
            " (quality) or the lowest cost (thrifty).",
        )
        priority: Literal["preset", "low", "normal", "high"] = Field(
            default="preset",
            description="How urgent your messages are while the chip is on: `low` lets others go first where people wait"
            " for one machine, `high` prefers quick models. `preset` leaves it to the preset.",
        )

    def __init__(self) -> None:
        self.valves = self.Valves()
        self.toggle = True
        self.icon = ICON

    async def inlet(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __model__: dict[str, Any] | None = None,
        __metadata__: dict[str, Any] | None = None,
        __request__: Any = None,
        __event_emitter__: Any = None,
    ) -> dict[str, Any]:
        """Add the choice to the body; the model and its preset stay what the person picked."""
        base = gateway_model(__model__ or {"id": body.get("model")}, __request__)
        spoken = language(__metadata__)
        not_here, private = WORDS.get(spoken, WORDS["en"])
        if base is None:
            await say(__event_emitter__, not_here)
            return body
        hint = {} if spoken == "en" else {"language": spoken}
        if base == PRIVATE_LANE:
            await say(__event_emitter__, private)
            return {**body, "sluice": hint} if hint else body
        choice = (__user__ or {}).get("valves") or self.UserValves()
        priority = getattr(choice, "priority", "preset")  # a choice that was saved before there was one
        body["sluice"] = {
            **({} if choice.lane == "preset" else {"lane": choice.lane}),
            **({} if priority == "preset" else {"priority": priority}),
            **hint,
            "preference": choice.preference,
            "preset": (__model__ or {}).get("id") or body.get("model"),
        }
        return body


def gateway_model(model: dict[str, Any], request: Any) -> str | None:
    """Return the gateway's model beneath a preset, through presets made of presets; None for any other model."""
    models = getattr(getattr(getattr(request, "app", None), "state", None), "MODELS", None) or {}
    for _ in range(8):
        id = str(model.get("id") or "")
        if id.startswith(GATEWAY):
            return id
        below = (model.get("info") or {}).get("base_model_id")
        if not below:
            return None
        model = models.get(below) or {"id": below}
    return None


def language(metadata: dict[str, Any] | None) -> str:
    """Return the two letters of the person's interface language."""
    variables = (metadata or {}).get("variables") or {}
    return str(variables.get("{{USER_LANGUAGE}}") or "en")[:2].lower()


async def say(emitter: Any, line: str) -> None:
    """Show a line above the answer, where there is a screen to show it on."""
    if emitter:
        await emitter({"type": "status", "data": {"description": line, "done": True}})
