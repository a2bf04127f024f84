"""
title: Not private
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: A button under an answer for wrong alarms. What you choose is reported to the admins by its type, its class and a salted hash, never by its text; an admin who presses it allows it at once, for everybody. Switching this off hides the button; ./scripts/sluice alarms does the same for admins.
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
    "PSIjNjY2IiBzdHJva2Utd2lkdGg9IjEuOCIgc3Ryb2tlLWxpbmVjYXA9InJvdW5kIiBzdHJva2UtbGluZWpvaW49InJvdW5kIj48cmVj"
    "dCB4PSI0IiB5PSIxMSIgd2lkdGg9IjE2IiBoZWlnaHQ9IjkiIHJ4PSIyIi8+PHBhdGggZD0iTTggMTFWN2E0IDQgMCAwIDEgNy41LTIi"
    "Lz48L3N2Zz4="
)
ALL = "all"
WORDS = {
    "en": {
        "title": "Not private?", "user": "The admins are told type and class of what you choose, not the text.",
        "admin": "You are an admin: what you choose is allowed from now on, for everybody.", "all": "All of it",
        "reported": "Reported: {count}. An admin decides.", "allowed": "Allowed from now on: {count}.",
        "none": "Nothing is found in the messages of this chat that can be called a wrong alarm. Keys and attached files cannot; an admin lists such texts in sluice.yaml.",
        "failed": "This was not reported: the gateway did not answer. Try again later.",
    },
    "de": {
        "title": "Nicht privat?", "user": "Die Admins erfahren Art und Klasse des Gewählten, nicht den Text.",
        "admin": "Sie sind Admin: Das Gewählte ist von jetzt an erlaubt, für alle.", "all": "Alles",
        "reported": "Gemeldet: {count}. Ein Admin entscheidet.", "allowed": "Von jetzt an erlaubt: {count}.",
        "none": "In den Nachrichten dieses Chats findet sich nichts, was ein Fehlalarm sein könnte. Schlüssel und Anhänge sind keiner; ein Admin trägt solche Texte in sluice.yaml ein.",
        "failed": "Nicht gemeldet: Das Gateway antwortet nicht. Versuchen Sie es später.",
    },
    "fr": {
        "title": "Pas privé ?", "user": "Les admins apprennent le type et la classe de votre choix, pas le texte.",
        "admin": "Vous êtes admin : votre choix est désormais autorisé, pour tous.", "all": "Tout",
        "reported": "Signalé : {count}. Un admin décide.", "allowed": "Désormais autorisé : {count}.",
        "none": "Rien dans les messages de ce chat ne peut être une fausse alerte. Les clés et les fichiers joints n'en sont pas ; un admin inscrit de tels textes dans sluice.yaml.",
        "failed": "Non signalé : la passerelle n'a pas répondu. Réessayez plus tard.",
    },
    "es": {
        "title": "¿No es privado?", "user": "Los administradores ven el tipo y la clase de lo elegido, no el texto.",
        "admin": "Es administrador: lo elegido queda permitido desde ahora, para todos.", "all": "Todo",
        "reported": "Notificado: {count}. Un administrador decide.", "allowed": "Permitido desde ahora: {count}.",
        "none": "En los mensajes de este chat no hay nada que pueda ser una falsa alarma. Las claves y los archivos no lo son; un administrador anota esos textos en sluice.yaml.",
        "failed": "No se notificó: la pasarela no responde. Inténtelo más tarde.",
    },
    "zh": {
        "title": "不是隐私？", "user": "管理员只会看到所选内容的类型和类别，看不到文字。",
        "admin": "您是管理员：所选内容从现在起对所有人放行。", "all": "全部",
        "reported": "已报告：{count}。由管理员决定。", "allowed": "已放行：{count}。",
        "none": "此对话的消息中没有可报告为误报的内容。密钥和附件不能报告，管理员可在 sluice.yaml 中登记此类文字。",
        "failed": "未能报告：网关没有响应，请稍后再试。",
    },
}  # fmt: skip


class Action:
    """Lets a person point at what is no private matter, and an admin allow it."""

    class Valves(BaseModel):
        priority: int = Field(default=11, description="Order among the buttons; lower comes first.")
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
        """Report what the person chooses; with a single finding, and nothing to allow, the click alone does it."""
        user, metadata = __user__ or {}, {"chat_id": body.get("chat_id"), "message_id": body.get("id")}
        link = Link(__request__, user, metadata, self.valves.seconds)
        words = WORDS[await language(__event_call__, __request__, WORDS)]
        is_admin, messages = user.get("role") == "admin", messages_of(body)
        try:
            found = (await link.send("findings", {"messages": messages}))["findings"] if messages else []
            marks = [one["mark"] for one in found]
            if len(marks) > 1 or (marks and is_admin):
                marks = await chosen(__event_call__, found, words["admin" if is_admin else "user"], words)
            if not marks:
                await tell(__event_emitter__, "" if found else words["none"])
                return
            count = (await link.send("alarms", {"messages": messages, "marks": marks}))["reported"]
            for mark in marks if is_admin else []:
                await link.send(f"alarms/{mark}", {"state": "allowed"})
        except Exception:
            await tell(__event_emitter__, words["failed"], "error")
            return
        await tell(__event_emitter__, words["allowed" if is_admin else "reported"].format(count=count), "success")


async def chosen(caller: Any, found: list[dict[str, str]], explanation: str, words: dict[str, str]) -> list[str]:
    """Return the marks of what the person picks in a dialog; none where they cancel."""
    options = [{"value": one["mark"], "label": f"{one['value']} · {kind(one)}"} for one in found]
    every = [{"value": ALL, "label": words["all"]}] if len(found) > 1 else []
    data = {
        "title": words["title"],
        "message": f"<p>{html.escape(explanation)}</p>",
        "input": {"type": "select", "options": [*options, *every]},
        "value": options[0]["value"],
    }
    answer = await caller({"type": "input", "data": data}) if caller else None
    marks = [one["mark"] for one in found]
    return marks if answer == ALL else [mark for mark in marks if mark == answer]


def kind(finding: dict[str, str]) -> str:
    return finding["type"].replace("_", " ").lower()


def messages_of(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the words of the chat, without attachments."""
    messages = []
    for message in body.get("messages") or []:
        content = message.get("content")
        if isinstance(content, list):
            content = "\n".join(part.get("text") or "" for part in content if part.get("type") == "text")
        if content and message.get("role") in ("user", "assistant", "system"):
            messages.append({"role": message["role"], "content": content})
    return messages


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
