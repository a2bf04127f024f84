"""
title: Models past the gateway
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: Refuses cloud models that Open WebUI is connected to without the gateway, since nothing guards what they read; or masks what they read and restores their answers, if you choose so. Switching this off lets such models read everything. What goes through the gateway is guarded by the gateway either way.
"""

# ruff: noqa: E501

import asyncio
import ipaddress
import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field

GATEWAY = "sluice."
HEADER = "X-Sluice-Chat"
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
PLACEHOLDER = re.compile(r"\\?\[\s?([^\W\d_]{1,24}(?:[-_][^\W\d_]{1,16})?)\\?_(\d{1,6})([a-z]?)\s?\\?\]", re.IGNORECASE)
LONGEST = 60  # characters of a placeholder
WORDS = {
    "en": {
        "direct": "{model} was not asked: it is connected past the gateway, where nothing guards what leaves. Pick another model, or ask an admin to connect it through the gateway.",
        "unguarded": "{model} was not asked: the guard cannot be reached, and nothing else guards what this model reads. Try again later, or pick another model.",
        "private": "{model} was not asked, because this may not leave: {found}. Pick a model on this machine, or remove that.",
    },
    "de": {
        "direct": "{model} wurde nicht gefragt: Es ist am Gateway vorbei verbunden, wo nichts bewacht, was hinausgeht. Wählen Sie ein anderes Modell, oder lassen Sie es durch das Gateway verbinden.",
        "unguarded": "{model} wurde nicht gefragt: Der Wächter ist nicht erreichbar, und nichts anderes bewacht, was dieses Modell liest. Versuchen Sie es später, oder wählen Sie ein anderes Modell.",
        "private": "{model} wurde nicht gefragt, weil dies nicht hinausgehen darf: {found}. Wählen Sie ein Modell auf diesem Rechner, oder entfernen Sie es.",
    },
    "fr": {
        "direct": "{model} n'a pas été interrogé : il est connecté hors de la passerelle, où rien ne surveille ce qui part. Choisissez un autre modèle ou faites-le connecter par la passerelle.",
        "unguarded": "{model} n'a pas été interrogé : le gardien est injoignable et rien d'autre ne surveille ce que lit ce modèle. Réessayez plus tard ou choisissez un autre modèle.",
        "private": "{model} n'a pas été interrogé, car ceci ne doit pas partir : {found}. Choisissez un modèle de cette machine ou retirez-le.",
    },
    "es": {
        "direct": "No se preguntó a {model}: está conectado fuera de la pasarela, donde nada vigila lo que sale. Elija otro modelo o pida que se conecte por la pasarela.",
        "unguarded": "No se preguntó a {model}: el guardián no responde y nada más vigila lo que lee este modelo. Inténtelo más tarde o elija otro modelo.",
        "private": "No se preguntó a {model}, porque esto no puede salir: {found}. Elija un modelo de este equipo o quítelo.",
    },
    "zh": {
        "direct": "未询问 {model}：它绕过网关连接，无人守护发出的内容。请选择其他模型，或请管理员通过网关连接它。",
        "unguarded": "未询问 {model}：无法联系守护程序，而此模型读取的内容没有其他保护。请稍后再试，或选择其他模型。",
        "private": "未询问 {model}，因为以下内容不得离开本机：{found}。请选择本机模型，或将其删除。",
    },
}  # fmt: skip


class NotSent(Exception):
    """Why a message goes to no model; Open WebUI shows the sentence in place of the answer."""


@dataclass
class Turn:
    """What was masked for one answer; it lives with Open WebUI's request, so that no two people share it."""

    originals: dict[str, Any] = field(default_factory=dict)  # masked message → as it was; None for what we added
    restoring: "Restoring | None" = None


