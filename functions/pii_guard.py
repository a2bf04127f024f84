"""
title: Privacy guard
author: Sluice
version: 0.2.0
required_open_webui_version: 0.12.0
description: Says, before a message is sent, what private matter was found in it and what happens to it, and asks before an attached file, or a message in which more may be personal than was recognised, leaves. The gateway guards every call by itself, background tasks included. Switching this off hides the line, and such files and messages then stay on this machine unasked; nothing more may leave.
"""

# ruff: noqa: E501

import asyncio
import html
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, Literal

import httpx
from pydantic import BaseModel, Field

GATEWAY = "sluice."
PRIVATE_LANE = "sluice.local"
HEADER = "X-Sluice-Chat"
PREVIEW = 1500  # characters
BOX = "white-space:pre-wrap;max-height:35vh;overflow:auto;margin-top:.5rem;padding:.5rem .75rem;border-radius:.5rem;background:#8881"
CLASSES = {
    "en": {
        "secret": "secret", "personal": "personal", "financial": "financial", "medical": "medical", "legal": "legal",
        "source_code": "source code", "confidential": "confidential", "doubtful": "doubtful",
        "document": "document",
    },
    "de": {
        "secret": "Geheimnis", "personal": "persönlich", "financial": "finanziell", "medical": "medizinisch",
        "legal": "rechtlich", "source_code": "Quelltext", "confidential": "vertraulich", "doubtful": "unklar",
        "document": "Dokument",
    },
    "fr": {
        "secret": "secret", "personal": "personnel", "financial": "financier", "medical": "médical",
        "legal": "juridique", "source_code": "code source", "confidential": "confidentiel", "doubtful": "douteux",
        "document": "document",
    },
    "es": {
        "secret": "secreto", "personal": "personal", "financial": "financiero", "medical": "médico", "legal": "legal",
        "source_code": "código fuente", "confidential": "confidencial", "doubtful": "dudoso", "document": "documento",
    },
    "zh": {
        "secret": "密钥", "personal": "个人信息", "financial": "财务", "medical": "医疗", "legal": "法律", "source_code": "源代码",
        "confidential": "机密", "doubtful": "存疑", "document": "文档",
    },
}  # fmt: skip
# What happens: the gateway's actions, with `may_mask` where the router decides whether the call leaves at all, and
# what came of a question.
ACTIONS = {
    "en": {
        "allow": "may leave this machine", "mask": "leaves masked", "may_mask": "masked if it leaves this machine",
        "ask": "stays on this machine until you agree", "local": "stays on this machine", "block": "is not sent",
        "agreed": "leaves masked, as you agreed", "kept": "stays on this machine, as you chose",
        "silent": "nobody answered, so it stays on this machine",
    },
    "de": {
        "allow": "darf diesen Rechner verlassen", "mask": "geht maskiert hinaus",
        "may_mask": "wird maskiert, falls es diesen Rechner verlässt",
        "ask": "bleibt auf diesem Rechner, bis Sie zustimmen", "local": "bleibt auf diesem Rechner",
        "block": "wird nicht gesendet", "agreed": "geht mit Ihrer Zustimmung maskiert hinaus",
        "kept": "bleibt auf Ihren Wunsch auf diesem Rechner",
        "silent": "keine Antwort, daher bleibt es auf diesem Rechner",
    },
    "fr": {
        "allow": "peut quitter cette machine", "mask": "part masqué", "may_mask": "masqué s'il quitte cette machine",
        "ask": "reste sur cette machine sans votre accord", "local": "reste sur cette machine",
        "block": "n'est pas envoyé", "agreed": "part masqué, avec votre accord",
        "kept": "reste sur cette machine, à votre demande", "silent": "sans réponse, cela reste sur cette machine",
    },
    "es": {
        "allow": "puede salir de este equipo", "mask": "sale enmascarado",
        "may_mask": "se enmascara si sale de este equipo", "ask": "se queda en este equipo hasta que lo acepte",
        "local": "se queda en este equipo", "block": "no se envía", "agreed": "sale enmascarado, como aceptó",
        "kept": "se queda en este equipo, como eligió", "silent": "sin respuesta, se queda en este equipo",
    },
    "zh": {
        "allow": "可以离开本机", "mask": "遮蔽后发送", "may_mask": "若离开本机则先遮蔽", "ask": "未经您同意则留在本机", "local": "留在本机",
        "block": "不会发送", "agreed": "经您同意，遮蔽后发送", "kept": "按您的选择留在本机", "silent": "未收到答复，留在本机",
    },
}  # fmt: skip
DOUBTED = ("message", "tool", "instructions")  # what is asked about, beside attachments
WORDS = {
    "en": {
        "found": "Found", "title": "Send this to the cloud?", "files": "The cloud model that you chose would read:",
        "unnamed": "an attachment", "message": "your message", "tool": "what a tool found",
        "instructions": "the instructions",
        "doubt": "It is about people, and more of it may be personal than was recognised: please look it over.",
        "preview": "This is what would leave, with what was found replaced:",
        "masked": "Send it masked", "local": "Keep it on this machine",
        "cancelled": "You cancelled, so this was not sent to any model. Send it again to choose anew.",
    },
    "de": {
        "found": "Gefunden", "title": "An die Cloud senden?", "files": "Das gewählte Cloud-Modell würde lesen:",
        "unnamed": "ein Anhang", "message": "Ihre Nachricht", "tool": "was ein Werkzeug fand",
        "instructions": "die Anweisungen",
        "doubt": "Es geht um Personen, und vielleicht wurde nicht alles Persönliche erkannt: Bitte sehen Sie es durch.",
        "preview": "Das würde hinausgehen; Gefundenes ist ersetzt:",
        "masked": "Maskiert senden",
        "local": "Auf diesem Rechner behalten",
        "cancelled": "Sie haben abgebrochen, daher ging nichts an ein Modell. Senden Sie erneut, um neu zu wählen.",
    },
    "fr": {
        "found": "Trouvé", "title": "Envoyer ceci au cloud ?", "files": "Le modèle cloud choisi lirait :",
        "unnamed": "une pièce jointe", "message": "votre message", "tool": "ce qu'un outil a trouvé",
        "instructions": "les instructions",
        "doubt": "Il y est question de personnes, et tout n'a peut-être pas été reconnu : veuillez vérifier.",
        "preview": "Voici ce qui partirait, ce qui a été trouvé étant remplacé :",
        "masked": "Envoyer masqué", "local": "Garder sur cette machine",
        "cancelled": "Vous avez annulé : rien n'a été envoyé. Renvoyez le message pour choisir à nouveau.",
    },
    "es": {
        "found": "Encontrado", "title": "¿Enviar esto a la nube?", "files": "El modelo en la nube elegido leería:",
        "unnamed": "un adjunto", "message": "su mensaje", "tool": "lo que encontró una herramienta",
        "instructions": "las instrucciones",
        "doubt": "Trata de personas, y quizá no se reconoció todo lo personal: revíselo, por favor.",
        "preview": "Esto es lo que saldría, con lo encontrado sustituido:",
        "masked": "Enviar enmascarado", "local": "Dejar en este equipo",
        "cancelled": "Lo canceló, así que no se envió nada. Envíelo de nuevo para volver a elegir.",
    },
    "zh": {
        "found": "发现", "title": "发送到云端？", "files": "您选择的云端模型将读取：", "unnamed": "一个附件", "message": "您的消息",
        "tool": "工具返回的内容", "instructions": "系统指令", "doubt": "内容涉及个人，可能有未识别的个人信息，请先查看。",
        "preview": "将要发送的内容如下，发现的信息已被替换：",
        "masked": "遮蔽后发送", "local": "留在本机", "cancelled": "您已取消，未向任何模型发送。重新发送即可再次选择。",
    },
}  # fmt: skip


