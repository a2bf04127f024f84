"""
title: Cost tracker
author: Sluice
version: 0.2.0
required_open_webui_version: 0.12.0
description: Shows one line after each answer with the model, whether it ran locally or in the cloud, its price, what it saved and what is left of the month's budget, and a warning before a message when a budget is nearly used up. It only shows, and reports answers of plain Ollama models, which the gateway does not see. The gateway keeps the books and the budgets, background tasks included, so switching this off hides the lines and changes nothing about what is spent.
"""

# ruff: noqa: E501

import asyncio
import ipaddress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Literal
from urllib.parse import urlsplit

import httpx
from pydantic import BaseModel, Field

GATEWAY = "sluice."
HEADER = "X-Sluice-Chat"
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")
# The gateway books an answer that was stopped when it notices, a moment later.
LOOKS, PAUSE = 8, 0.4
ENDING: "set[asyncio.Task[None]]" = set()  # what is being shown of stopped answers; else nobody would hold it
COUNTED = (
    "prompt_tokens",
    "completion_tokens",
    "input_tokens",
    "output_tokens",
    "total_duration",
    "prompt_eval_duration",
    "load_duration",
)
# One table for each language: a function is a single file. The console's page has one file for each.
WORDS = {
    "en": {
        "local": "Local", "cloud": "Cloud", "private": "private", "free": "free", "unknown": "price unknown", "in": "in", "out": "out",
        "saved": "saved {amount}", "day": "today {spent}", "week": "week {spent}", "month": "month {spent}", "of": "{spent} of {limit}",
        "tasks": "tasks {amount}", "stopped": "stopped",
        "near": "{whose} budget is nearly used up{figures}; it renews on {renews}.", "then": " Once it is, chats go on with local models.",
        "over": "{whose} budget is used up{figures}; it renews on {renews}.", "now": " Until then, chats go on with local models.",
        "user": "Your", "group": "Your group's", "team": "The team's", "model": "This model's",
    },
    "de": {
        "local": "Lokal", "cloud": "Cloud", "private": "privat", "free": "kostenlos", "unknown": "Preis unbekannt", "in": "ein", "out": "aus",
        "saved": "{amount} gespart", "day": "heute {spent}", "week": "Woche {spent}", "month": "Monat {spent}", "of": "{spent} von {limit}",
        "tasks": "Aufgaben {amount}", "stopped": "angehalten",
        "near": "{whose} Budget ist fast verbraucht{figures}; es erneuert sich am {renews}.", "then": " Danach geht es mit lokalen Modellen weiter.",
        "over": "{whose} Budget ist verbraucht{figures}; es erneuert sich am {renews}.", "now": " Bis dahin geht es mit lokalen Modellen weiter.",
        "user": "Ihr", "group": "Das Gruppen-", "team": "Das Team-", "model": "Das Modell-",
    },
    "fr": {
        "local": "Local", "cloud": "Cloud", "private": "privé", "free": "gratuit", "unknown": "prix inconnu", "in": "entrée", "out": "sortie",
        "saved": "{amount} économisés", "day": "aujourd'hui {spent}", "week": "semaine {spent}", "month": "mois {spent}", "of": "{spent} sur {limit}",
        "tasks": "tâches {amount}", "stopped": "arrêté",
        "near": "{whose} est presque épuisé{figures} ; il est renouvelé le {renews}.", "then": " Ensuite, les modèles locaux prennent le relais.",
        "over": "{whose} est épuisé{figures} ; il est renouvelé le {renews}.", "now": " D'ici là, les modèles locaux prennent le relais.",
        "user": "Votre budget", "group": "Le budget de votre groupe", "team": "Le budget de l'équipe", "model": "Le budget de ce modèle",
    },
    "es": {
        "local": "Local", "cloud": "Nube", "private": "privado", "free": "gratis", "unknown": "precio desconocido", "in": "entrada", "out": "salida",
        "saved": "{amount} ahorrados", "day": "hoy {spent}", "week": "semana {spent}", "month": "mes {spent}", "of": "{spent} de {limit}",
        "tasks": "tareas {amount}", "stopped": "detenido",
        "near": "{whose} está casi agotado{figures}; se renueva el {renews}.", "then": " Después seguirá con modelos locales.",
        "over": "{whose} está agotado{figures}; se renueva el {renews}.", "now": " Hasta entonces seguirá con modelos locales.",
        "user": "Su presupuesto", "group": "El presupuesto de su grupo", "team": "El presupuesto del equipo", "model": "El presupuesto de este modelo",
    },
    "zh": {
        "local": "本地", "cloud": "云端", "private": "私密", "free": "免费", "unknown": "价格未知", "in": "输入", "out": "输出",
        "saved": "节省 {amount}", "day": "今日 {spent}", "week": "本周 {spent}", "month": "本月 {spent}", "of": "{spent} / {limit}",
        "tasks": "任务 {amount}", "stopped": "已停止",
        "near": "{whose}预算即将用完{figures}，{renews} 重置。", "then": "用完后将改用本地模型。",
        "over": "{whose}预算已用完{figures}，{renews} 重置。", "now": "在此之前改用本地模型。",
        "user": "您的", "group": "您群组的", "team": "团队的", "model": "此模型的",
    },
}  # fmt: skip
# Separators of thousands and of decimals.
NUMBERS = {"en": (",", "."), "zh": (",", "."), "de": (".", ","), "es": (".", ","), "fr": ("\u202f", ",")}


