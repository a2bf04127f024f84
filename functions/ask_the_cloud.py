"""
title: Ask the cloud
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: A button under an answer that shows what would be sent to a cloud model, masked, and about what it costs, and asks. With your yes this conversation is sent once, and the answer stands beside the one that you have. What must stay on this machine is refused. Switching this off hides the button; presets and @cloud still reach the cloud where policy lets them.
"""

# ruff: noqa: E501

import asyncio
import contextlib
import html
import json
import re
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import httpx
from pydantic import BaseModel, Field

HEADER = "X-Sluice-Chat"
ICON = (
    "data:image/svg+xml;base64,"
    "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAyNCAyNCIgZmlsbD0ibm9uZSIgc3Ryb2tl"
    "PSIjNjY2IiBzdHJva2Utd2lkdGg9IjEuOCIgc3Ryb2tlLWxpbmVjYXA9InJvdW5kIiBzdHJva2UtbGluZWpvaW49InJvdW5kIj48cGF0"
    "aCBkPSJNNyAxOGE0IDQgMCAwIDEtLjUtOCA1LjUgNS41IDAgMCAxIDEwLjYtMS4zQTQuNSA0LjUgMCAwIDEgMTcuNSAxOE0xMiAyMXYt"
    "OG0tMyAzIDMtMyAzIDMiLz48L3N2Zz4="
)
BOX = "white-space:pre-wrap;max-height:35vh;overflow:auto;margin-top:.5rem;padding:.5rem .75rem;border-radius:.5rem;background:#8881"
PREVIEW = 6000  # characters
WINDOW_SECONDS = 15.0
# Ends once the page shows the message with this id, or after ten seconds.
SHOWN = """for (let n = 0; n < 100 && !document.getElementById("message-%s"); n++)
  await new Promise((again) => setTimeout(again, 100));"""
WORDS = {
    "en": {
        "title": "Ask the cloud?", "would": "This would be sent to {model}, with what is private replaced:",
        "price": "It costs about ${least} to ${most}, by the length of the answer.",
        "unknown": "Its price is not known.", "files": "Attached files and knowledge are not sent along.",
        "agree": "With your yes you also let go of: {names}", "user": "You", "assistant": "Answer",
        "message": "your message", "tool": "what a tool found", "instructions": "the instructions",
        "asking": "Asking {model}", "stays": "This stays on this machine: {why}", "saved": "Only a saved chat can ask the cloud. Send the message again in one that is not temporary.",
        "none": "There is no question before this answer to be asked again.",
        "failed": "The cloud was not asked: the gateway did not answer. Try again later.",
    },
    "de": {
        "title": "Die Cloud fragen?", "would": "Das würde an {model} gesendet; Privates ist ersetzt:",
        "price": "Es kostet etwa {least} bis {most} $, je nach Länge der Antwort.",
        "unknown": "Der Preis ist nicht bekannt.", "files": "Anhänge und Wissen werden nicht mitgesendet.",
        "agree": "Mit Ja geben Sie auch frei: {names}", "user": "Sie", "assistant": "Antwort",
        "message": "Ihre Nachricht", "tool": "was ein Werkzeug fand", "instructions": "die Anweisungen",
        "asking": "{model} wird gefragt", "stays": "Das bleibt auf diesem Rechner: {why}", "saved": "Nur aus einem gespeicherten Chat lässt sich die Cloud fragen. Senden Sie die Nachricht in einem, der nicht temporär ist.",
        "none": "Vor dieser Antwort steht keine Frage, die sich noch einmal stellen ließe.",
        "failed": "Die Cloud wurde nicht gefragt: Das Gateway antwortet nicht. Versuchen Sie es später.",
    },
    "fr": {
        "title": "Demander au cloud ?", "would": "Voici ce qui serait envoyé à {model}, le privé étant remplacé :",
        "price": "Cela coûte environ {least} à {most} $, selon la longueur de la réponse.",
        "unknown": "Son prix n'est pas connu.", "files": "Les fichiers joints et les connaissances ne sont pas envoyés.",
        "agree": "En acceptant, vous laissez aussi partir : {names}", "user": "Vous", "assistant": "Réponse",
        "message": "votre message", "tool": "ce qu'un outil a trouvé", "instructions": "les instructions",
        "asking": "{model} est interrogé", "stays": "Cela reste sur cette machine : {why}", "saved": "Seul un chat enregistré peut interroger le cloud. Renvoyez le message dans un chat qui n'est pas temporaire.",
        "none": "Aucune question ne précède cette réponse.",
        "failed": "Le cloud n'a pas été interrogé : la passerelle n'a pas répondu. Réessayez plus tard.",
    },
    "es": {
        "title": "¿Preguntar a la nube?", "would": "Esto se enviaría a {model}, con lo privado sustituido:",
        "price": "Cuesta entre {least} y {most} $, según lo larga que sea la respuesta.",
        "unknown": "No se conoce su precio.", "files": "Los archivos adjuntos y el conocimiento no se envían.",
        "agree": "Si acepta, también deja salir: {names}", "user": "Usted", "assistant": "Respuesta",
        "message": "su mensaje", "tool": "lo que encontró una herramienta", "instructions": "las instrucciones",
        "asking": "Preguntando a {model}", "stays": "Esto se queda en este equipo: {why}", "saved": "Solo un chat guardado puede preguntar a la nube. Envíe el mensaje en uno que no sea temporal.",
        "none": "No hay ninguna pregunta antes de esta respuesta.",
        "failed": "No se preguntó a la nube: la pasarela no responde. Inténtelo más tarde.",
    },
    "zh": {
        "title": "询问云端？", "would": "以下内容将发送给 {model}，隐私信息已被替换：",
        "price": "费用约 ${least} 至 ${most}，取决于回答长度。", "unknown": "价格未知。", "files": "附件和知识库不会一并发送。",
        "agree": "同意即表示您也允许发送：{names}", "user": "您", "assistant": "回答", "asking": "正在询问 {model}",
        "message": "您的消息", "tool": "工具返回的内容", "instructions": "系统指令",
        "stays": "此内容留在本机：{why}", "saved": "只有已保存的对话可以询问云端，请在非临时对话中重新发送。",
        "none": "此回答之前没有可再次提出的问题。", "failed": "未询问云端：网关没有响应，请稍后再试。",
    },
}  # fmt: skip


