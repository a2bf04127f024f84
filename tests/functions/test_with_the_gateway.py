"""The functions and the real gateway, which must mean the same by every word."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import unused_port
from tests.functions.conftest import Screen, Window, install, request
from tests.functions.loader import load
from tests.server.conftest import environ_for
from tests.server.process import KEY, Running, person
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer

MAIL = "jane.doe@corp.example"
FILE = f'<context><source id="1" name="cv.pdf">Write to {MAIL}.</source></context>Who is it?'
USER = {"id": "u-1", "role": "user"}


@pytest.fixture(scope="module")
def outside() -> Iterator[Cloud]:
    with Cloud() as standin:
        yield standin


@pytest.fixture(scope="module")
def running(
    outside: Cloud, offline_environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A gateway between two stand-ins, for all tests here."""
    with Ollama() as ollama:
        environ = environ_for(offline_environment, outside, ollama)
        with Running(tmp_path_factory.mktemp("gateway"), unused_port(), environ) as running:
            yield running


@pytest.fixture(autouse=True)
def _connected(running: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    install(running.url, KEY, monkeypatch)


@pytest.fixture
def headers() -> dict[str, str]:
    """A chat of its own."""
    return person()


async def guarded(text: str, headers: dict[str, str], window: Window, screen: Screen, **valves: str) -> dict[str, Any]:
    guard, _ = load("pii_guard")
    row = {"id": "sluice.frontier"}
    body: dict[str, Any] = await guard.request(
        {"model": row["id"], "messages": [{"role": "user", "content": text}]},
        __user__={**USER, "valves": guard.UserValves(**valves)},
        __model__=row,
        __metadata__=metadata(headers),
        __request__=request(row, OPENAI_MODELS={row["id"]: {"urlIdx": 1}}),
        __event_emitter__=screen,
        __event_call__=window,
    )
    return body


def metadata(headers: dict[str, str]) -> dict[str, Any]:
    return {"chat_id": headers["X-Sluice-Chat"], "message_id": "m-1"}


async def test_a_file_that_the_person_lets_go_leaves_masked_and_is_asked_about_once(
    running: Running,
    outside: Cloud,
    headers: dict[str, str],
    screen: Screen,
) -> None:
    outside.script.always(Answer("It names [EMAIL_1]."))
    window = Window("masked")

    await guarded(FILE, headers, window, screen)
    answer = running.ask(FILE, "frontier", headers=headers).json()
    await guarded(FILE, headers, window, screen)

    (dialog,) = window.dialogs
    assert "cv.pdf" in dialog["message"]
    assert "Write to [EMAIL_1]." in dialog["message"]
    assert MAIL not in dialog["message"]
    assert answer["usage"]["location"] == "cloud"
    assert screen.lines == [
        "Found: 1 × personal, 1 × document · leaves masked, as you agreed",
        "Found: 1 × personal, 1 × document · leaves masked",
    ]
    assert MAIL not in outside.record.text()


async def test_a_file_that_the_person_keeps_stays(
    running: Running,
    headers: dict[str, str],
    screen: Screen,
) -> None:
    await guarded(FILE, headers, Window("local"), screen)

    assert running.ask(FILE, "frontier", headers=headers).json()["usage"]["location"] == "local"


async def test_strict_is_understood(running: Running, headers: dict[str, str], screen: Screen) -> None:
    body = await guarded(f"Write to {MAIL}", headers, Window(), screen, strict="on")

    answer = running.ask("", "frontier", headers=headers, messages=body["messages"], sluice=body["sluice"]).json()
    assert screen.lines == ["Found: 1 × personal · stays on this machine"]
    assert answer["usage"]["location"] == "local"


async def test_what_was_masked_is_what_left(
    running: Running,
    headers: dict[str, str],
    screen: Screen,
) -> None:
    running.ask(f"Write to {MAIL}", "frontier", headers=headers)
    action, _ = load("what_was_masked")
    window = Window(True)

    await action.action({**metadata(headers), "id": "m-1"}, USER, request(), screen, window)

    assert "[EMAIL_1]" in window.dialogs[0]["message"]
    assert MAIL in window.dialogs[0]["message"]


async def test_an_admins_press_ends_a_wrong_alarm(
    running: Running,
    headers: dict[str, str],
    screen: Screen,
) -> None:
    desk = "desk.of.nobody@corp.example"
    body = {**metadata(headers), "id": "m-1", "messages": [{"role": "user", "content": f"Where is {desk}?"}]}
    action, _ = load("not_private")
    window = Window("all")
    _, module = load("not_private")
    found = await module.Link(request(), USER, metadata(headers), 10).send("findings", {"messages": body["messages"]})
    window.answer = found["findings"][0]["mark"]

    await action.action(body, {"id": "boss", "role": "admin"}, request(), screen, window)
    await guarded(f"Where is {desk}?", headers, Window(), screen)

    assert [one["value"] for one in found["findings"]] == [desk]
    assert screen.notes == ["Allowed from now on: 1."]
    assert screen.lines == []


async def test_a_model_past_the_gateway_reads_placeholders_and_the_person_the_values(
    headers: dict[str, str],
) -> None:
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(direct_models="mask")
    row, who = {"id": "gpt-5", "owned_by": "openai"}, metadata(headers)
    asked = request(row, OPENAI_MODELS={"gpt-5": {"urlIdx": 0}})
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": f"Write to {MAIL}."}]}

    sent = await filter.request(body, USER, row, who, asked)
    event = await filter.stream({"choices": [{"delta": {"content": "Dear [EMAIL_1]."}}]}, who, asked)

    assert sent["messages"][-1]["content"] == "Write to [EMAIL_1]."
    assert event["choices"][0]["delta"]["content"] == f"Dear {MAIL}."


async def test_a_secret_reaches_no_model_past_the_gateway(headers: dict[str, str]) -> None:
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(direct_models="mask")
    row = {"id": "gpt-5", "owned_by": "openai"}
    body = {"model": "gpt-5", "messages": [{"role": "user", "content": "password=hunter2swordfish"}]}

    with pytest.raises(Exception, match="this may not leave: a key or password"):
        await filter.request(body, USER, row, metadata(headers), request(row))