class Filter:
    """Stands before each call to a model that the gateway does not see."""

    class Valves(BaseModel):
        priority: int = Field(default=100, description="Order among filters; lower runs first, and this one last.")
        seconds: float = Field(
            default=15.0, gt=0, le=60, description="How long masking may take; after that the model is not asked."
        )
        direct_models: Literal["refuse", "mask", "allow"] = Field(
            default="refuse",
            description="What happens to models past the gateway, unless Ollama runs them at a private address: refuse"
            " them, mask what they read as for a cloud model that a person chose, or allow them unguarded.",
        )
        accepted_models: str = Field(
            default="",
            description="Ids of models past the gateway that you know to run on your own machines, with commas between"
            " them. They are left alone.",
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
    ) -> dict[str, Any]:
        """Refuse, mask, or leave alone. Raises NotSent for what goes to no model."""
        model = called(body, __model__, __request__)
        link = Link(__request__, __user__ or {}, __metadata__ or {}, self.valves.seconds)
        accepted = {id.strip() for id in self.valves.accepted_models.split(",")}
        if self.valves.direct_models == "allow" or accepted & {model["id"], body.get("model")}:
            return body
        if await serves(link, model) or await runs_here(link, model):
            return body
        speech = language(__metadata__)
        words, name = WORDS.get(speech, WORDS["en"]), str(model.get("name") or model["id"])
        if self.valves.direct_models == "refuse":
            raise NotSent(words["direct"].format(model=name))
        return {**body, **await masked(link, turn_of(__request__, __metadata__), seen(body), words, name)}

    async def stream(
        self, event: dict[str, Any], __metadata__: dict[str, Any] | None = None, __request__: Any = None
    ) -> dict[str, Any]:
        """Put values back into an answer while it comes."""
        restoring = turn_of(__request__, __metadata__).restoring
        return restoring.event(event) if restoring else event

    async def outlet(
        self, body: dict[str, Any], __metadata__: dict[str, Any] | None = None, __request__: Any = None
    ) -> dict[str, Any]:
        """The same for an answer that came whole."""
        restoring = turn_of(__request__, __metadata__).restoring
        for message in body.get("messages") or []:
            if restoring and message.get("role") == "assistant" and message.get("id") == body.get("id"):
                message |= {key: restoring.whole(message[key]) for key in ("content", "output") if message.get(key)}
        return body


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


async def masked(link: Link, turn: Turn, call: dict[str, Any], words: dict[str, str], name: str) -> dict[str, Any]:
    """Return the fields of a body as a model past the gateway may read them. Raises NotSent where it may not."""
    # Later rounds bring back what was masked before, which must not be masked once more.
    known = [turn.originals.get(mark(message), message) for message in call["messages"]]
    originals = [message for message in known if message is not None]
    try:
        answer = await link.send("mask", {**call, "messages": originals, "model": name})
        if answer["action"] in ("allow", "mask"):
            messages = answer["messages"]
            added = len(messages) - len(originals)  # a note on placeholders
            turn.originals |= dict(zip(map(mark, messages), [*[None] * added, *originals], strict=True))
            turn.restoring = Restoring(answer["masked"], answer.get("network_tools") or [])
            return {"messages": messages, **({"tools": answer["tools"]} if answer.get("tools") else {})}
    except Exception:
        raise NotSent(words["unguarded"].format(model=name)) from None
    raise NotSent(words["private"].format(model=name, found=", ".join(answer.get("reasons") or ["?"])))


async def runs_here(link: Link, model: dict[str, Any]) -> bool:
    """Whether it is Ollama's, at private addresses only, and Ollama does not run it elsewhere."""
    known = (getattr(link.request.app.state, "OLLAMA_MODELS", None) or {}).get(model["id"])
    if not known or model.get("owned_by") != "ollama" or getattr(link.request.state, "direct", False):
        return False
    if known.get("remote_host") or known.get("remote_model") or model["id"].endswith("cloud"):
        return False
    from open_webui.models.config import Config  # type: ignore[import-not-found, unused-ignore]

    urls = (await Config.get_many("ollama.base_urls")).get("ollama.base_urls") or []
    return bool(known.get("urls")) and all(is_private(urls[number]) for number in known["urls"])


def is_private(url: str) -> bool:
    """Whether an address is this machine's or its network's, judged as it is written."""
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(LOCAL_ENDINGS))
    return address.is_private and not address.is_unspecified