class Filter:
    """Reads the usage that came with an answer, and asks the gateway for what it does not say; keeps no state."""

    class Valves(BaseModel):
        priority: int = Field(default=20, description="Order among filters; lower runs first.")
        seconds: float = Field(
            default=2.0,
            gt=0,
            le=30,
            description="How long a message may wait for a warning about budgets before it goes on without.",
        )

    class UserValves(BaseModel):
        show: Literal["off", "short", "full"] = Field(
            default="short",
            description="The line after each answer: off, short, or full with the month, background tasks, lane and reasons.",
        )

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
        """Warn once when a budget is nearly used up, and be there should the answer be stopped."""
        if __event_emitter__ is None or shows(__user__, self.UserValves()) == "off":
            return body
        if not called(body, __model__, __request__)["id"].startswith(GATEWAY):
            return body
        link, speech = Link(__request__, __user__ or {}, __metadata__ or {}, self.valves.seconds), spoken(__metadata__)
        await warn(link, speech, __event_emitter__)
        watch(link, speech, __event_emitter__)
        return body

    async def outlet(
        self,
        body: dict[str, Any],
        __user__: dict[str, Any] | None = None,
        __model__: dict[str, Any] | None = None,
        __metadata__: dict[str, Any] | None = None,
        __request__: Any = None,
        __event_emitter__: Any = None,
    ) -> dict[str, Any]:
        """Show the line for the answer just given; the messages stay as they are."""
        usage = usage_of(body)
        if usage and usage.get("location") not in ("local", "cloud"):
            link = Link(__request__, __user__ or {}, __metadata__ or {}, self.valves.seconds)
            usage = await booked(link, called(body, __model__, __request__), usage)
        choice = shows(__user__, self.UserValves())
        line = describe(usage, spoken(__metadata__), full=choice == "full") if usage else ""
        if line and __event_emitter__ is not None and choice != "off":
            await __event_emitter__({"type": "status", "data": {"description": line, "done": True}})
        return body


def shows(user: dict[str, Any] | None, otherwise: Any) -> str:
    """Return which line the person chose."""
    return str(((user or {}).get("valves") or otherwise).show)


async def warn(link: "Link", speech: str, emitter: Any) -> None:
    """Tell of budgets that are nearly used up, each once in its period; the gateway remembers whom it told."""
    try:
        lines = [warning(one, speech) for one in (await link.send("usage/warnings", {}))["warnings"]]
    except Exception:
        return  # a message goes on without its warning
    for line in lines:
        await tell(emitter, line, "warning")


def warning(standing: dict[str, Any], speech: str) -> str:
    """Say how a budget stands."""
    words, money = WORDS[speech], standing.get("currency")
    spent, limit = standing.get("spent"), standing.get("limit")
    # What others spend as well comes without figures.
    figures = (
        f": {words['of'].format(spent=amount(spent, speech, money), limit=amount(limit, speech, money, whole=True))}"
        if limit
        else ""
    )
    whose, state = (
        words.get(standing["scope"], words["team"]),
        ("over", "now") if standing.get("used_up") else ("near", "then"),
    )
    told = words[state[0]].format(whose=whose, figures=figures, renews=standing["renews"])
    return told + (words[state[1]] if standing.get("hard") else "")


