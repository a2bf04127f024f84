"""What Open WebUI hands to a function, as plain values, and a gateway that answers what a test says."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, SimpleNamespace
from typing import Any

import jwt
import pytest

SECRET = "a-secret-for-tests-only-" * 3
OURS = {"headers": {"X-Sluice-Chat": "{{CHAT_ID}}"}}


@dataclass
class Screen:
    """Takes the place of the event emitter: what a person would see, in order."""

    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    async def __call__(self, event: dict[str, Any]) -> None:
        if event["type"] == "notification":
            self.notes.append(event["data"]["content"])
            return
        assert event["type"] == "status"
        assert event["data"]["done"] is True
        self.lines.append(event["data"]["description"])


@dataclass
class Window:
    """Takes the place of the event call: a browser window, where somebody answers dialogs."""

    answer: Any = None
    locale: str = "en-US"
    dialogs: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, event: dict[str, Any]) -> Any:
        if event["type"] == "execute":
            return self.locale
        self.dialogs.append({"type": event["type"], **event["data"]})
        return await self.answer() if callable(self.answer) else self.answer


class Asked:
    """A gateway that remembers what it was asked, and answers each path with what `says` holds for it."""

    def __init__(self) -> None:
        self.says: dict[str, Any] = {}
        self.status = 200
        self.failing: set[str] = set()  # paths that are answered 500
        self.streams: dict[str, list[Any]] = {}  # chunks of a streamed answer, by path
        self.calls: list[tuple[str, dict[str, str], Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"] or 0)
                path = self.path.removeprefix("/sluice/v1/")
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.calls.append((path, headers, json.loads(self.rfile.read(length) or "null")))
                if path in outer.streams and path not in outer.failing:
                    self.stream(outer.streams[path])
                    return
                said = outer.says.get(path)
                # A list is answered one by one, its last for good.
                data = json.dumps(said.pop(0) if isinstance(said, list) and len(said) > 1 else _last(said)).encode()
                self.send_response(500 if path in outer.failing else outer.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def stream(self, chunks: list[Any]) -> None:
                lines = [*(f"data: {json.dumps(chunk)}" for chunk in chunks), "data: [DONE]", ""]
                data = "\n\n".join(lines).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.calls]

    def sent(self, path: str) -> Any:
        """The body of the last call of a path."""
        return [body for one, _, body in self.calls if one == path][-1]


def _last(said: Any) -> Any:
    return said[0] if isinstance(said, list) else said


@pytest.fixture
def screen() -> Screen:
    return Screen()


@pytest.fixture
def gateway() -> Iterator[Asked]:
    asked = Asked()
    threading.Thread(target=asked.server.serve_forever, args=(0.02,), daemon=True).start()
    yield asked
    asked.server.shutdown()
    asked.server.server_close()


@pytest.fixture
def connections(gateway: Asked, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Open WebUI's stored connections and what signs its calls, where a function finds them."""
    return install(gateway.url, "gateway key", monkeypatch)


def install(url: str, key: str, monkeypatch: pytest.MonkeyPatch, secret: str = SECRET) -> dict[str, Any]:
    """Put the parts of Open WebUI that functions import in place, with a second connection that is not ours."""
    stored: dict[str, Any] = {
        "openai.api_base_urls": ["http://127.0.0.1:9/other", url],
        "openai.api_keys": ["other key", key],
        "openai.api_configs": {"1": OURS},
        "ollama.base_urls": ["http://127.0.0.1:11434", "https://ollama.elsewhere.example"],
    }

    class Config:
        @staticmethod
        async def get_many(*keys: str) -> dict[str, Any]:
            return {key: stored[key] for key in keys}

    async def get_headers_and_cookies(
        request: Any, url: str, key: Any = None, config: Any = None, metadata: Any = None, user: Any = None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """As in `open_webui/utils/headers.py` 0.12.4, with the headers of ours that a function needs."""
        now = int(time.time())
        claims = {"sub": user.id, "role": user.role, "iss": "open-webui", "iat": now, "exp": now + 300}
        signed = {"X-OpenWebUI-User-Jwt": jwt.encode(claims, secret, algorithm="HS256")} if secret else {}
        names = {"X-Sluice-Chat": metadata.get("chat_id"), "X-Sluice-Message": metadata.get("message_id")}
        given = {name: value for name, value in names.items() if value and (config or {}).get("headers")}
        return {"Authorization": f"Bearer {key}", **signed, **given}, {}

    parts: dict[str, Any] = {"open_webui.models.config": Config, "open_webui.utils.headers": get_headers_and_cookies}
    for name in ("open_webui", "open_webui.models", "open_webui.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    for name, member in parts.items():
        module = ModuleType(name)
        setattr(module, member.__name__, member)
        monkeypatch.setitem(sys.modules, name, module)
    return stored


def model(id: str, base: str | None = None) -> dict[str, Any]:
    return {"id": id, "info": {"base_model_id": base}}


def request(*models: dict[str, Any], **state: Any) -> Any:
    """Open WebUI's request: one for each message sent, whatever number of models answer it."""
    rows = {row["id"]: row for row in models}
    app = SimpleNamespace(state=SimpleNamespace(MODELS=rows, **state))
    return SimpleNamespace(app=app, state=SimpleNamespace(), headers={})


def speaking(language: str, chat: str = "c-1", message: str = "m-1") -> dict[str, Any]:
    """The metadata of a chat in this language."""
    return {"variables": {"{{USER_LANGUAGE}}": language}, "chat_id": chat, "message_id": message}


def said(content: Any, model: str = "auto") -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": content}]}