class NotSent(Exception):
    """Why a message goes to no model; Open WebUI shows the sentence in place of the answer."""


@dataclass
class Turn:
    """What is known of one answer while it is being made; it lives with Open WebUI's request."""

    lock: asyncio.Lock  # shared by answers that are made side by side: one dialog at a time
    said: str = ""
    asked: set[str] = field(default_factory=set)


class Filter:
    """Runs before each call to a model, after retrieval and before each round of tools."""

    class Valves(BaseModel):
        priority: int = Field(default=10, description="Order among filters; lower runs first.")
        seconds: float = Field(
            default=5.0,
            gt=0,
            le=30,
            description="How long a message may wait for the guard's answer; after that it goes on without the line"
            " and the question, and the gateway decides.",
        )
        answer_seconds: float = Field(
            default=240,
            ge=10,
            le=840,
            description="How long the question waits for an answer; after that what was asked about stays local.",
        )

    class UserValves(BaseModel):
        show: Literal["on", "off"] = Field(default="on", description="Whether to show what was found.")
        strict: Literal["off", "on"] = Field(
            default="off",
            description="On: what would leave masked, or only after you agreed, stays on this machine, unasked.",
        )

    def __init__(self) -> None:
        self.valves = self.Valves()

    async def request(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __model__: dict[str, Any] | None = None,
        __metadata__: dict[str, Any] | None = None,
        __request__: Any = None,
        __event_emitter__: Any = None,
        __event_call__: Any = None,
    ) -> dict[str, Any]:
        """Show the line, and ask where policy says so. Raises NotSent where the person cancels."""
        choice = (__user__ or {}).get("valves") or self.UserValves()
        if choice.strict == "on":
            body["sluice"] = {**(body.get("sluice") or {}), "strict": True}
        model = called(body, __model__, __request__)
        link = Link(__request__, __user__ or {}, __metadata__ or {}, self.valves.seconds)
        emitter = __event_emitter__ if choice.show == "on" else None
        if not (emitter or __event_call__) or model["id"] == PRIVATE_LANE or not await serves(link, model):
            return body
        turn = turn_of(__request__, __metadata__)
        screen = Screen(turn, language(__metadata__), emitter, __event_call__, self.valves.answer_seconds)
        await look(link, screen, {**seen(body), "model": model["id"]})
        return body


