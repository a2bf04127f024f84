"""What the guard offers over HTTP: look before sending, consent, what was masked, wrong alarms, the audit log."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sluice import chat
from sluice.audit import Entry
from sluice.chat.attachments import without_attachments
from sluice.engine import Engine
from sluice.errors import Refused, RequestError, StaysLocal
from sluice.gateway import PREFIX, Leaving, lane_of
from sluice.gateway.auditing import consent_entry, kind_of
from sluice.gateway.judgement import holds_secret
from sluice.gateway.policies import policy_version
from sluice.guard import Ask, Terms, Verdict, report
from sluice.guard.asks import DOUBTED_KINDS, DOUBTFUL, class_of
from sluice.identity import ID, Caller
from sluice.server.alarms import Alarms
from sluice.server.callers import Callers
from sluice.server.challenge import Challenge, challenge_in
from sluice.server.completions import decode
from sluice.server.excerpt import excerpt
from sluice.switches import Switches

PREVIEW = 4000  # characters


class Guarding:
    """The guard's routes."""

    def __init__(self, engine: Callable[[], Engine], switches: Callable[[], Switches], identity_secret: str) -> None:
        self._engine = engine
        self._switches = switches
        self._callers = Callers(identity_secret)
        self._alarms = Alarms(engine, self._callers)

    def routes(self) -> list[Route]:
        return [
            Route("/sluice/v1/inspect", self._inspect, methods=["POST"]),
            Route("/sluice/v1/consent", self._consent, methods=["POST"]),
            Route("/sluice/v1/mask", self._mask, methods=["POST"]),
            Route("/sluice/v1/masked", self._masked),
            Route("/sluice/v1/audit", self._audit),
            *self._alarms.routes(),
        ]

    async def _inspect(self, request: Request) -> Response:
        """Findings of a `text`, or what the guard would do with a whole call's `messages`."""
        data = await decode(await request.body())
        if isinstance(data, dict) and "messages" in data:
            call = chat.read_call({"model": f"{PREFIX}auto", **data})
            return JSONResponse(await self.judged(call, self._callers.of(request)))
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            raise RequestError('Send {"text": "…"} or {"messages": […]}.')
        return JSONResponse(report(await self._engine().guard.inspect(data["text"])))

    async def judged(self, call: chat.Call, caller: Caller) -> dict[str, Any]:
        """Return what the guard would do with a call, what would leave, and what is to be asked, under a signature."""
        verdict, terms = await self._engine().gateway.inspect(call, caller)
        if kept := _kept(call, verdict, terms, self._switches()):
            return _judgement(kept, terms)
        judged = _judgement(verdict, terms)
        if verdict.action in ("mask", "ask"):
            judged["preview"] = await self._preview(call, caller, terms, verdict.asks)
        if verdict.asks and caller.conversation:
            challenge = Challenge(caller.conversation, lane_of(call), [ask.id for ask in verdict.asks])
            judged["challenge"] = challenge.signed(self._key(), int(time.time()))
        return judged

    async def _preview(self, call: chat.Call, caller: Caller, terms: Terms, asks: Sequence[Ask]) -> str:
        """What would leave of the files or messages asked about, or of the last message; else nothing.

        Pictures and recordings are left out: reading them takes longer than anybody waits for a question.
        """
        try:
            leaving = await self._engine().gateway.masked(without_attachments(call), caller, terms)
        except StaysLocal:
            return ""
        unclear = [entry.placeholder for entry in leaving.map.entries() if entry.klass == DOUBTFUL]
        shown = [piece.text.strip() for piece in chat.pieces(leaving.call) if _is_asked(piece, asks, unclear)]
        text = "\n\n".join(dict.fromkeys(shown)) or chat.last_user_text(leaving.call)
        return excerpt(text, unclear, PREVIEW)

    async def _consent(self, request: Request) -> Response:
        """The person's answer to an ask, which the challenge names."""
        data = await decode(await request.body())
        caller = self._callers.of(request)
        if not isinstance(data, dict) or data.get("choice") not in ("masked", "local"):
            raise RequestError('Send {"challenge": "…", "choice": "masked"} or "local".')
        asked = challenge_in(str(data.get("challenge") or ""), self._key())
        if asked.conversation != caller.conversation:
            raise Refused("This was asked of somebody else, or in another chat.")
        await self._agreed(caller, asked, given=data["choice"] == "masked")
        return JSONResponse({"status": "remembered"})

    async def _agreed(self, caller: Caller, asked: Challenge, *, given: bool) -> None:
        """Remember it, and write it down first: what cannot be written down is no consent."""
        records = self._engine().records
        try:
            await records.audit.record(consent_entry(caller, asked.lane, asked.asks, given=given))
        except OSError:
            raise StaysLocal("The audit log cannot be written, so nothing was agreed.") from None
        await asyncio.to_thread(
            records.memory.consent, asked.conversation, asked.lane, asked.asks, datetime.now(UTC), given=given
        )

    async def _mask(self, request: Request) -> Response:
        """A call as the cloud may read it, for models that Open WebUI is connected to without the gateway."""
        data = await decode(await request.body())
        caller = self._callers.known(request)
        named = str(data.get("model") or "") if isinstance(data, dict) else ""
        call = chat.read_call({**data, "model": f"{PREFIX}cloud"} if isinstance(data, dict) else data)
        verdict, terms = await self._engine().gateway.inspect(call, caller)
        verdict = _kept(call, verdict, terms, self._switches()) or verdict
        body = _judgement(verdict, terms)
        if verdict.action not in ("allow", "mask"):
            return JSONResponse(body)
        try:
            leaving = await self._engine().gateway.masked(call, caller, terms)
            await self._written(call, caller, verdict, leaving.masked, named)
        except StaysLocal as error:
            return JSONResponse({**body, "action": "local", "reasons": [str(error)]})
        except OSError:
            return JSONResponse({**body, "action": "local", "reasons": ["the audit log cannot be written"]})
        tools = list(self._engine().live.current.privacy.network_tools)
        return JSONResponse({**body, **_masked_call(leaving), "network_tools": tools})

    async def _written(self, call: chat.Call, caller: Caller, verdict: Verdict, masked: int, model: str) -> None:
        """Put it into the audit log; raises OSError where that cannot be, so that nothing leaves unrecorded."""
        entry = Entry(
            user=caller.user or "",
            chat=caller.chat,
            message=caller.message,
            kind=kind_of(call, caller),
            lane="direct",
            counts=dict(verdict.counts),
            weak=dict(verdict.weak),
            action=verdict.action,
            masked=masked,
            target="picked",
            location="cloud",
            model=model if ID.fullmatch(model) else "",
            policy=policy_version(self._engine().live.current, self._switches().guard),
            reasons=verdict.reasons,
        )
        await self._engine().records.audit.record(entry)

    async def _masked(self, request: Request) -> Response:
        """What placeholders stand for in the person's own chat."""
        conversation = self._callers.known(request).conversation
        if conversation is None:
            raise RequestError("Name the chat in the header X-Sluice-Chat.")
        entries = await asyncio.to_thread(self._engine().vault.entries, *conversation)
        names = ("placeholder", "type", "class", "value")
        return JSONResponse(
            {"masked": [dict(zip(names, (e.placeholder, e.type, e.klass, e.value), strict=True)) for e in entries]}
        )

    async def _audit(self, request: Request) -> Response:
        """The audit log as one JSON object a line; `since` and `until` are ISO 8601 times."""
        self._callers.admin(request)
        since, until = (_moment(request.query_params.get(name)) for name in ("since", "until"))
        lines = self._engine().records.audit.export_lines(since, until)
        return StreamingResponse(lines, media_type="application/x-ndjson")

    def _key(self) -> bytes:
        return b"consent" + self._engine().records.memory.salt


