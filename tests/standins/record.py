"""Keep what a stand-in received, down to the byte."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Received:
    """One request as it came in; `left_at` is set when its client goes away before the answer ends.

    `billed` is the usage as the provider counts it, for answers to their end; None for refusals and failures.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    came_at: float
    left_at: float | None = None
    finished_at: float | None = None
    billed: Mapping[str, Any] | None = None

    @property
    def json(self) -> Any:
        """The body as JSON; raises ValueError when it is not."""
        return json.loads(self.body)

    @property
    def client_left(self) -> bool:
        return self.left_at is not None

    def as_line(self) -> str:
        """One line of JSON for a file that people read."""
        return json.dumps(
            {
                "method": self.method,
                "path": self.path,
                "headers": self.headers,
                "body": self.body.decode("utf-8", "backslashreplace"),
            }
        )


@dataclass(slots=True)
class Record:
    """All requests of one server, plus the raw bytes of its connections; safe to read from any thread."""

    clock: Callable[[], float] = time.monotonic
    file: Path | None = None
    _requests: list[Received] = field(default_factory=list)
    _wire: bytearray = field(default_factory=bytearray)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def add_bytes(self, data: bytes) -> None:
        """Keep bytes as they came from the socket, whether or not they make a request."""
        with self._changed:
            self._wire += data

    def add(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Received:
        """Keep one complete request and wake whoever waits for it."""
        received = Received(method, path, headers, body, self.clock())
        with self._changed:
            self._requests.append(received)
            self._changed.notify_all()
        if self.file is not None:
            with self.file.open("a", encoding="utf-8") as lines:
                lines.write(received.as_line() + "\n")
        return received

    def left(self, received: Received) -> None:
        """Note that the client of this request went away early."""
        with self._changed:
            received.left_at = self.clock()
            self._changed.notify_all()

    def finished(self, received: Received) -> None:
        """Note that this request was answered to its end."""
        with self._changed:
            received.finished_at = self.clock()
            self._changed.notify_all()

    @property
    def requests(self) -> list[Received]:
        """A copy, in the order of arrival."""
        with self._changed:
            return list(self._requests)

    def chats(self) -> list[Received]:
        """Only the calls that ask a model for an answer."""
        return [r for r in self.requests if r.method == "POST" and r.path.endswith(CHAT_PATHS)]

    def text(self) -> str:
        """Everything that came over the wire, as text, JSON escapes undone beside the raw form."""
        with self._changed:
            raw = self._wire.decode("utf-8", "backslashreplace")
            bodies = [request.body for request in self._requests]
        return raw + "\n".join(_unescaped(body) for body in bodies)

    def clear(self) -> None:
        """Forget everything, for the next test on a shared server."""
        with self._changed:
            self._requests.clear()
            self._wire.clear()

    def wait_for(self, holds: Callable[[list[Received]], bool], timeout: float = 10.0) -> bool:
        """Wait until `holds` is true of the requests; False when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: holds(self._requests), timeout)


CHAT_PATHS = ("/chat/completions", "/messages", "/api/chat", "/api/generate")


def _unescaped(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return ""
