"""What the functions in the chat ask and tell: figures of a message and a chat, warnings, answers past the gateway."""

import asyncio
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sluice.config import Config
from sluice.engine import Engine
from sluice.errors import RequestError
from sluice.figures import budgets_of, purse, standing_of
from sluice.gateway.costing import spender_of
from sluice.gateway.second_opinion import KIND as SECOND_OPINION
from sluice.identity import Caller
from sluice.ledger import (
    Book,
    Booking,
    Closing,
    Opening,
    Span,
    Tokens,
    Totals,
    baseline_of,
    current,
    pico,
    reading,
    standings,
)
from sluice.ledger.budgets import warn_once
from sluice.ledger.prices import energy
from sluice.server.callers import Callers
from sluice.server.completions import decode
from sluice.upstream import Usage

MOST_TOKENS = 300_000  # of one prompt or answer: about the largest context that a model on this machine has
MOST_CALLS = 5_000  # of one chat
# Ollama's names, such as hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M; anything else is no name, and would end up in the book.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,127}\Z")
DIRECT = "direct"  # the lane of an answer that did not pass the gateway
NANOSECONDS = 1_000_000  # in a millisecond; Ollama counts in them


class Answered:
    """The routes of the cost tracker and the button. Each person gets their own figures, admins too."""

    def __init__(self, engine: Callable[[], Engine], callers: Callers) -> None:
        self._engine = engine
        self._callers = callers
        self._booking = asyncio.Lock()  # one at a time, so that none is booked twice

    def routes(self) -> list[Route]:
        return [
            Route("/sluice/v1/usage/message", self._message),
            Route("/sluice/v1/usage/chat", self._chat),
            Route("/sluice/v1/usage/warnings", self._warnings, methods=["POST"]),
            Route("/sluice/v1/usage/local", self._local, methods=["POST"]),
        ]

    async def _message(self, request: Request) -> Response:
        """What a message took, all its calls together; nothing while one of them runs or before any is booked."""
        caller = self._callers.known(request)
        return JSONResponse({"usage": await asyncio.to_thread(self._usage_of, caller)})

    async def _chat(self, request: Request) -> Response:
        """This chat, today and this month, answers and background tasks apart."""
        caller = self._callers.known(request)
        return JSONResponse(await asyncio.to_thread(self._sums_of, caller))

    async def _warnings(self, request: Request) -> Response:
        """Budgets that are nearly used up and that this person was not told of in their period."""
        caller = self._callers.known(request)
        return JSONResponse({"warnings": await asyncio.to_thread(self._due, caller)})

    async def _local(self, request: Request) -> Response:
        """Book an answer of a model on this machine that Open WebUI asked past the gateway, once."""
        caller = self._callers.known(request)
        data = await decode(await request.body())
        if not caller.message:
            raise RequestError("Name the message in the header X-Sluice-Message.")
        model, usage, took = _reported(data)
        async with self._booking:
            return JSONResponse({"usage": await asyncio.to_thread(self._booked, caller, model, usage, took)})

    def _usage_of(self, caller: Caller) -> dict[str, Any]:
        config, book = self._parts()
        book.flush()
        spender = spender_of(caller)
        with book.database.reading() as connection:
            found = answers_of(connection, caller) if caller.message else []
            if not found or any(one.closing is None for one in found):
                return {}
            return {**_usage(found), **purse.purse(connection, config, spender, book.today(config.ledger.zone))}

    def _sums_of(self, caller: Caller) -> dict[str, Any]:
        config, book = self._parts()
        book.flush()
        today = book.today(config.ledger.zone)
        with book.database.reading() as connection:
            chat = reading.of_chat(connection, caller.chat, caller.user, MOST_CALLS) if caller.chat else []
            baseline = baseline_of(config)
            return {
                "chat": {
                    "answers": _sums(reading.summed([one for one in chat if not one.opening.task])),
                    "tasks": _sums(reading.summed([one for one in chat if one.opening.task])),
                },
                "today": _sums(reading.totals(connection, Span(today, today), caller.user)),
                "month": _sums(reading.totals(connection, current("month", today), caller.user)),
                "budgets": budgets_of(connection, config, spender_of(caller), today, all=False),
                "baseline": baseline.name if baseline else "",
                **purse.currency_of(config),
            }

    def _due(self, caller: Caller) -> list[dict[str, Any]]:
        config, book = self._parts()
        today, spender = book.today(config.ledger.zone), spender_of(caller)
        with book.database.reading() as connection:
            near = [s for s in standings(connection, config.budgets, spender, today) if s.is_nearly_used_up]
        if not near:
            return []
        with book.database.writing() as connection:
            untold = [one for one in near if warn_once(connection, one, spender.user)]
        return [{**standing_of(one, caller.user, all=False), **purse.currency_of(config)} for one in untold]

    def _booked(self, caller: Caller, model: str, usage: Usage, took: int | None) -> dict[str, Any]:
        config, book = self._parts()
        book.flush()
        with book.database.reading() as connection:
            known = answers_of(connection, caller)
        if not known:
            book.add(_opening(caller, model), _closing(config, usage, took), zone=config.ledger.zone)
            with book.database.reading() as connection:
                known = answers_of(connection, caller)
        return _usage(known)

    def _parts(self) -> tuple[Config, Book]:
        engine = self._engine()
        return engine.live.current, engine.records.book