class Action:
    """Offers the conversation to the cloud, and sends it once where the person says yes."""

    class Valves(BaseModel):
        priority: int = Field(default=9, description="Order among the buttons; lower comes first.")
        seconds: float = Field(
            default=15.0, gt=0, le=60, description="How long the gateway may take to prepare the question."
        )
        answer_seconds: float = Field(
            default=300.0, gt=0, le=1800, description="How long the cloud's answer may take, from start to end."
        )

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
        """Ask the person, then the cloud. Nothing leaves before the person's yes."""
        user, metadata = __user__ or {}, {"chat_id": body.get("chat_id"), "message_id": body.get("id")}
        link = Link(__request__, user, metadata, self.valves.seconds)
        words = WORDS[await language(__event_call__, __request__, WORDS)]
        try:
            said = await asked_about(body)
            messages, lane = messages_before(body), lane_for(said)
            why_not = "" if said and messages else words["saved" if messages else "none"]
            offer = {} if why_not else await link.send("offer", {"messages": messages, "lane": lane})
            if offer and not offer["possible"]:
                why_not = words["stays"].format(why="; ".join(offer["reasons"]))
            if why_not:
                await tell(__event_emitter__, why_not)
                return
            if not __event_call__ or await __event_call__(question(offer, words)) is not True:
                return
            if offer.get("challenge"):
                await link.send("consent", {"challenge": offer["challenge"], "choice": "masked"})
            words = {**words, "model": offer["model"]}
            answer = Answer(link, body, said, words, __event_call__, self.valves.answer_seconds)
            await answer.get(messages, lane)
        except Exception:
            await tell(__event_emitter__, words["failed"], "error")
            return
        with contextlib.suppress(Exception):  # only what is learned from it is lost
            await link.send("feedback", {"signal": "asked_cloud"})