def watch(link: "Link", speech: str, emitter: Any) -> None:
    """Show what a stopped answer took, which neither usage nor outlet tells: they end with it."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def ended(answer: "asyncio.Task[Any]") -> None:
        if answer.cancelled() and not loop.is_closed():
            work = loop.create_task(account(link, speech, emitter))
            ENDING.add(work)
            work.add_done_callback(ENDING.discard)

    if task is not None:
        task.add_done_callback(ended)


async def account(link: "Link", speech: str, emitter: Any) -> None:
    """Write the line and the usage of a stopped answer, once the gateway has booked it."""
    usage: dict[str, Any] = {}
    try:
        for _ in range(LOOKS):
            usage = (await link.send("usage/message"))["usage"]
            if usage:
                break
            await asyncio.sleep(PAUSE)
        if not usage:
            return
        await keep(link.metadata, usage)
        line = describe({**usage, "note": WORDS[speech]["stopped"]}, speech)
        await emitter({"type": "status", "data": {"description": line, "done": True}})
        await emitter({"type": "chat:completion", "data": {"usage": usage}})
    except Exception:
        return  # the figures are a comfort; they are in the ledger all the same


async def keep(metadata: dict[str, Any], usage: dict[str, Any]) -> None:
    """Store the usage with the message, as Open WebUI does for an answer that came to its end."""
    from open_webui.models.chats import Chats  # type: ignore[import-not-found, unused-ignore]

    chat, message = str(metadata.get("chat_id") or ""), metadata.get("message_id")
    if message and chat and ":" not in chat:
        await Chats.upsert_message_to_chat_by_id_and_message_id(chat, message, {"usage": usage})


async def booked(link: "Link", model: dict[str, Any], usage: dict[str, Any]) -> dict[str, Any]:
    """Have the gateway book an answer of a plain Ollama model, once, and return the usage with its place and saving."""
    try:
        if model["id"].startswith(GATEWAY) or not await runs_here(link, model):
            return usage
        counted = {name: usage[name] for name in COUNTED if isinstance(usage.get(name), int)}
        return {**usage, **(await link.send("usage/local", {"model": model["id"], "usage": counted}))["usage"]}
    except Exception:
        return usage


def usage_of(body: dict[str, Any]) -> dict[str, Any]:
    """Return the usage of the answer that this call ended with."""
    answers = [message for message in body.get("messages") or [] if message.get("role") == "assistant"]
    named = [message for message in answers if message.get("id") == body.get("id")]
    usage = (named or answers or [{}])[-1].get("usage")
    return usage if isinstance(usage, dict) else {}


def describe(usage: dict[str, Any], speech: str, full: bool = False) -> str:
    """Say where the answer came from, what it took, cost and saved; parts that are not known are left out."""
    words, money = WORDS[speech], usage.get("currency")
    # Over tool rounds Open WebUI sums these two, while prompt_tokens and completion_tokens keep the last round.
    sent = usage.get("input_tokens", usage.get("prompt_tokens"))
    received = usage.get("output_tokens", usage.get("completion_tokens"))
    # It begins like the line that the gateway showed while the answer came, since it takes that line's place.
    note = str(usage.get("note") or "")
    parts = [words.get(str(usage.get("location")), ""), str(usage.get("model") or ""), words.get(note, note)]
    if isinstance(sent, int) and isinstance(received, int):
        parts.append(f"{number(sent, speech)} {words['in']} / {number(received, speech)} {words['out']}")
    parts.append(price(usage, speech))
    saved = usage.get("saved")
    if is_number(saved) and saved > 0:
        parts.append(words["saved"].format(amount=amount(saved, speech, money)))
    if full or (usage.get("location") == "cloud"):
        parts.append(standing(usage, speech))
    if full:
        parts += [
            tasks(usage, speech),
            str(usage.get("lane") or ""),
            *(str(reason) for reason in usage.get("reasons") or []),
        ]
    return " · ".join(part for part in parts if part)


def price(usage: dict[str, Any], speech: str) -> str:
    """Return the price; only the gateway knows one."""
    if usage.get("location") not in ("local", "cloud"):
        return ""
    cost = usage.get("cost")
    if not is_number(cost):
        return WORDS[speech]["unknown"]
    return amount(cost, speech, usage.get("currency")) if cost else WORDS[speech]["free"]


def standing(usage: dict[str, Any], speech: str) -> str:
    """Return what was spent of the tightest budget, else in this month."""
    words, money, budget = WORDS[speech], usage.get("currency"), usage.get("budget")
    if isinstance(budget, dict) and budget.get("period") in ("day", "week", "month"):
        spent, limit = amount(budget["spent"], speech, money), amount(budget["limit"], speech, money, whole=True)
        return words[budget["period"]].format(spent=words["of"].format(spent=spent, limit=limit))
    month = usage.get("month")
    return words["month"].format(spent=amount(month, speech, money)) if is_number(month) else ""


def tasks(usage: dict[str, Any], speech: str) -> str:
    """Return what titles, tags and the like of this chat cost so far, apart from its answers."""
    cost = usage.get("tasks_cost")
    if not is_number(cost):
        return ""
    shown = amount(cost, speech, usage.get("currency")) if cost else WORDS[speech]["free"]
    return WORDS[speech]["tasks"].format(amount=shown)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def amount(usd: float, speech: str, currency: Any = None, whole: bool = False) -> str:
    """Write an amount of US dollars in the currency of the deployment, with two digits that mean something."""
    code, rate = (currency or {}).get("code", "USD"), (currency or {}).get("per_usd", 1)
    value = usd * rate
    digits = 0 if whole and value == int(value) else 2 if value >= 1 or value == 0 else 4 if value >= 0.001 else 6
    shown = number(value, speech, digits)
    return f"${shown}" if code == "USD" else f"{shown} {code}"


def number(value: float, speech: str, digits: int = 0) -> str:
    """Write a number as the language does."""
    thousands, decimals = NUMBERS[speech]
    return f"{value:,.{digits}f}".translate({ord(","): thousands, ord("."): decimals})


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


def spoken(metadata: dict[str, Any] | None) -> str:
    """Return the person's language, or English where we do not speak it."""
    code = language(metadata)
    return code if code in WORDS else "en"


def language(metadata: dict[str, Any] | None) -> str:
    """Return the two letters of the person's interface language."""
    variables = (metadata or {}).get("variables") or {}
    return str(variables.get("{{USER_LANGUAGE}}") or "en")[:2].lower()


async def tell(emitter: Any, line: str, kind: str = "info") -> None:
    """Show a line that goes away by itself and is stored nowhere."""
    if emitter and line:
        await emitter({"type": "notification", "data": {"type": kind, "content": line}})
