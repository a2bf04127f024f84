"""The door lets a request in by its key, or answers it itself."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sluice.config.schema import Server
from sluice.server.door import Door
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from tests.server.process import KEY

LIMITS = Server(max_request_bytes=2000, body_seconds=0.2)
GOOD = [("Authorization", f"Bearer {KEY}")]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = await Request(scope, receive).body()
    headers = {"access-control-allow-origin": "*", "Access-Control-Allow-Credentials": "true", "x-kept": "yes"}
    await PlainTextResponse(f"{scope['path']} {len(body)}", headers=headers)(scope, receive, send)


def client(limits: Server = LIMITS) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(Door(echo, KEY, lambda: limits)), base_url="http://gateway")


WRONG: dict[str, list[tuple[str, str]]] = {
    "none": [],
    "empty": [("Authorization", "")],
    "scheme only": [("Authorization", "Bearer")],
    "empty key": [("Authorization", "Bearer ")],
    "other key": [("Authorization", "Bearer other")],
    "beginning of the key": [("Authorization", f"Bearer {KEY[:-1]}")],
    "more than the key": [("Authorization", f"Bearer {KEY}x")],
    "other scheme": [("Authorization", f"Basic {KEY}")],
    "key without scheme": [("Authorization", KEY)],
    "two keys, good first": [("Authorization", f"Bearer {KEY}"), ("Authorization", "Bearer other")],
    "two keys, good last": [("Authorization", "Bearer other"), ("Authorization", f"Bearer {KEY}")],
    "good key twice": [*GOOD, *GOOD],
    "in another header": [("X-Api-Key", KEY)],
}


@pytest.mark.parametrize("headers", WRONG.values(), ids=WRONG.keys())
async def test_without_the_one_right_key_nothing_is_answered(headers: list[tuple[str, str]]) -> None:
    async with client() as http:
        answer = await http.get("/models", headers=headers)

    assert answer.status_code == 401
    assert "Authorization: Bearer" in answer.json()["error"]["message"]
    assert KEY not in answer.text


async def test_a_key_of_strange_bytes_is_just_wrong() -> None:
    async with client() as http:
        answer = await http.get("/models", headers=[(b"Authorization", b"Bearer \xff\xfe")])  # type: ignore[list-item]

    assert answer.status_code == 401


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_right_key_opens(scheme: str) -> None:
    async with client() as http:
        answer = await http.get("/models", headers={"Authorization": f"{scheme} {KEY}"})

    assert answer.status_code == 200


async def test_only_the_health_check_is_open() -> None:
    async with client() as http:
        paths = ("/healthz", "/healthz/", "/Healthz", "/readyz")
        statuses = {path: (await http.get(path)).status_code for path in paths}

    assert statuses == {"/healthz": 200, "/healthz/": 401, "/Healthz": 401, "/readyz": 401}


async def test_what_admits_other_origins_is_taken_out_of_every_answer() -> None:
    async with client() as http:
        answer = await http.get("/models", headers=[*GOOD, ("Origin", "https://elsewhere.example")])

    assert [name for name in answer.headers if name.startswith("access-control")] == []
    assert answer.headers["x-kept"] == "yes"


CLOSED = ["/pipelines/add", "/pipelines/upload", "/pipelines/delete", "/v1/pipelines/add", "/v1/pipelines/upload",
          "/v1/pipelines/delete", "/pipelines/add/", "/pipelines/add//", "/pipelines/%61dd", "/v1/pipelines/uplo%61d",
          "//pipelines/add", "/pipelines//add", "/v1//pipelines/delete", "/./pipelines/add"]  # fmt: skip


@pytest.mark.parametrize("path", [path for path in CLOSED if "//" not in path and "/." not in path])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
async def test_adding_and_deleting_code_is_closed_for_every_method(path: str, method: str) -> None:
    async with client() as http:
        answer = await http.request(method, path, headers=GOOD)

    assert answer.status_code == 403


async def test_it_opens_when_the_configuration_says_so() -> None:
    async with client(Server(allow_pipeline_upload=True)) as http:
        assert (await http.post("/pipelines/add", headers=GOOD)).status_code == 200


async def test_a_body_that_announces_too_much_is_refused() -> None:
    async with client() as http:
        answer = await http.post("/models", headers=GOOD, content=b"x" * 2001)

    assert answer.status_code == 413
    assert "larger than 2,000 bytes" in answer.json()["error"]["message"]


async def test_a_body_in_pieces_that_becomes_too_much_is_refused() -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(30):
            yield b"x" * 100

    async with client() as http:
        answer = await http.post("/models", headers=GOOD, content=pieces())

    assert answer.status_code == 413


async def test_a_body_of_just_the_limit_is_read() -> None:
    async with client() as http:
        assert (await http.post("/models", headers=GOOD, content=b"x" * 2000)).text == "/models 2000"


async def test_a_web_socket_is_turned_away() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    await Door(echo, KEY, lambda: LIMITS)({"type": "websocket", "path": "/", "headers": []}, None, send)

    assert sent == [{"type": "websocket.close", "code": 1008}]