class Restoring:
    """Puts values back into the pieces of one answer; what may begin a placeholder is held back until it is clear."""

    def __init__(self, entries: list[dict[str, str]], network_tools: list[str]) -> None:
        matches = [(PLACEHOLDER.fullmatch(entry["placeholder"]), entry["value"]) for entry in entries]
        self._values = {(match[2], match[3].lower()): value for match, value in matches if match}
        self._network_tools = network_tools
        self._held: dict[str, str] = {}
        self._before: dict[str, str] = {}
        self._tools: dict[int, str] = {}

    def event(self, event: dict[str, Any]) -> dict[str, Any]:
        """Restore one event of a stream, of either of OpenAI's interfaces."""
        if str(event.get("type") or "").startswith("response."):
            if isinstance(event.get("delta"), str):
                place = f"{event['type'].replace('.delta', '')}{event.get('output_index')}"
                return {**event, "delta": self.piece(place, event["delta"], is_json="arguments" in event["type"])}
            return {**event, **self.whole({key: value for key, value in event.items() if key != "type"})}
        for choice in event.get("choices") or []:
            choice["delta"] = choice.get("delta") or {}
            self._delta(choice["delta"], last=bool(choice.get("finish_reason")))
        return event

    def _delta(self, delta: dict[str, Any], *, last: bool) -> None:
        for key in ("content", "reasoning_content", "reasoning"):
            if isinstance(delta.get(key), str) or (last and self._held.get(key)):
                delta[key] = self.piece(key, delta.get(key) or "", last=last)
        for call in delta.get("tool_calls") or []:
            index, function = call.get("index", 0), call.get("function") or {}
            name = self._tools[index] = function.get("name") or self._tools.get(index, "")
            if isinstance(function.get("arguments"), str) and not self._reaches_out(name):
                function["arguments"] = self.piece(f"tool {index}", function["arguments"], is_json=True)
        rest = (
            {index: self.piece(f"tool {index}", "", is_json=True, last=True) for index in self._tools} if last else {}
        )
        if any(rest.values()):
            calls = [{"index": index, "function": {"arguments": text}} for index, text in rest.items() if text]
            delta["tool_calls"] = [*(delta.get("tool_calls") or []), *calls]

    def piece(self, place: str, text: str, *, is_json: bool = False, last: bool = False) -> str:
        """Return what can be shown of a text after this piece of it."""
        text = self._held.pop(place, "") + text
        opened = text.rfind("[", max(0, len(text) - LONGEST))
        if not last and opened >= 0 and "]" not in text[opened:]:
            opened -= text[:opened].endswith("\\")
            text, self._held[place] = text[:opened], text[opened:]
        elif not last and text.endswith("\\"):
            text, self._held[place] = text[:-1], "\\"
        before = self._before.get(place, "")
        self._before[place] = re.split(r"\s", before + text)[-1][-300:]
        return self._restored(text, is_json, before)

    def whole(self, value: Any) -> Any:
        """Restore every text within a value."""
        if isinstance(value, dict):
            if value.get("type") == "function_call" and self._reaches_out(str(value.get("name"))):
                return value
            return {
                key: self._restored(one, True) if key == "arguments" and isinstance(one, str) else self.whole(one)
                for key, one in value.items()
            }
        if isinstance(value, list):
            return [self.whole(one) for one in value]
        return self._restored(value, False) if isinstance(value, str) else value

    def _restored(self, text: str, is_json: bool, before: str = "") -> str:
        def value(match: re.Match[str]) -> str:
            known = self._values.get((match[2], match[3].lower()))
            # Nothing goes into an address, which may be opened by whoever the model names.
            if known is None or "//" in re.split(r"\s", (before + text[: match.start()])[-300:])[-1]:
                return match[0]
            return json.dumps(known, ensure_ascii=False)[1:-1] if is_json else known

        return PLACEHOLDER.sub(value, text)

    def _reaches_out(self, tool: str) -> bool:
        return any(fnmatchcase(tool.casefold(), pattern) for pattern in self._network_tools)


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
    turns = getattr(request.state, "sluice_masked", None)
    if turns is None:
        turns = request.state.sluice_masked = {}
    id = (metadata or {}).get("message_id")
    found: Turn = turns.setdefault(id, Turn())
    return found


def seen(body: dict[str, Any]) -> dict[str, Any]:
    """Return the parts of a body that the guard reads."""
    return {name: body[name] for name in ("messages", "tools", "sluice") if body.get(name)}


def mark(message: dict[str, Any]) -> str:
    """Return what tells a message from others, whatever fields are added to it."""
    return json.dumps([message.get(name) for name in ("role", "content", "tool_calls", "tool_call_id")])


def language(metadata: dict[str, Any] | None) -> str:
    """Return the two letters of the person's interface language."""
    variables = (metadata or {}).get("variables") or {}
    return str(variables.get("{{USER_LANGUAGE}}") or "en")[:2].lower()
