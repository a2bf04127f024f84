"""
title: Ratings
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: Tells the gateway of thumbs and of answers that a person edits, each as one word without any text, so that ./scripts/sluice refit can learn where local models fall short, and so that after a thumb down the next question of the chat goes to a better model. Switching this off changes nothing else; ratings stay in Open WebUI.
"""

# ruff: noqa: E501

import asyncio
import contextlib
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
from pydantic import BaseModel, Field

HEADER = "X-Sluice-Chat"
RATED = ("feedback.created", "feedback.updated")
SAVED = "chat.updated"
# Open WebUI keeps the first text of an edited answer, for good: only the last ones can be news.
MOST_EDITED = 3
THUMBS = {1: "thumbs_up", -1: "thumbs_down"}


class Event:
    """Hears what Open WebUI tells of ratings and saved chats; keeps nothing."""

    class Valves(BaseModel):
        seconds: float = Field(default=10.0, gt=0, le=60, description="How long the gateway may take to answer.")
        edits: bool = Field(
            default=True,
            description="Whether edited answers count. Switch it off where another filter changes finished answers, which Open WebUI does not tell from a person's edit.",
        )

    def __init__(self) -> None:
        self.valves = self.Valves()

    async def event(self, event: dict[str, Any], __request__: Any = None) -> None:
        """Tell the gateway what a person made of an answer of theirs; what cannot be told is lost, and only that."""
        person, subject = event.get("actor") or {}, (event.get("subject") or {}).get("id") or ""
        if event.get("event") in RATED:
            chat, signals = await rated(subject)
        elif event.get("event") == SAVED and self.valves.edits:
            chat, signals = subject, await edited(subject)
        else:
            return
        for message, signal in signals if person.get("id") and chat else []:
            link = Link(__request__, person, {"chat_id": chat, "message_id": message}, self.valves.seconds)
            # The gateway may be down, or never have given this answer.
            with contextlib.suppress(Exception):
                await link.send("feedback", {"signal": signal})


async def rated(feedback: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the chat of a rating, and the message that it is about with the thumb."""
    from open_webui.models.feedbacks import Feedbacks  # type: ignore[import-not-found, unused-ignore]

    found = await Feedbacks.get_feedback_by_id(feedback)
    meta, data = (getattr(found, "meta", None) or {}, getattr(found, "data", None) or {})
    thumb, message = THUMBS.get(data.get("rating")), str(meta.get("message_id") or "")
    return str(meta.get("chat_id") or ""), [(message, thumb)] if thumb and message else []


async def edited(chat: str) -> list[tuple[str, str]]:
    """Return the answers of a chat that a person changed, the last ones."""
    from open_webui.models.chats import Chats  # type: ignore[import-not-found, unused-ignore]

    found = await Chats.get_chat_by_id(chat)
    messages = ((getattr(found, "chat", None) or {}).get("history") or {}).get("messages") or {}
    changed = [
        (id, "edited")
        for id, message in messages.items()
        if message.get("role") == "assistant"
        and message.get("originalContent")
        and message["originalContent"] != message.get("content")
    ]
    return changed[-MOST_EDITED:]


@dataclass
class Link:
    """The gateway, under the address, the key and the headers with which Open WebUI sends it this chat."""

    request: Any
    user: dict[str, Any]
    metadata: dict[str, Any]
    seconds: float

    async def send(self, path: str, data: dict[str, Any] | None = None) -> dict[str, Any]:
        """Ask the gateway, and nobody else; raises where it does not answer in time and in words."""
        from open_webui.utils.headers import get_headers_and_cookies  # type: ignore[import-not-found, unused-ignore]

        user = SimpleNamespace(**self.user)
        async with asyncio.timeout(self.seconds):
            _, url, key, config = (await self.gateways())[0]
            headers, _ = await get_headers_and_cookies(self.request, url, key, config, self.metadata, user)
            # No proxy of the environment: the text must not take another way than the chat.
            async with httpx.AsyncClient(trust_env=False, timeout=self.seconds) as client:
                method = "GET" if data is None else "POST"
                answer = await client.request(
                    method, f"{url.removesuffix('/v1')}/sluice/v1/{path}", json=data, headers=headers
                )
        found: dict[str, Any] = answer.raise_for_status().json()
        return found

    async def gateways(self) -> list[tuple[int, str, str, dict[str, Any]]]:
        """Number, address, key and settings of the connections with our headers, as they are at this moment."""
        from open_webui.models.config import Config  # type: ignore[import-not-found, unused-ignore]

        stored = await Config.get_many("openai.api_base_urls", "openai.api_keys", "openai.api_configs")
        urls, keys = stored.get("openai.api_base_urls") or [], stored.get("openai.api_keys") or []
        configs = stored.get("openai.api_configs") or {}
        all = [(n, urls[n].rstrip("/"), key, configs.get(str(n)) or {}) for n, key in enumerate(keys[: len(urls)])]
        return [one for one in all if HEADER in (one[3].get("headers") or {})]
