"""The door of the server: the key, the size and time of a request, and no foreign origins."""

import asyncio
import hmac
import json
from collections.abc import Callable
from typing import Any

from sluice.config.schema import Server
from sluice.errors import RequestTooLarge

ASGI = Callable[..., Any]
OPEN = frozenset({"/healthz"})
CLOSED = ("/pipelines/add", "/pipelines/upload", "/pipelines/delete", "/v1/pipelines/add",
          "/v1/pipelines/upload", "/v1/pipelines/delete")  # fmt: skip


class TooSlow(Exception):
    """The caller did not send its request in time."""


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
        started = False

        async def answer(message: Any) -> None:
            nonlocal started
            started = True
            await send(_without_cors(message))

        try:
            await self._app(scope, _metered(scope, receive, limits), answer)
        except RequestTooLarge as error:
            if not started:
                await refuse(send, 413, str(error), error.code)
        except TooSlow:
            if not started:
                await refuse(send, 408, "The request did not arrive in time.", "timeout")


def _metered(scope: Any, receive: Any, limits: Server) -> Any:
    """Wrap `receive` so that a body can be neither larger nor slower than allowed."""
    length = dict(scope["headers"]).get(b"content-length", b"0")
    announced = int(length) if length.isdigit() and len(length) < 20 else 0
    deadline = asyncio.get_running_loop().time() + limits.body_seconds
    read, complete = 0, False

    async def metered() -> Any:
        nonlocal read, complete
        if complete:
            return await receive()
        if announced > limits.max_request_bytes:
            raise RequestTooLarge(limits.max_request_bytes)
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise TooSlow from None
        read += len(message.get("body", b""))
        complete = message["type"] != "http.request" or not message.get("more_body", False)
        if read > limits.max_request_bytes:
            raise RequestTooLarge(limits.max_request_bytes)
        return message

    return metered


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
