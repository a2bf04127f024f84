"""Let the stock pipelines server, which calls from threads, use the asyncio core.

The launcher answers chats itself and uses only the list of models from here. On a stock server the
headers that prove who calls do not arrive, so there every call stays local.
"""

import asyncio
import os
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any

from sluice import chat
from sluice.config import load
from sluice.engine import running
from sluice.errors import ConfigError, SluiceError
from sluice.gateway import Gateway
from sluice.identity import Caller
from sluice.models import offered
from sluice.server.settings import config_path, data_folder
from sluice.server.wire import Chunks, Whole
from sluice.switches import Switches

END = None


class Bridge:
    """Starts the core in a thread of its own when the first chat arrives."""

    def __init__(self, switches: Callable[[], Switches], environ: Mapping[str, str] | None = None) -> None:
        self._switches = switches
        self._environ = os.environ if environ is None else environ
        self._path: Path = config_path(self._environ)
        self._models: list[dict[str, str]] = []
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._gateway: Gateway | None = None
        self._stop: asyncio.Event | None = None
        self._thread: threading.Thread | None = None

    def models(self) -> list[dict[str, str]]:
        """The lanes and models of the configuration as first read; asked for at every request."""
        if not self._models:
            # A file that is broken now must not take the valves away with it.
            with suppress(ConfigError):
                offer = offered(load(self._path, self._environ))
                self._models = [{"id": name, "name": title} for name, title in offer]
        return self._models

    def answer(self, body: Mapping[str, Any]) -> Any:
        """A generator of server-sent lines for a stream, else a chat completion or an error's sentence."""
        try:
            call = chat.read_call(dict(body))
        except SluiceError as error:
            return str(error)
        self._start()
        return self._stream(call) if call.stream else self._whole(call)

    def close(self) -> None:
        """End the core's thread, if it was started."""
        if self._loop and self._stop and self._thread:
            self._loop.call_soon_threadsafe(self._stop.set)
            self._thread.join(timeout=30)

    def _start(self) -> None:
        with self._lock:
            if self._thread:
                return
            ready = threading.Event()
            self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True, name="sluice")
            self._thread.start()
            ready.wait()

    async def _run(self, ready: threading.Event) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            async with running(self._path, data_folder(self._environ), self._environ, self._switches) as engine:
                self._gateway = engine.gateway
                ready.set()
                await self._stop.wait()
        finally:
            ready.set()

    def _stream(self, call: chat.Call) -> Iterator[str]:
        chunks = Chunks(call.model, with_status=False, with_usage=call.include_usage)
        lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        future = self._submit(self._pump(call, chunks, lines))
        try:
            while (line := lines.get()) is not END:
                yield line
        finally:
            future.cancel()

    async def _pump(self, call: chat.Call, chunks: Chunks, lines: "queue.SimpleQueue[str | None]") -> None:
        try:
            async with aclosing(self._core().answer(call, Caller())) as events:
                async for event in events:
                    text = chunks.of(event).decode().removesuffix("data: [DONE]\n\n").strip()
                    if text:
                        lines.put(text)
        except SluiceError as error:
            lines.put(str(error))
        finally:
            lines.put(END)

    def _whole(self, call: chat.Call) -> Any:
        return self._submit(self._collect(call)).result()

    async def _collect(self, call: chat.Call) -> Any:
        whole = Whole(call.model)
        try:
            async with aclosing(self._core().answer(call, Caller())) as events:
                async for event in events:
                    whole.add(event)
        except SluiceError as error:
            return str(error)
        return whole.body()

    def _submit(self, work: Any) -> Any:
        if self._loop is None:
            raise RuntimeError("The gateway's core did not start; the log says why.")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    def _core(self) -> Gateway:
        if self._gateway is None:
            raise RuntimeError("The gateway's core did not start; the log says why.")
        return self._gateway