def messages_before(body: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the words of the chat up to the question that this answer answers, without attachments."""
    messages: list[dict[str, Any]] = []
    for message in body.get("messages") or []:
        if message.get("id") == body.get("id"):
            break
        content = message.get("content")
        if isinstance(content, list):
            content = "\n".join(part.get("text") or "" for part in content if part.get("type") == "text")
        if content and message.get("role") in ("user", "assistant", "system"):
            messages.append({"role": message["role"], "content": content})
    return messages if messages and messages[-1]["role"] == "user" else []


def lane_for(said: dict[str, Any]) -> str:
    """Return `cloud`, or `frontier` where the cloud answered already."""
    return "frontier" if (said.get("usage") or {}).get("location") == "cloud" else "cloud"


def named(ask: dict[str, Any], words: dict[str, str]) -> str:
    """What a person is asked about, by its name or what it is."""
    kind = str(ask.get("kind") or "")
    return str(ask.get("name") or words.get(kind, kind))


def question(offer: dict[str, Any], words: dict[str, str]) -> dict[str, Any]:
    """Return the dialog: what would be sent, where to, at what price."""
    roles = {"user": words["user"], "assistant": words["assistant"]}
    sent = "\n\n".join(f"{roles[one['role']]}: {one['content']}" for one in offer["messages"] if one["role"] in roles)
    sent = sent if len(sent) <= PREVIEW else f"…{sent[-PREVIEW:]}"
    lines = [words["would"].format(model=offer["model"]), price(offer, words), words["files"]]
    if asks := offer.get("asks"):
        lines.insert(1, words["agree"].format(names=", ".join(named(ask, words) for ask in asks)))
    first, *rest = (f"<p>{html.escape(line)}</p>" for line in lines)
    # Markdown leaves a block alone that begins a line with this tag, up to its end.
    message = f'{first}\n\n<pre style="{BOX}">{html.escape(sent)}</pre>\n\n{"".join(rest)}'
    return {"type": "confirmation", "data": {"title": words["title"], "message": message}}


def price(offer: dict[str, Any], words: dict[str, str]) -> str:
    """Say between which sums the price lies, to two significant digits."""
    if not offer.get("usd"):
        return words["unknown"]
    least, most = offer["usd"]
    return words["price"].format(least=dollars(least), most=dollars(most))


def dollars(usd: float) -> str:
    """Write a sum, below a dollar to two significant digits."""
    return f"{usd:.2f}" if usd >= 1 else f"{float(f'{usd:.2g}'):.7f}".rstrip("0").rstrip(".")


async def asked_about(body: dict[str, Any]) -> dict[str, Any]:
    """Return the answer under which the button stands, as it is stored; nothing in a temporary chat."""
    from open_webui.models.chats import Chats  # type: ignore[import-not-found, unused-ignore]

    found = await Chats.get_message_by_id_and_message_id(body.get("chat_id"), body.get("id"))
    return dict(found) if found and found.get("parentId") else {}


@dataclass
class Answer:
    """The cloud's answer: a message beside the one that is there, as one that was generated anew would be."""

    link: "Link"
    body: dict[str, Any]
    said: dict[str, Any]  # the answer that is there
    words: dict[str, str]
    caller: Any
    seconds: float
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    async def get(self, messages: list[dict[str, Any]], lane: str) -> None:
        """Put the message into the chat, fill it while the answer comes, and keep it."""
        from open_webui.socket.main import get_event_emitter  # type: ignore[import-not-found, unused-ignore]

        where = {"chat_id": self.body["chat_id"], "message_id": self.id, "session_id": self.body.get("session_id")}
        emit = await get_event_emitter({**where, "user_id": self.link.user["id"]})
        # Booked under the new message, since that is where it stands.
        link = Link(self.link.request, self.link.user, {**self.link.metadata, "message_id": self.id}, self.link.seconds)
        await self._keep({**self._head(), "content": "", "done": False})
        await emit({"type": "chat:reload"})
        # What is said of a message that the window does not know yet is never seen.
        await self._in_window(SHOWN % self.id)
        asking = self.words["asking"].format(model=self.words["model"])
        await emit({"type": "status", "data": {"description": asking, "done": False}})
        content, line, error = "", "", ""
        usage: dict[str, Any] = {}
        try:
            async for chunk in streamed(link, {"model": f"sluice.{lane}", "messages": messages}, self.seconds):
                if event := chunk.get("event"):
                    line = event["data"].get("description") or line
                    await emit(event)
                if piece := text_of(chunk):
                    content += piece
                    await emit({"type": "chat:message:delta", "data": {"content": piece}})
                usage = chunk.get("usage") or usage
                error = str((chunk.get("error") or {}).get("message") or error)
        finally:
            if isinstance(usage.get("cost"), int | float):
                priced = f"{line} · ${dollars(usage['cost'])}"
                await emit({"type": "status", "data": {"description": priced, "done": True}})
            ended = {"content": content, "done": True, **({"usage": usage} if usage else {})}
            if error or not content:
                ended["error"] = {"content": error or self.words["failed"]}
            await self._keep(ended)
            await emit({"type": "chat:completion", "data": ended})
            # When the action ends, the window saves the chat as it knows it: it must have read it all.
            await self._in_window("return true")

    async def _in_window(self, code: str) -> None:
        """Run this in the person's window and wait for its end; where no window is left, nothing waits for it."""
        with contextlib.suppress(Exception):
            async with asyncio.timeout(WINDOW_SECONDS):
                await self.caller({"type": "execute", "data": {"code": code}})

    def _head(self) -> dict[str, Any]:
        kept = {name: self.said[name] for name in ("parentId", "model", "modelName", "modelIdx") if name in self.said}
        return {"id": self.id, "childrenIds": [], "role": "assistant", "timestamp": int(time.time()), **kept}

    async def _keep(self, message: dict[str, Any]) -> None:
        from open_webui.models.chats import Chats  # type: ignore[import-not-found, unused-ignore]

        await Chats.upsert_message_to_chat_by_id_and_message_id(self.body["chat_id"], self.id, message)


async def streamed(link: "Link", call: dict[str, Any], seconds: float) -> AsyncIterator[dict[str, Any]]:
    """Yield the chunks of an answer; what the gateway says in place of one comes as an error chunk."""
    from open_webui.utils.headers import get_headers_and_cookies  # type: ignore[import-not-found, unused-ignore]

    _, url, key, config = (await link.gateways())[0]
    user = SimpleNamespace(**link.user)
    headers, _ = await get_headers_and_cookies(link.request, url, key, config, link.metadata, user)
    async with (
        asyncio.timeout(seconds),
        httpx.AsyncClient(trust_env=False, timeout=seconds) as client,
        client.stream("POST", f"{url}/chat/completions", json={**call, "stream": True}, headers=headers) as answer,
    ):
        if answer.status_code != 200:
            yield json.loads(await answer.aread())
            return
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                yield json.loads(line.removeprefix("data: "))


def text_of(chunk: dict[str, Any]) -> str:
    """Return what a chunk adds to the visible answer."""
    choices = chunk.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")


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
