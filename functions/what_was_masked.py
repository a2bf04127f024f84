"""
title: What was masked
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: A button under an answer that shows which placeholders went to the cloud in this chat, and what each stands for. Only the person whose chat it is sees it, and nothing of it is added to the chat. Switching this off hides the button and changes nothing about what is masked.
"""

# ruff: noqa: E501

import asyncio
import html
import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import httpx
from pydantic import BaseModel, Field

HEADER = "X-Sluice-Chat"
ICON = (
    "data:image/svg+xml;base64,"
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCIgZmlsbD0ibm9uZSIgc3Ryb2tl"
    "PSIjNjY2IiBzdHJva2Utd2lkdGg9IjEuOCIgc3Ryb2tlLWxpbmVjYXA9InJvdW5kIiBzdHJva2UtbGluZWpvaW49InJvdW5kIj48cGF0"
    "aCBkPSJNMiAxMnM0LTcgMTAtNyAxMCA3IDEwIDctNCA3LTEwIDctMTAtNy0xMC03WiIvPjxjaXJjbGUgY3g9IjEyIiBjeT0iMTIiIHI9"
    "IjMiLz48cGF0aCBkPSJNMyAzbDE4IDE4Ii8+PC9zdmc+"
)
BOX = "max-height:55vh;overflow:auto"
CELL = "padding:0.15rem 1rem 0.15rem 0;text-align:left;vertical-align:top;overflow-wrap:anywhere"
WORDS = {
    "en": {
        "title": "What was masked in this chat", "sent": "In the cloud it read", "value": "It stands for",
        "none": "Nothing in this chat was masked.", "failed": "What was masked cannot be shown now. Try again later.",
    },
    "de": {
        "title": "Was in diesem Chat maskiert wurde", "sent": "In der Cloud stand", "value": "Es steht für",
        "none": "In diesem Chat wurde nichts maskiert.",
        "failed": "Was maskiert wurde, lässt sich gerade nicht zeigen. Versuchen Sie es später.",
    },
    "fr": {
        "title": "Ce qui a été masqué dans ce chat", "sent": "Le cloud a lu", "value": "Cela désigne",
        "none": "Rien n'a été masqué dans ce chat.",
        "failed": "Ce qui a été masqué ne peut être affiché maintenant. Réessayez plus tard.",
    },
    "es": {
        "title": "Lo que se enmascaró en este chat", "sent": "En la nube se leyó", "value": "Representa",
        "none": "En este chat no se enmascaró nada.",
        "failed": "Ahora no se puede mostrar lo enmascarado. Inténtelo más tarde.",
    },
    "zh": {
        "title": "此对话中被遮蔽的内容", "sent": "云端所见", "value": "代表",
        "none": "此对话中没有内容被遮蔽。", "failed": "暂时无法显示被遮蔽的内容，请稍后再试。",
    },
}  # fmt: skip


class Action:
    """Asks the gateway what stands for what in the person's own chat, and shows it in a dialog."""

    class Valves(BaseModel):
        priority: int = Field(default=10, description="Order among the buttons; lower comes first.")
        seconds: float = Field(default=10.0, gt=0, le=60, description="How long the gateway may take to answer.")

    def __init__(self) -> None:
        self.valves = self.Valves()
        self.icon = ICON

    async def action(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __request__: Any = None,
        __event_emitter__: Any = None,
        __event_call__: Any = None,
    ) -> None:
        """Show the table. It goes to the window that asked, and is stored nowhere."""
        metadata = {"chat_id": body.get("chat_id"), "message_id": body.get("id")}
        link = Link(__request__, __user__ or {}, metadata, self.valves.seconds)
        words = WORDS[await language(__event_call__, __request__, WORDS)]
        try:
            entries = (await link.send("masked"))["masked"]
            table = table_of(entries, words)
        except Exception:
            await tell(__event_emitter__, words["failed"], "error")
            return
        if not entries:
            await tell(__event_emitter__, words["none"])
        elif __event_call__:
            await __event_call__({"type": "confirmation", "data": {"title": words["title"], "message": table}})


def table_of(entries: list[dict[str, str]], words: dict[str, str]) -> str:
    """Return the placeholders and their values as a table that scrolls."""
    head = "".join(f'<th style="{CELL}">{words[name]}</th>' for name in ("sent", "value"))
    rows = "".join(
        f'<tr><td style="{CELL};white-space:nowrap"><code>{shown(entry["placeholder"])}</code></td>'
        f'<td style="{CELL}">{shown(entry["value"])}</td></tr>'
        for entry in entries
    )
    return f'<div style="{BOX}"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def shown(text: str) -> str:
    """Return a text in one line that is neither HTML nor Markdown."""
    return html.escape(" ".join(text.split()))


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


async def language(caller: Any, request: Any, known: Any) -> str:
    """Return the two letters of the person's interface language, of those that we speak."""
    try:
        async with asyncio.timeout(2):
            code = "return localStorage.getItem('locale') || navigator.language"
            said = await caller({"type": "execute", "data": {"code": code}})
    except Exception:
        # A window that does not answer: the browser's own wish is the next best.
        said = None
    headers = getattr(request, "headers", None) or {}
    wishes = [said if isinstance(said, str) else "", *re.split(r"[,;]", headers.get("accept-language") or "")]
    return next((wish.strip()[:2].lower() for wish in wishes if wish.strip()[:2].lower() in known), "en")


async def tell(emitter: Any, line: str, kind: str = "info") -> None:
    """Show a line that goes away by itself and is stored nowhere."""
    if emitter and line:
        await emitter({"type": "notification", "data": {"type": kind, "content": line}})
