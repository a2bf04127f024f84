"""The line before sending: what was found, what happens to it, and nothing when the gateway cannot say."""

import json
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import ModuleType, SimpleNamespace
from typing import Any, get_args

import pytest
from sluice.config.schema import Action

from tests.functions.conftest import Screen, model, request, speaking
from tests.functions.loader import load

FOUND = {
    "action": "local",
    "labels": ["financial", "personal"],
    "counts": {"financial": 1, "personal": 2},
    "reasons": ["personal data (2)", "financial data (1)"],
}
HEADERS = {"headers": {"X-Sluice-Chat": "{{CHAT_ID}}"}}


class Asked:
    """A gateway that remembers what it was asked."""

    def __init__(self) -> None:
        self.verdict: Any = FOUND
        self.status = 200
        self.calls: list[tuple[str, str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.calls.append((self.path, self.headers["Authorization"], body))
                data = json.dumps(outer.verdict).encode()
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def gateway() -> Iterator[Asked]:
    asked = Asked()
    threading.Thread(target=asked.server.serve_forever, args=(0.02,), daemon=True).start()
    yield asked
    asked.server.shutdown()
    asked.server.server_close()


@pytest.fixture
def connections(gateway: Asked, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Open WebUI's stored connections, where the function looks them up."""
    stored: dict[str, Any] = {
        "openai.api_base_urls": ["http://127.0.0.1:9/other", gateway.url],
        "openai.api_keys": ["other key", "gateway key"],
        "openai.api_configs": {"1": HEADERS},
    }

    class Config:
        @staticmethod
        async def get_many(*keys: str) -> dict[str, Any]:
            return {key: stored[key] for key in keys}

    for name in ("open_webui", "open_webui.models"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    module = ModuleType("open_webui.models.config")
    module.Config = Config  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "open_webui.models.config", module)
    return stored


async def sent(
    body: dict[str, Any], screen: Screen | None, language: str = "en", show: str = "on", base: str = "sluice.auto"
) -> dict[str, Any]:
    guard, module = load("pii_guard")
    result: dict[str, Any] = await guard.inlet(
        body,
        __user__={"id": "u", "valves": module.Filter.UserValves(show=show)},
        __model__=model("auto", base),
        __metadata__=speaking(language),
        __request__=request(OPENAI_MODELS={"sluice.auto": {"urlIdx": 1}}),
        __event_emitter__=screen,
    )
    return result


def message(content: Any) -> dict[str, Any]:
    return {"model": "auto", "messages": [{"role": "user", "content": content}]}


@pytest.mark.usefixtures("connections")
async def test_findings_are_counted_by_class_and_the_body_is_untouched(screen: Screen, gateway: Asked) -> None:
    body = await sent(message("write to jane@example.org"), screen)

    assert screen.lines == ["Found: 2 × personal, 1 × financial · stays on this machine"]
    assert body == message("write to jane@example.org")
    assert gateway.calls == [
        (
            "/sluice/v1/inspect",
            "Bearer gateway key",
            {"messages": [{"role": "user", "content": "write to jane@example.org"}]},
        )
    ]


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize(
    ("language", "action", "line"),
    [
        ("de", "local", "Gefunden: 2 × persönlich, 1 × finanziell · bleibt auf diesem Rechner"),
        ("fr", "block", "Trouvé: 2 × personnel, 1 × financier · n'est pas envoyé"),
        ("es", "local", "Encontrado: 2 × personal, 1 × financiero · se queda en este equipo"),
        ("zh", "allow", "发现: 2 × 个人信息, 1 × 财务 · 可以离开本机"),
        ("pt", "allow", "Found: 2 × personal, 1 × financial · may leave this machine"),
    ],
)
async def test_it_speaks_the_persons_language(
    screen: Screen, gateway: Asked, language: str, action: str, line: str
) -> None:
    gateway.verdict = FOUND | {"action": action}

    await sent(message("x"), screen, language)

    assert screen.lines == [line]


def test_every_language_has_words_for_exactly_what_the_gateway_may_answer() -> None:
    _, module = load("pii_guard")

    assert set(module.ACTIONS) == set(module.CLASSES)
    assert all(set(words) == set(get_args(Action)) for words in module.ACTIONS.values())


@pytest.mark.usefixtures("connections")
async def test_images_are_not_sent_for_inspection(screen: Screen, gateway: Asked) -> None:
    parts = [{"type": "text", "text": "see"}, {"type": "image_url", "image_url": {"url": "data:image/png;base64,A"}}]

    await sent(message(parts), screen)

    assert gateway.calls[0][2] == {"messages": [{"role": "user", "content": "see"}]}


@pytest.mark.usefixtures("connections")
async def test_nothing_found_shows_nothing(screen: Screen, gateway: Asked) -> None:
    gateway.verdict = {"action": "allow", "labels": [], "counts": {}, "reasons": []}

    await sent(message("hello"), screen)

    assert screen.lines == []


@pytest.mark.usefixtures("connections")
@pytest.mark.parametrize("verdict", ["broken", None, {"counts": 3}, {"counts": ["x"]}], ids=repr)
@pytest.mark.parametrize("status", [200, 401, 500])
async def test_an_answer_that_makes_no_sense_stops_nothing(
    screen: Screen, gateway: Asked, verdict: Any, status: int
) -> None:
    gateway.verdict, gateway.status = verdict, status

    assert await sent(message("hello"), screen) == message("hello")
    assert screen.lines == []


async def test_a_gateway_that_is_down_stops_nothing(screen: Screen, connections: dict[str, Any]) -> None:
    connections["openai.api_base_urls"][1] = "http://127.0.0.1:9"

    assert await sent(message("hello"), screen) == message("hello")
    assert screen.lines == []


async def test_the_text_goes_to_no_server_but_the_gateway(
    screen: Screen, gateway: Asked, connections: dict[str, Any]
) -> None:
    connections["openai.api_configs"] = {}

    await sent(message("hello"), screen)
    await sent(message("hello"), screen, base="gpt-4.1")

    assert gateway.calls == []
    assert screen.lines == []


@pytest.mark.usefixtures("connections")
async def test_switched_off_by_the_person_or_without_a_screen_nothing_is_asked(screen: Screen, gateway: Asked) -> None:
    await sent(message("hello"), screen, show="off")
    await sent(message("hello"), None)

    assert gateway.calls == []


def test_a_slow_gateway_holds_a_message_for_seconds_at_most() -> None:
    valves = load("pii_guard")[0].valves

    assert valves.seconds == 2.0
    assert SimpleNamespace(**type(valves).model_fields).seconds.metadata
