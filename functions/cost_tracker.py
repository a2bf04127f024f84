"""
title: Cost tracker
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: Shows one line after each answer with the model, whether it ran locally or in the cloud, its price and its tokens. It only shows. The gateway keeps the books and the budgets, background tasks included, so switching this off hides the line and changes nothing about what is counted or spent.
"""

# ruff: noqa: E501

from typing import Any, Literal

from pydantic import BaseModel, Field

WORDS = {
    "en": {"local": "Local", "cloud": "Cloud", "private": "private", "free": "free", "unknown": "price unknown", "in": "in", "out": "out"},
    "de": {"local": "Lokal", "cloud": "Cloud", "private": "privat", "free": "kostenlos", "unknown": "Preis unbekannt", "in": "ein", "out": "aus"},
    "fr": {"local": "Local", "cloud": "Cloud", "private": "privé", "free": "gratuit", "unknown": "prix inconnu", "in": "entrée", "out": "sortie"},
    "es": {"local": "Local", "cloud": "Nube", "private": "privado", "free": "gratis", "unknown": "precio desconocido", "in": "entrada", "out": "salida"},
    "zh": {"local": "本地", "cloud": "云端", "private": "私密", "free": "免费", "unknown": "价格未知", "in": "输入", "out": "输出"},
}  # fmt: skip
# Separators of thousands and of decimals.
NUMBERS = {"en": (",", "."), "zh": (",", "."), "de": (".", ","), "es": (".", ","), "fr": ("\u202f", ",")}


class Filter:
    """Reads the usage that came with an answer; keeps no state and stores nothing."""

    class Valves(BaseModel):
        priority: int = Field(default=20, description="Order among filters; lower runs first.")

    class UserValves(BaseModel):
        show: Literal["off", "short", "full"] = Field(
            default="short",
            description="The line after each answer: off, short, or full with lane and reasons.",
        )

    def __init__(self) -> None:
        self.valves = self.Valves()

    async def outlet(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __metadata__: dict[str, Any] | None = None,
        __event_emitter__: Any = None,
    ) -> dict[str, Any]:
        """Show the line for the answer just given; the messages stay as they are."""
        choice = (__user__ or {}).get("valves") or self.UserValves()
        usage = usage_of(body)
        if __event_emitter__ is None or choice.show == "off" or not usage:
            return body
        line = describe(usage, language(__metadata__), full=choice.show == "full")
        if line:
            await __event_emitter__({"type": "status", "data": {"description": line, "done": True}})
        return body


def usage_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the usage of the answer that this call ended with."""
    answers = [message for message in body.get("messages") or [] if message.get("role") == "assistant"]
    named = [message for message in answers if message.get("id") == body.get("id")]
    usage = (named or answers or [{}])[-1].get("usage")
    return usage if isinstance(usage, dict) else {}


def describe(usage: dict[str, Any], language: str, full: bool = False) -> str:
    """Say where the answer came from, what it cost and how long it was; parts that are not known are left out."""
    speech = language if language in WORDS else "en"
    words = WORDS[speech]
    # Over tool rounds Open WebUI sums these two, while prompt_tokens and completion_tokens keep the last round.
    sent = usage.get("input_tokens", usage.get("prompt_tokens"))
    received = usage.get("output_tokens", usage.get("completion_tokens"))
    # It begins like the line that the gateway showed while the answer came, since it takes that line's place.
    note = str(usage.get("note") or "")
    parts = [words.get(str(usage.get("location")), ""), str(usage.get("model") or ""), words.get(note, note)]
    parts.append(price(usage, speech))
    if isinstance(sent, int) and isinstance(received, int):
        parts.append(f"{number(sent, speech)} {words['in']} / {number(received, speech)} {words['out']}")
    if full:
        parts += [str(usage.get("lane") or ""), *(str(reason) for reason in usage.get("reasons") or [])]
    return " · ".join(part for part in parts if part)


def price(usage: dict[str, Any], speech: str) -> str:
    """Return the price in dollars, to two significant digits below a cent; only the gateway knows one."""
    if usage.get("location") not in {"local", "cloud"}:
        return ""
    cost = usage.get("cost")
    if not isinstance(cost, int | float):
        return WORDS[speech]["free" if usage["location"] == "local" else "unknown"]
    if cost == 0:
        return WORDS[speech]["free"]
    digits = 2 if cost >= 1 else 4 if cost >= 0.001 else 6
    return f"${number(cost, speech, digits)}"


def number(value: float, speech: str, digits: int = 0) -> str:
    """Write a number as the language does."""
    thousands, decimals = NUMBERS[speech]
    return f"{value:,.{digits}f}".translate({ord(","): thousands, ord("."): decimals})


def language(metadata: dict[str, Any] | None) -> str:
    """Return the two letters of the person's interface language."""
    variables = (metadata or {}).get("variables") or {}
    return str(variables.get("{{USER_LANGUAGE}}") or "en")[:2].lower()
