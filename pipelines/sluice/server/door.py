"""The door of the server: the key, the size and time of a request, and no foreign origins."""

import asyncio
import contextlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from sluice.config.schema import Server
from sluice.errors import RequestError, RequestTooLarge

ASGI = Callable[..., Any]
OPEN = frozenset({"/healthz"})
CLOSED = ("/pipelines/add", "/pipelines/upload", "/pipelines/delete", "/v1/pipelines/add",
          "/v1/pipelines/upload", "/v1/pipelines/delete")  # fmt: skip


class TooSlow(RequestError):
    """The caller did not send its request in time."""

    status = 408
    code = "timeout"

    def __init__(self) -> None:
        super().__init__("The request did not arrive in time, so it was not read. Send it again.")


class Door:
    """Outermost ASGI application: lets a request in, or answers 401, 403, 408 or 413 itself."""

    def __init__(self, app: ASGI, key: str, limits: Callable[[], Server]) -> None:
        self._app = app
        self._key = key.encode()
        self._limits = limits

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Any, receive: Any, send: Any) -> None:
        limits = self._limits()
        if scope["path"] not in OPEN and not self._has_key(scope):
            await refuse(send, 401, "The key is missing or wrong. Send it as `Authorization: Bearer …`.", "key")
        elif scope["path"].rstrip("/") in CLOSED and not limits.allow_pipeline_upload:
            await refuse(send, 403, "Adding and deleting pipelines over HTTP is switched off in sluice.yaml.", "closed")
        else:
            await self._limited(scope, receive, send, limits)

    def _has_key(self, scope: Any) -> bool:
        given = [value for name, value in scope["headers"] if name == b"authorization"]
        scheme, _, key = (given[0] if len(given) == 1 else b"").partition(b" ")
        return scheme.lower() == b"bearer" and hmac.compare_digest(key.strip(), self._key)

    async def _limited(self, scope: Any, receive: Any, send: Any, limits: Server) -> None:
        meter = Meter(scope, receive, limits)
        started = False

        async def answer(message: Any) -> None:
            nonlocal started
            # What the application makes of a body that it was refused is not for the caller.
            if started or meter.refusal is None:
                started = True
                await send(_without_cors(message))

        with contextlib.suppress(RequestTooLarge, TooSlow):
            await self._app(scope, meter.receive, answer)
        if meter.refusal and not started:
            await refuse(send, meter.refusal.status, str(meter.refusal), meter.refusal.code)


class Meter:
    """Hands a request's body on, as long as it is neither larger nor slower than allowed."""

    def __init__(self, scope: Any, receive: Any, limits: Server) -> None:
        self.refusal: RequestError | None = None
        self._receive = receive
        self._most = limits.max_request_bytes
        self._deadline = asyncio.get_running_loop().time() + limits.body_seconds
        self._announced = _length(scope)
        self._read = 0
        self._complete = False

    async def receive(self) -> Any:
        """The next message. Raises RequestTooLarge or TooSlow, and keeps it as `refusal`."""
        if self._complete:
            return await self._receive()
        try:
            return await self._metered()
        except (RequestTooLarge, TooSlow) as refusal:
            self.refusal = refusal
            raise

    async def _metered(self) -> Any:
        if self._announced > self._most:
            raise RequestTooLarge(self._most)
        try:
            async with asyncio.timeout_at(self._deadline):
                message = await self._receive()
        except TimeoutError:
            raise TooSlow from None
        self._read += len(message.get("body", b""))
        self._complete = message["type"] != "http.request" or not message.get("more_body", False)
        if self._read > self._most:
            raise RequestTooLarge(self._most)
        return message


def _length(scope: Any) -> int:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return int(length) if length.isdigit() and len(length) < 20 else 0


def _without_cors(message: Any) -> Any:
    """The stock server admits every origin; no page of another origin has business here."""
    if message["type"] != "http.response.start":
        return message
    headers = [(k, v) for k, v in message.get("headers", []) if not k.lower().startswith(b"access-control-")]
    return {**message, "headers": headers}


async def refuse(send: Any, status: int, sentence: str, code: str) -> None:
    """Answer with an error in the form of OpenAI's API."""
    body = json.dumps(error_body(sentence, code)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if status in (408, 413):
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_body(sentence: str, code: str) -> dict[str, Any]:
    """An error as OpenAI's API words it."""
    return {"error": {"message": sentence, "type": "sluice_error", "code": code, "param": None}}