@dataclass
class Screen:
    """What the person sees and answers, in their language."""

    turn: Turn
    speech: str
    emitter: Any
    caller: Any
    seconds: float

    def __post_init__(self) -> None:
        self.speech = self.speech if self.speech in WORDS else "en"
        self.words = WORDS[self.speech]

    async def say(self, verdict: dict[str, Any], action: str) -> None:
        """Show what was found and what happens, once for each answer."""
        line = describe(verdict, action, self.speech)
        if line and line != self.turn.said and self.emitter:
            self.turn.said = line
            await self.emitter({"type": "status", "data": {"description": line, "done": True}})

    async def ask(self, verdict: dict[str, Any]) -> str:
        """Return `masked` or `local`, or nothing where nobody answers. Raises NotSent where the person cancels."""
        doubted = any(ask.get("kind") in DOUBTED for ask in verdict["asks"])
        names = [html.escape(self._named(ask)) for ask in verdict["asks"]]
        doubt = f"<p>{self.words['doubt']}</p>" if doubted else ""
        preview = str(verdict.get("preview") or "")
        shown = html.escape(preview if len(preview) <= PREVIEW else f"{preview[:PREVIEW]}…")
        # Markdown leaves a block alone that begins a line with this tag, up to its end.
        box = f'\n\n<p>{self.words["preview"]}</p>\n\n<pre style="{BOX}">{shown}</pre>' if shown else ""
        options = [{"value": choice, "label": self.words[choice]} for choice in ("local", "masked")]
        data = {
            "title": self.words["title"],
            "message": f"<p>{self.words['files']} <b>{', '.join(dict.fromkeys(names))}</b></p>{doubt}{box}",
            "input": {"type": "select", "options": options},
            "value": "local",
        }
        try:
            async with asyncio.timeout(self.seconds):
                answer = await self.caller({"type": "input", "data": data})
        except TimeoutError:
            return ""
        if answer is False:
            raise NotSent(self.words["cancelled"])
        return answer if answer in ("masked", "local") else ""

    def _named(self, ask: dict[str, Any]) -> str:
        kind = ask.get("kind")
        return str(ask.get("name") or self.words[kind if kind in DOUBTED else "unnamed"])


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


