"""
title: Costs
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: A button under an answer that shows what this chat cost and saved so far, and what you spent today and this month, with background tasks apart. Only you see it, and nothing of it is added to the chat. Switching this off hides the button and changes nothing about what is counted.
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
    "PSIjNjY2IiBzdHJva2Utd2lkdGg9IjEuOCIgc3Ryb2tlLWxpbmVjYXA9InJvdW5kIiBzdHJva2UtbGluZWpvaW49InJvdW5kIj48Y2ly"
    "Y2xlIGN4PSIxMiIgY3k9IjEyIiByPSI5Ii8+PHBhdGggZD0iTTEyIDd2MTBNMTQuOCA5LjJjLS42LS44LTEuNi0xLjItMi44LTEuMi0x"
    "LjcwMCAwLTMgLjgtMyAyczEuMzAwIDEuNzAwIDMgMiAzIC44IDMgMi0xLjMwMCAyLTMgMmMtMS4yMDAgMC0yLjIwMC0uNC0yLjgwMC0x"
    "LjIwMCIvPjwvc3ZnPg=="
)
CELL = "padding:0.2rem 1.2rem 0.2rem 0;text-align:left;vertical-align:top"
FIGURE = "padding:0.2rem 0 0.2rem 1.2rem;text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums"
WORDS = {
    "en": {
        "title": "Costs", "answers": "This chat, answers", "tasks": "This chat, titles and other tasks", "today": "You, today", "month": "You, this month",
        "spent": "Spent", "saved": "Saved", "calls": "Calls", "unknown": "price unknown",
        "budget": "Your budget for this {period}: {spent} of {limit}, renews on {renews}.", "day": "day", "week": "week",
        "period_month": "month", "baseline": "Saved is what {model} would have cost for the same tokens.", "more": "All figures",
        "failed": "The costs cannot be shown now. Try again later.",
    },
    "de": {
        "title": "Kosten", "answers": "Dieser Chat, Antworten", "tasks": "Dieser Chat, Titel und andere Aufgaben", "today": "Sie, heute", "month": "Sie, diesen Monat",
        "spent": "Ausgegeben", "saved": "Gespart", "calls": "Anfragen", "unknown": "Preis unbekannt",
        "budget": "Ihr Budget ({period}): {spent} von {limit}, erneuert sich am {renews}.", "day": "Tag", "week": "Woche",
        "period_month": "Monat", "baseline": "Gespart ist, was {model} für dieselben Tokens gekostet hätte.", "more": "Alle Zahlen",
        "failed": "Die Kosten lassen sich gerade nicht zeigen. Versuchen Sie es später.",
    },
    "fr": {
        "title": "Coûts", "answers": "Ce chat, réponses", "tasks": "Ce chat, titres et autres tâches", "today": "Vous, aujourd'hui", "month": "Vous, ce mois-ci",
        "spent": "Dépensé", "saved": "Économisé", "calls": "Appels", "unknown": "prix inconnu",
        "budget": "Votre budget ({period}) : {spent} sur {limit}, renouvelé le {renews}.", "day": "jour", "week": "semaine",
        "period_month": "mois", "baseline": "Économie : ce que {model} aurait coûté pour les mêmes jetons.", "more": "Tous les chiffres",
        "failed": "Les coûts ne peuvent être affichés maintenant. Réessayez plus tard.",
    },
    "es": {
        "title": "Costes", "answers": "Este chat, respuestas", "tasks": "Este chat, títulos y otras tareas", "today": "Usted, hoy", "month": "Usted, este mes",
        "spent": "Gastado", "saved": "Ahorrado", "calls": "Consultas", "unknown": "precio desconocido",
        "budget": "Su presupuesto ({period}): {spent} de {limit}, se renueva el {renews}.", "day": "día", "week": "semana",
        "period_month": "mes", "baseline": "Lo ahorrado es lo que {model} habría costado por los mismos tokens.", "more": "Todas las cifras",
        "failed": "Ahora no se pueden mostrar los costes. Inténtelo más tarde.",
    },
    "zh": {
        "title": "费用", "answers": "此对话，回答", "tasks": "此对话，标题等任务", "today": "您，今日", "month": "您，本月",
        "spent": "花费", "saved": "节省", "calls": "调用", "unknown": "价格未知",
        "budget": "您的预算（{period}）：{spent} / {limit}，{renews} 重置。", "day": "日", "week": "周",
        "period_month": "月", "baseline": "节省 = 相同令牌数使用 {model} 的费用。", "more": "全部数据",
        "failed": "暂时无法显示费用，请稍后再试。",
    },
}  # fmt: skip
# Separators of thousands and of decimals.
NUMBERS = {"en": (",", "."), "zh": (",", "."), "de": (".", ","), "es": (".", ","), "fr": ("\u202f", ",")}


class Action:
    """Asks the gateway for the person's own figures, and shows them in a dialog."""

    class Valves(BaseModel):
        priority: int = Field(default=12, description="Order among the buttons; lower comes first.")
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
        speech = await language(__event_call__, __request__, WORDS)
        words = WORDS[speech]
        try:
            table = table_of(await link.send("usage/chat"), words, speech)
        except Exception:
            await tell(__event_emitter__, words["failed"], "error")
            return
        if __event_call__:
            await __event_call__({"type": "confirmation", "data": {"title": words["title"], "message": table}})


def table_of(found: dict[str, Any], words: dict[str, str], speech: str) -> str:
    """Return the sums as a table, with the budget and what savings are compared with below."""
    money = found.get("currency")
    rows = {
        "answers": found["chat"]["answers"],
        "tasks": found["chat"]["tasks"],
        "today": found["today"],
        "month": found["month"],
    }
    head = f'<th style="{CELL}"></th>' + "".join(
        f'<th style="{FIGURE}">{words[name]}</th>' for name in ("spent", "saved", "calls")
    )
    lines = "".join(line(words[name], sums, words, speech, money) for name, sums in rows.items())
    notes = [budget(one, words, speech, money) for one in found.get("budgets") or []]
    if found.get("baseline"):
        notes.append(words["baseline"].format(model=found["baseline"]))
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    more = f'<p><a href="/sluice">{words["more"]}</a></p>'
    return f"<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>{below}{more}"


def line(name: str, sums: dict[str, Any], words: dict[str, str], speech: str, money: Any) -> str:
    """Return one row; a sum that lacks a price says so."""
    spent = amount(sums["cost"], speech, money) + (f" + {words['unknown']}" if sums.get("unpriced") else "")
    cells = (spent, amount(sums["saved"], speech, money), number(sums["calls"], speech))
    shown = "".join(f'<td style="{FIGURE}">{html.escape(cell)}</td>' for cell in cells)
    return f'<tr><td style="{CELL}">{html.escape(name)}</td>{shown}</tr>'


def budget(one: dict[str, Any], words: dict[str, str], speech: str, money: Any) -> str:
    """Return how the person's own budget stands."""
    period = words["period_month" if one["period"] == "month" else one["period"]]
    spent, limit = amount(one["spent"], speech, money), amount(one["limit"], speech, money, whole=True)
    return words["budget"].format(period=period, spent=spent, limit=limit, renews=one["renews"])


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
