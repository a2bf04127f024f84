"""
title: Privacy guard
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: Shows, before a message is sent, what private matter was found in the chat, by class, and what happens to it. It only shows. The gateway guards every call by itself, attached files and background tasks included, so switching this off hides the line and changes nothing about what may leave.
"""

# ruff: noqa: E501

import asyncio
from collections import Counter
from typing import Any, Literal

import httpx
from pydantic import BaseModel, Field

GATEWAY = "sluice."
HEADER = "X-Sluice-Chat"
CLASSES = {
    "en": {
        "secret": "secret", "personal": "personal", "financial": "financial", "medical": "medical",
        "legal": "legal", "source_code": "source code", "confidential": "confidential", "document": "document",
    },
    "de": {
        "secret": "Geheimnis", "personal": "persönlich", "financial": "finanziell", "medical": "medizinisch",
        "legal": "rechtlich", "source_code": "Quelltext", "confidential": "vertraulich", "document": "Dokument",
    },
    "fr": {
        "secret": "secret", "personal": "personnel", "financial": "financier", "medical": "médical",
        "legal": "juridique", "source_code": "code source", "confidential": "confidentiel", "document": "document",
    },
    "es": {
        "secret": "secreto", "personal": "personal", "financial": "financiero", "medical": "médico",
        "legal": "legal", "source_code": "código fuente", "confidential": "confidencial", "document": "documento",
    },
    "zh": {
        "secret": "密钥", "personal": "个人信息", "financial": "财务", "medical": "医疗",
        "legal": "法律", "source_code": "源代码", "confidential": "机密", "document": "文档",
    },
}  # fmt: skip
ACTIONS = {
    "en": {
        "allow": "may leave this machine", "local": "stays on this machine", "block": "is not sent",
    },
    "de": {
        "allow": "darf diesen Rechner verlassen", "local": "bleibt auf diesem Rechner",
        "block": "wird nicht gesendet",
    },
    "fr": {
        "allow": "peut quitter cette machine", "local": "reste sur cette machine", "block": "n'est pas envoyé",
    },
    "es": {
        "allow": "puede salir de este equipo", "local": "se queda en este equipo", "block": "no se envía",
    },
    "zh": {
        "allow": "可以离开本机", "local": "留在本机", "block": "不会发送",
    },
}  # fmt: skip
FOUND = {"en": "Found", "de": "Gefunden", "fr": "Trouvé", "es": "Encontrado", "zh": "发现"}


class Filter:
    """Asks the gateway what it sees in a chat and shows the answer; never stops or changes a message."""

    class Valves(BaseModel):
        priority: int = Field(default=10, description="Order among filters; lower runs first.")
        seconds: float = Field(
            default=2.0,
            gt=0,
            le=10,
            description="How long a message may wait for the line; after that it goes without.",
        )

    class UserValves(BaseModel):
        show: Literal["on", "off"] = Field(default="on", description="Whether to show what was found.")

    def __init__(self) -> None:
        self.valves = self.Valves()

    async def inlet(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __model__: dict[str, Any] | None = None,
        __metadata__: dict[str, Any] | None = None,
        __request__: Any = None,
        __event_emitter__: Any = None,
    ) -> dict[str, Any]:
        """Show one line for what was found; silent when there is nothing to say or nobody to say it to."""
        choice = (__user__ or {}).get("valves") or self.UserValves()
        base = gateway_model(__model__ or {"id": body.get("model")}, __request__)
        if base is None or __event_emitter__ is None or choice.show == "off":
            return body
        try:
            async with asyncio.timeout(self.valves.seconds):
                verdict = await inspect(await connection(base, __request__), texts(body))
            line = describe(verdict, language(__metadata__))
        except Exception:
            # The line is a comfort: the gateway judges the call itself, so without an answer the message goes on.
            return body
        if line:
            await __event_emitter__({"type": "status", "data": {"description": line, "done": True}})
        return body


def texts(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the words of each message, without images and other attachments."""
    messages = []
    for message in body.get("messages") or []:
        content = message.get("content")
        if isinstance(content, list):
            content = "\n".join(part.get("text") or "" for part in content if part.get("type") == "text")
        if content:
            messages.append({"role": message.get("role") or "user", "content": content})
    return messages


async def inspect(target: tuple[str, str], messages: list[dict[str, Any]]) -> dict[str, Any]:
    """Ask the gateway, and nobody else: the address and key are those that the chat itself goes to."""
    url, key = target
    # No proxy of the environment: the text must not take another way than the chat.
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        answer = await client.post(
            f"{url.removesuffix('/v1')}/sluice/v1/inspect",
            json={"messages": messages},
            headers={"Authorization": f"Bearer {key}"},
        )
    verdict: dict[str, Any] = answer.raise_for_status().json()
    return verdict


async def connection(base: str, request: Any) -> tuple[str, str]:
    """Find the gateway's address and key among Open WebUI's connections, as they are at this moment."""
    from open_webui.models.config import Config  # type: ignore[import-not-found, unused-ignore]

    stored = await Config.get_many("openai.api_base_urls", "openai.api_keys", "openai.api_configs")
    urls, keys = stored.get("openai.api_base_urls") or [], stored.get("openai.api_keys") or []
    configs = stored.get("openai.api_configs") or {}
    known = getattr(request.app.state, "OPENAI_MODELS", None) or {}
    ours = [n for n in range(len(urls)) if HEADER in ((configs.get(str(n)) or {}).get("headers") or {})]
    serving = (known.get(base) or {}).get("urlIdx")
    # Another server may offer a model of the same name: only one with our headers is the gateway.
    n = serving if serving in ours else ours[0]
    return urls[n].rstrip("/"), keys[n]


def describe(verdict: dict[str, Any], language: str) -> str:
    """Say how many findings of which class there are, and what happens; empty when nothing was found."""
    counts = Counter(dict(verdict.get("counts") or {}))
    if not counts:
        return ""
    speech = language if language in CLASSES else "en"
    found = ", ".join(f"{count} × {CLASSES[speech].get(name, name)}" for name, count in counts.most_common())
    action = str(verdict.get("action"))
    return f"{FOUND[speech]}: {found} · {ACTIONS[speech].get(action, action)}"


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