def _kept(call: chat.Call, verdict: Verdict, terms: Terms, switches: Switches) -> Verdict | None:
    """What happens where a switch or the person's own wish decides, so that nobody is asked; None where nothing does.

    The gateway comes to the same by itself. This only tells it beforehand.
    """
    if verdict.action == "block":
        return None
    nobody_asked = replace(verdict, action="local", asks=(), masks=False)
    if lane_of(call) == "local" or chat.wish(call) == "local" or call.intent.preference == "private":
        return replace(nobody_asked, reasons=("you chose to stay local",))
    if not switches.cloud:
        return replace(nobody_asked, reasons=("the cloud is switched off",))
    if switches.guard == "observe" and verdict.complete and not holds_secret(verdict, terms):
        return replace(nobody_asked, action="allow", reasons=("the guard only observes",))
    return None


def _is_asked(piece: chat.Piece, asks: Sequence[Ask], unclear: Sequence[str]) -> bool:
    """Say whether a piece of what would leave is a file asked about, or a text in which one of these is doubtful."""
    if piece.kind == "document":
        return any(class_of(ask) == "document" for ask in asks)
    is_doubted = DOUBTED_KINDS.get(piece.kind) in [ask.kind for ask in asks]
    return is_doubted and any(placeholder in piece.text for placeholder in unclear)


def _judgement(verdict: Verdict, terms: Terms) -> dict[str, Any]:
    return {
        "action": verdict.action,
        "target": terms.target,
        "labels": sorted(verdict.labels),
        "counts": dict(verdict.counts),
        "weak": dict(verdict.weak),
        "reasons": list(verdict.reasons),
        "asks": [{"id": ask.id, "kind": ask.kind, "name": ask.name} for ask in verdict.asks],
    }


def _masked_call(leaving: Leaving) -> dict[str, Any]:
    """What may leave, and what puts the values back into the answer."""
    values = [{"placeholder": e.placeholder, "value": e.value} for e in leaving.map.entries() if e.is_restored]
    tools = {"tools": leaving.call.tools} if leaving.call.tools else {}
    return {"messages": [dict(message) for message in leaving.call.messages], **tools, "masked": values}


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RequestError("`since` and `until` are times such as 2026-01-31T12:00:00Z.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
