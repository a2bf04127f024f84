"""Answer a chat completion natively: real statuses, streams without threads, and disconnects that count."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from sluice import chat
from sluice.chat import Call
from sluice.errors import SluiceError, UpstreamError
from sluice.gateway import Event
from sluice.identity import Caller
from sluice.server.door import error_body
from sluice.server.wire import Chunks, Whole, failure

log = logging.getLogger("sluice.server")
Answers = Callable[[Call, Caller], AsyncGenerator[Event, None]]
LARGE = 256 * 1024
HEADERS = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache"),
           (b"x-accel-buffering", b"no")]  # fmt: skip


async def decode(raw: bytes) -> Any:
    """Parse a body; a large one in a thread, since streams of others go on meanwhile."""
    return chat.decode(raw) if len(raw) < LARGE else await asyncio.to_thread(chat.decode, raw)


async def read(raw: bytes) -> Call:
    """Parse and check a chat completion request."""
    data = await decode(raw)
    return chat.read_call(data) if len(raw) < LARGE else await asyncio.to_thread(chat.read_call, data)


async def respond(answers: Answers, call: Call, caller: Caller, receive: Any, send: Any) -> None:
    """Answer as asked, streaming or whole, and stop the model's work when the caller leaves."""
    work = _stream(answers, call, caller, send) if call.stream else _whole(answers, call, caller, send)
    await _while_connected(receive, work)


async def send_error(send: Any, error: SluiceError) -> None:
    """The error as an HTTP answer with its own status."""
    extra = []
    if isinstance(error, UpstreamError) and error.retry_after is not None:
        extra.append((b"retry-after", str(int(error.retry_after)).encode()))
    await _send_json(send, error.status, error_body(str(error), error.code), extra)


async def _stream(answers: Answers, call: Call, caller: Caller, send: Any) -> None:
    chunks = Chunks(call.model, with_status=caller.in_ui, with_usage=call.include_usage or caller.in_ui)
    started = False
    try:
        async with aclosing(_events(answers, call, caller)) as events:
            async for event in events:
                data = chunks.of(event)
                if data and not started:
                    started = True
                    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
                if data:
                    await send({"type": "http.response.body", "body": data, "more_body": True})
    except SluiceError as error:
        if not started:
            await send_error(send, error)
            return
        await send({"type": "http.response.body", "body": failure(str(error), error.code), "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _whole(answers: Answers, call: Call, caller: Caller, send: Any) -> None:
    whole = Whole(call.model)
    try:
        async with aclosing(_events(answers, call, caller)) as events:
            async for event in events:
                whole.add(event)
    except SluiceError as error:
        await send_error(send, error)
        return
    await _send_json(send, 200, whole.body())


async def _events(answers: Answers, call: Call, caller: Caller) -> AsyncGenerator[Event, None]:
    """The gateway's events; anything unforeseen becomes a sentence, for its text may hold the person's."""
    try:
        async with aclosing(answers(call, caller)) as events:
            async for event in events:
                yield event
    except SluiceError:
        raise
    except Exception as error:
        log.error("A call failed unexpectedly: %s", _where(error))
        raise UpstreamError(
            "Sluice failed while answering, and nothing more was sent. Try again; the gateway's log says where.",
            status=502,
            kind="internal",
        ) from None


def _where(error: Exception) -> str:
    """The kind of an error and its place in the code, without its message."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown place"
    return f"{type(error).__name__} at {place}"


async def _while_connected(receive: Any, work: Awaitable[None]) -> None:
    task = asyncio.ensure_future(work)
    watcher = asyncio.ensure_future(_disconnected(receive))
    try:
        await asyncio.wait({task, watcher}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in (task, watcher):
            one.cancel()
        results = await asyncio.gather(task, watcher, return_exceptions=True)
    if isinstance(results[0], Exception) and not isinstance(results[0], OSError):
        raise results[0]


async def _disconnected(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_json(send: Any, status: int, value: Any, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode()), *(extra or [])]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
