"""Run a stand-in on loopback in a thread of its own, or from the command line."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Self, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from tests.standins.record import Received, Record
from tests.standins.script import Answer, Script

Scope = MutableMapping[str, Any]
TRANSPORT = "standin.transport"


class Dropped(Exception):
    """Raised to make the server drop the connection in the middle of an answer."""


class Wire:
    """The way back to the client of one request."""

    def __init__(self, send: Any) -> None:
        self._send = send
        self.started = False

    async def start(self, status: int, content_type: str, headers: Mapping[str, str] | None = None) -> None:
        pairs = [(b"content-type", content_type.encode())]
        pairs += [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        self.started = True
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self) -> None:
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def whole(
        self,
        status: int,
        body: bytes,
        headers: Mapping[str, str] | None = None,
        kind: str = "application/json",
    ) -> None:
        """Send one complete answer."""
        await self.start(status, kind, headers)
        await self.write(body)
        await self.end()

    async def json(self, status: int, value: Any, headers: Mapping[str, str] | None = None) -> None:
        await self.whole(status, json.dumps(value).encode(), headers)


class Standin(ABC):
    """A loopback server with a script and a record; subclasses say how they answer."""

    def __init__(self, port: int = 0, record: Record | None = None) -> None:
        self.record = record or Record()
        self.script = Script()
        self._port = port
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @abstractmethod
    async def respond(self, received: Received, wire: Wire) -> None:
        """Answer one request."""

    @property
    def port(self) -> int:
        """The port, the same after `stop` and `start`."""
        return self._port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> Self:
        """Listen and return when connections are taken."""
        listener = self._listen()
        config = uvicorn.Config(
            self._app,
            http=_recording(self.record),
            interface="asgi3",
            lifespan="off",
            loop="asyncio",
            log_config=None,
            ws="none",
        )
        server = uvicorn.Server(config)
        self._server = server
        self._thread = threading.Thread(target=_run, args=(server, listener), daemon=True, name="standin")
        self._thread.start()
        return self

    def stop(self) -> None:
        """Drop every connection and free the port."""
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(timeout=10)
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exc: object) -> None:
        self.stop()

    def _listen(self) -> socket.socket:
        # With the protocol named, asyncio sends small pieces at once and does not wait 40 ms for a receipt.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self._port))
        listener.listen(128)
        self._port = listener.getsockname()[1]
        return listener

    async def _app(self, scope: Scope, receive: Any, send: Any) -> None:
        body = await _body(receive)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        path = scope["path"] + (f"?{query}" if query else "")
        received = self.record.add(scope["method"], path, headers, body)
        answering = asyncio.ensure_future(self.respond(received, Wire(send)))
        leaving = asyncio.ensure_future(_left(receive))
        await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            self.record.left(received)
            answering.cancel()
        elif isinstance(answering.exception(), Dropped):
            scope[TRANSPORT].close()
            await leaving
        else:
            leaving.cancel()
            self.record.finished(received)
            answering.result()


async def pace(answer: Answer, sent: int) -> bool:
    """Wait as the script says before piece number `sent`; False means that the stream ends here."""
    if sent == 0 and answer.delay_before:
        await asyncio.sleep(answer.delay_before)
    elif sent and answer.delay_between:
        await asyncio.sleep(answer.delay_between)
    if answer.ending == "done" or sent < answer.chunks_before_ending:
        return True
    if answer.ending == "hang":
        await asyncio.Event().wait()
    if answer.ending == "die":
        raise Dropped
    return False


async def _body(receive: Any) -> bytes:
    body: bytes = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body


async def _left(receive: Any) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _recording(record: Record) -> type[H11Protocol]:
    class Recording(H11Protocol):
        def data_received(self, data: bytes) -> None:
            record.add_bytes(data)
            super().data_received(data)
            if self.scope is not None:
                cast("dict[str, Any]", self.scope)[TRANSPORT] = self.transport

    return Recording


def _run(server: uvicorn.Server, listener: socket.socket) -> None:
    with listener:
        server.run(sockets=[listener])


def main(kind: type[Standin], description: str) -> None:
    """Serve from the command line until interrupted."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="port on loopback; a free one by default")
    parser.add_argument("--record", type=Path, help="file that gets each request as a line of JSON")
    options = parser.parse_args()
    with kind(options.port, Record(file=options.record)) as standin:
        print(standin.url, flush=True)
        threading.Event().wait()
