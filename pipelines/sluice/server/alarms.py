"""Wrong alarms over HTTP: what was found in one's own words, reporting it, and an admin's answer."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sluice import chat
from sluice.engine import Engine
from sluice.errors import RequestError
from sluice.gateway.auditing import alarm_entry
from sluice.guard import Finding
from sluice.server.callers import Callers
from sluice.server.completions import decode

LONGEST = 80  # characters of a value that are shown

Found = Mapping[str, Sequence[Finding]]


class Alarms:
    """The routes of the admin's queue."""

    def __init__(self, engine: Callable[[], Engine], callers: Callers) -> None:
        self._engine = engine
        self._callers = callers

    def routes(self) -> list[Route]:
        return [
            Route("/sluice/v1/findings", self._findings, methods=["POST"]),
            Route("/sluice/v1/alarms", self._report, methods=["POST"]),
            Route("/sluice/v1/alarms", self._alarms),
            Route("/sluice/v1/alarms/{mark}", self._answer, methods=["POST"]),
        ]

    async def _findings(self, request: Request) -> Response:
        """What is found in `messages`, each thing once and in the caller's own words; a secret is no wrong alarm."""
        self._callers.known(request)
        found = await self._found(await _object(request))
        mark = self._engine().records.memory.mark
        things = {mark(text, one): _shown(text, one) for text, findings in found.items() for one in findings}
        return JSONResponse({"findings": [{"mark": id, **thing} for id, thing in things.items()]})

    async def _report(self, request: Request) -> Response:
        """Findings in `messages` that a person calls wrong, for the admin's queue; all, or those of these `marks`."""
        self._callers.known(request)
        data = await _object(request)
        wanted = data.get("marks")
        memory = self._engine().records.memory
        found = {
            text: [one for one in findings if wanted is None or memory.mark(text, one) in wanted]
            for text, findings in (await self._found(data)).items()
        }
        return JSONResponse({"reported": await asyncio.to_thread(memory.report, found, datetime.now(UTC))})

    async def _alarms(self, request: Request) -> Response:
        self._callers.admin(request)
        alarms = await asyncio.to_thread(self._engine().records.memory.alarms)
        rows = [
            {"mark": one.mark, "type": one.type, "class": one.klass, "reports": one.reports, "last": one.last}
            for one in alarms
        ]
        return JSONResponse({"alarms": rows})

    async def _answer(self, request: Request) -> Response:
        """An admin's answer to an alarm."""
        admin = self._callers.admin(request)
        state = (await _object(request)).get("state")
        if state not in ("allowed", "dismissed"):
            raise RequestError('Send {"state": "allowed"} or {"state": "dismissed"}.')
        records, mark = self._engine().records, request.path_params["mark"]
        if not await asyncio.to_thread(records.memory.has_alarm, mark):
            raise RequestError("There is no such alarm.")
        await records.audit.record(alarm_entry(admin, mark, state))
        await asyncio.to_thread(records.memory.answer, mark, state)
        return JSONResponse({"status": state})

    async def _found(self, data: Mapping[str, Any]) -> Found:
        call = chat.read_call({"model": "sluice.auto", "messages": data.get("messages")})
        texts = [piece.text for piece in chat.pieces(call) if piece.text]
        found = await self._engine().guard.findings(texts)
        return {text: [one for one in findings if one.klass != "secret"] for text, findings in found.items()}


def _shown(text: str, finding: Finding) -> dict[str, str]:
    value = " ".join(text[finding.start : finding.end].split())
    shown = value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    return {"type": finding.type, "class": finding.klass, "value": shown}


async def _object(request: Request) -> dict[str, Any]:
    data = await decode(await request.body())
    if not isinstance(data, dict):
        raise RequestError("Send a JSON object.")
    return data