async def serves(link: Link, model: dict[str, Any]) -> bool:
    """Whether the gateway offers this model; another server may offer one of the same name."""
    if not model["id"].startswith(GATEWAY) or getattr(link.request.state, "direct", False):
        return False
    known = getattr(link.request.app.state, "OPENAI_MODELS", None) or {}
    number = (known.get(model["id"]) or {}).get("urlIdx")
    try:
        ours = [one[0] for one in await link.gateways()]
    except Exception:
        # Without its settings Open WebUI calls nobody. This must not stop what the gateway guards by itself.
        return True
    return number in ours if number is not None else bool(ours)


async def look(link: Link, screen: Screen, call: dict[str, Any]) -> None:
    """Say what happens to a call, and ask where policy does. Raises NotSent where the person cancels."""
    try:
        verdict = await link.send("inspect", call)
        if verdict["action"] != "ask":
            may = verdict["action"] == "mask" and verdict.get("target") == "auto"
            await screen.say(verdict, "may_mask" if may else verdict["action"])
            return
        async with screen.turn.lock:
            verdict = await link.send("inspect", call)  # what another answer's question settled is not asked again
            await screen.say(verdict, await answered(link, screen, verdict))
    except NotSent:
        raise
    except Exception:
        # The line is a comfort: the gateway judges the call itself, so without an answer the message goes on.
        return


async def answered(link: Link, screen: Screen, verdict: dict[str, Any]) -> str:
    """Return what happens once the person has answered, and tell the gateway."""
    ids = {ask["id"] for ask in verdict["asks"]}
    if verdict["action"] != "ask" or not screen.caller or not verdict.get("challenge"):
        return str(verdict["action"])
    if ids <= screen.turn.asked:
        return "silent"
    screen.turn.asked |= ids
    choice = await screen.ask(verdict)
    if choice:
        await link.send("consent", {"challenge": verdict["challenge"], "choice": choice})
    return {"masked": "agreed", "local": "kept"}.get(choice, "silent")


def called(body: dict[str, Any], model: dict[str, Any] | None, request: Any) -> dict[str, Any]:
    """Return the model that will be called, beneath all presets."""
    models = getattr(getattr(getattr(request, "app", None), "state", None), "MODELS", None) or {}
    id = body.get("model") or (model or {}).get("id") or ""
    found: dict[str, Any] = (model if model and model.get("id") == id else models.get(id)) or {"id": id}
    for _ in range(8):
        below = (found.get("info") or {}).get("base_model_id")
        if not below:
            break
        found = models.get(below) or {"id": below}
    return {**found, "id": str(found.get("id") or "")}


def turn_of(request: Any, metadata: dict[str, Any] | None) -> Turn:
    """Return what is known of the answer that this request makes for this message."""
    turns = getattr(request.state, "sluice_turns", None)
    if turns is None:
        turns = request.state.sluice_turns = {}
    id = (metadata or {}).get("message_id")
    if id not in turns:
        turns[id] = Turn(lock=next((turn.lock for turn in turns.values()), None) or asyncio.Lock())
    found: Turn = turns[id]
    return found


def seen(body: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a body that the guard reads."""
    return {name: body[name] for name in ("messages", "tools", "sluice") if body.get(name)}


def describe(verdict: dict[str, Any], action: str, speech: str) -> str:
    """Say how many findings of which class there are, and what happens; empty when nothing was found."""
    counts = Counter(dict(verdict.get("counts") or {}))
    if action in ("mask", "may_mask", "agreed"):
        counts += Counter(dict(verdict.get("weak") or {}))
    found = ", ".join(f"{count} × {CLASSES[speech].get(name, name)}" for name, count in counts.most_common())
    return f"{WORDS[speech]['found']}: {found} · {ACTIONS[speech].get(action, action)}" if found else ""


def language(metadata: dict[str, Any] | None) -> str:
    """Return the two letters of the person's interface language."""
    variables = (metadata or {}).get("variables") or {}
    return str(variables.get("{{USER_LANGUAGE}}") or "en")[:2].lower()
