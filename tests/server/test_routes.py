"""Every route of the running server needs the key, and says clearly what it cannot do."""

import json
import re
import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
from sluice.config import LANES
from sluice.server.app import App
from sluice.server.settings import from_environ
from starlette.routing import Mount

from tests.server.process import KEY, Running
from tests.server.test_door import CLOSED
from tests.standins.ollama import Ollama

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def paths_of(routes: Any) -> set[str]:
    found: set[str] = set()
    for route in routes:
        found |= paths_of(route.routes) if isinstance(route, Mount) else {route.path}
    return found


@pytest.mark.filterwarnings("ignore:'crypt' is deprecated")
def test_without_the_key_every_route_of_both_servers_says_401(gateway: Running, tmp_path: Path) -> None:
    app = App(from_environ({"SLUICE_KEY": KEY, "SLUICE_DATA": str(tmp_path)}), {})
    paths = {re.sub(r"\{[^}]*\}", "sluice", path) for path in paths_of(app._routes().routes)}
    assert {"/chat/completions", "/v1/chat/completions", "/sluice/v1/route", "/docs", "/openapi.json", "/",
            "/sluice/valves", "/v1/sluice/valves/update", "/pipelines/upload"} <= paths  # fmt: skip

    with httpx.Client(base_url=gateway.url, trust_env=False) as anonymous:
        answers = {
            (method, path): anonymous.request(method, path).status_code
            for path in sorted(paths - {"/healthz"})
            for method in METHODS
        }
        open_ = anonymous.get("/healthz").status_code

    assert {key: status for key, status in answers.items() if status != 401} == {}
    assert open_ == 200


@pytest.mark.parametrize("path", CLOSED)
@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
def test_no_spelling_of_a_path_adds_or_deletes_code(gateway: Running, path: str, method: str) -> None:
    target = gateway.data / "pipelines"
    before = sorted(target.rglob("*.py"))
    boundary = b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.py"\r\n\r\npass\r\n--b--\r\n'
    head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nConnection: close\r\n"
    head += f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(boundary)}\r\n\r\n"

    with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as raw:
        raw.sendall(head.encode() + boundary)
        status = int(raw.makefile("rb").readline().split()[1])

    assert status in (403, 404, 405)
    assert sorted(target.rglob("*.py")) == before


def test_the_list_of_models_is_the_lanes_and_each_configured_model(gateway: Running) -> None:
    listing = gateway.get("/v1/models").json()

    assert listing["pipelines"] is True
    assert [one["id"] for one in listing["data"]] == [f"sluice.{name}" for name in (*LANES, "qwen", "gpt")]
    assert all(one["pipeline"] == {"type": "manifold", "valves": True} for one in listing["data"])
    assert gateway.get("/models").json() == listing


def test_the_valves_and_their_description_are_there_for_open_webui(gateway: Running) -> None:
    assert gateway.get("/sluice/valves").json() == {
        "cloud": True, "guard": "enforce", "budgets": "enforce", "auto_threshold": None,
    }  # fmt: skip
    spec = gateway.get("/sluice/valves/spec").json()["properties"]
    assert all(len(valve["description"]) > 40 for valve in spec.values())


def test_a_decision_is_told_without_asking_a_model(gateway: Running, shared_ollama: Ollama) -> None:
    decided = gateway.post("/sluice/v1/route", json={"messages": [{"role": "user", "content": "hello"}]}).json()

    assert set(decided) == {"location", "model", "complexity", "reasons", "transform", "chain"}
    assert (decided["location"], decided["model"], decided["transform"]) == ("local", "qwen", "none")
    assert shared_ollama.record.chats() == []


def test_a_decision_is_explained_where_that_is_asked_for(gateway: Running) -> None:
    body = {"messages": [{"role": "user", "content": "hello"}]}

    explained = gateway.post("/sluice/v1/route?explain=1", json=body).json()["explanation"]

    assert (explained["decided_by"], explained["signals"]["task_kind"]) == ("estimate", "chat")
    assert [one["place"] for one in explained["weighed"] if one["model"] == "qwen"] == [1]


def test_the_real_guard_finds_what_is_private(gateway: Running) -> None:
    text = "Write to jane.doe@corp.example about it."

    found = gateway.post("/sluice/v1/inspect", json={"text": text}).json()

    (finding,) = [one for one in found["findings"] if one["type"] == "EMAIL_ADDRESS"]
    assert text[finding["start"] : finding["end"]] == "jane.doe@corp.example"
    assert "personal" in found["labels"]


def test_a_whole_call_can_be_inspected(gateway: Running) -> None:
    messages = [{"role": "user", "content": "My address is jane.doe@corp.example"}]

    judged = gateway.post("/sluice/v1/inspect", json={"messages": messages}).json()

    assert judged["action"] == "local"
    assert judged["counts"]["personal"] >= 1
    assert "corp.example" not in json.dumps(judged)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sluice/v1/inspect", b"{"),
        ("/sluice/v1/inspect", b"[]"),
        ("/sluice/v1/inspect", b'{"text": 1}'),
        ("/sluice/v1/inspect", b'{"messages": 1}'),
        ("/sluice/v1/route", b"[]"),
        ("/sluice/v1/route", b"{}"),
        ("/sluice/v1/route", b'{"messages": [{"role": "user", "content": "x"}], "lane": {"a": 1}}'),
        ("/sluice/v1/route", b'{"messages": [{"role": "user", "content": "x"}], "model": 5}'),
        ("/chat/completions", b""),
        ("/chat/completions", b'{"model": "nope", "messages": [{"role": "user", "content": "x"}]}'),
    ],
)
def test_a_wrong_request_gets_a_sentence_and_a_status(gateway: Running, path: str, body: bytes) -> None:
    answer = gateway.post(path, content=body)

    assert 400 <= answer.status_code < 500
    assert len(answer.json()["error"]["message"]) > 10


def test_a_text_that_is_too_large_for_the_guard_is_a_sentence(gateway: Running) -> None:
    answer = gateway.post("/sluice/v1/inspect", json={"text": "x " * 300_000})

    assert answer.status_code in (413, 422, 503)
    assert "guard" in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/chat/completions", "/sluice/v1/route", "/sluice/valves/update"])
@pytest.mark.parametrize("chunked", [False, True], ids=["announced", "in pieces"])
def test_a_request_that_is_too_large_is_refused(gateway: Running, path: str, chunked: bool) -> None:
    body = json.dumps({"messages": "x" * 1_100_000}).encode()

    answer = gateway.post(path, content=iter([body]) if chunked else body)

    assert answer.status_code == 413
    assert "1,000,000 bytes" in answer.json()["error"]["message"]


def test_a_request_that_does_not_arrive_is_given_up(gateway: Running) -> None:
    head = f"POST /chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KEY}\r\nContent-Length: 100\r\n\r\n"

    with socket.create_connection(("127.0.0.1", gateway.port), timeout=30) as raw:
        raw.sendall(head.encode() + b'{"model"')
        answer = raw.makefile("rb").readline()

    assert b" 408 " in answer


def test_no_answer_admits_other_origins(gateway: Running) -> None:
    headers = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    asked = [("GET", "/models"), ("GET", "/sluice/valves"), ("OPTIONS", "/chat/completions"), ("OPTIONS", "/docs")]
    with gateway.client(headers=headers) as client:
        answers = [client.request(method, path) for method, path in asked]

    assert [name for answer in answers for name in answer.headers if name.startswith("access-control")] == []