def answers_of(connection: Connection, caller: Caller) -> list[Booking]:
    """The calls of a message, the newest first, without what ran beside them: background tasks and second opinions."""
    found = reading.of_message(connection, caller.message, caller.user)
    return [one for one in found if not one.opening.task and one.opening.kind != SECOND_OPINION]


def _reported(data: Any) -> tuple[str, Usage, int | None]:
    """The model, its tokens and its milliseconds. Raises RequestError for what no model can have reported."""
    model = str(data.get("model") or "") if isinstance(data, dict) else ""
    given = data.get("usage") if isinstance(data, dict) else None
    if not isinstance(given, dict) or not NAME.match(model) or model.startswith("sluice."):
        raise RequestError('Send {"model": "…", "usage": {…}} of a model that the gateway does not serve.')
    usage = Usage(_count(given, "input_tokens", "prompt_tokens"), _count(given, "output_tokens", "completion_tokens"))
    took = given.get("total_duration")
    return model, usage, took // NANOSECONDS if isinstance(took, int) and took >= 0 else None


def _count(given: dict[str, Any], *names: str) -> int:
    found = next((given[name] for name in names if isinstance(given.get(name), int)), 0)
    if not 0 <= found <= MOST_TOKENS:
        raise RequestError("No answer has so many tokens.")
    return int(found)


def _opening(caller: Caller, model: str) -> Opening:
    return Opening(
        user=caller.user or "",
        chat=caller.chat,
        message=caller.message,
        kind="chat",
        lane=DIRECT,
        model=model,
        location="local",
        asked=model,
        groups=tuple(sorted(caller.groups)),
        role=caller.role[:32],
        preset=caller.preset,
    )


def _closing(config: Config, usage: Usage, took: int | None) -> Closing:
    """Booked as an estimate and without a baseline, so that what a browser says never grows what the team saved."""
    return Closing(
        outcome="finished",
        tokens=Tokens(usage.prompt_tokens, usage.completion_tokens),
        measured="estimated",
        cost=pico(energy(took, config.energy) if took is not None else Decimal(0)),
        budgeted=0,
        total_ms=took,
    )


def _usage(found: list[Booking]) -> dict[str, Any]:
    """Bookings of one message, the newest first, as the usage of an answer."""
    sums, newest = reading.summed(found), found[0].opening
    return {
        "input_tokens": sums.prompt_tokens,
        "output_tokens": sums.completion_tokens,
        "total_tokens": sums.prompt_tokens + sums.completion_tokens,
        **({"cost": float(sums.cost)} if not sums.unpriced else {}),
        "saved": float(sums.saving),
        "model": newest.model,
        "location": newest.location,
        "lane": newest.lane,
        "reasons": list(newest.reasons),
    }


def _sums(sums: Totals) -> dict[str, Any]:
    return {
        "calls": sums.calls,
        "cost": float(sums.cost),
        "saved": float(sums.saving + sums.task_saving),
        "tokens": sums.prompt_tokens + sums.completion_tokens,
        "unpriced": sums.unpriced,
    }
