"""Answers of the running server: their form, their status, and what a leaving caller stops."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.server.process import KEY, PATIENCE, Running, person, wait_until
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import HANG, SERVER_ERROR, UNAUTHORIZED, Answer, ToolCall, Usage, rate_limited

API = person(message="")
TOOLS = [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}]


def chunks_of(answer: Any) -> list[Any]:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    return [line if line == "[DONE]" else json.loads(line) for line in lines]


def content_of(chunks: list[Any]) -> str:
    deltas = [c["choices"][0]["delta"] for c in chunks if isinstance(c, dict) and c.get("choices")]
    return "".join(delta.get("content", "") for delta in deltas)


def test_a_whole_answer_has_the_form_of_openais_api(gateway: Running) -> None:
    answer = gateway.ask("hello", headers=API)

    body = answer.json()
    (choice,) = body["choices"]
    assert (answer.status_code, body["object"], body["model"]) == (200, "chat.completion", "sluice.auto")
    assert choice["message"] == {"role": "assistant", "content": "Local answer to 1 messages."}
    assert choice["finish_reason"] == "stop"
    assert body["usage"]["location"] == "local"
    assert body["usage"]["total_tokens"] == body["usage"]["prompt_tokens"] + body["usage"]["completion_tokens"]


def test_an_absent_stream_means_a_whole_answer_and_both_paths_are_the_same(gateway: Running) -> None:
    body = {"model": "sluice.local", "messages": [{"role": "user", "content": "hello"}]}

    answers = [gateway.post(f"{prefix}/chat/completions", json=body, headers=API).json() for prefix in ("", "/v1")]

    assert answers[0]["choices"] == answers[1]["choices"]


def test_a_plain_caller_gets_pure_chunks(gateway: Running) -> None:
    chunks = chunks_of(gateway.ask("hello", headers=API, stream=True))

    assert chunks[-1] == "[DONE]"
    assert [chunk for chunk in chunks[:-1] if chunk["object"] != "chat.completion.chunk"] == []
    assert chunks[0]["choices"][0]["delta"]["role"] == "assistant"
    assert content_of(chunks) == "Local answer to 1 messages."
    assert [c["choices"][0]["finish_reason"] for c in chunks[:-1]][-1] == "stop"
    assert [chunk for chunk in chunks[:-1] if "usage" in chunk or "event" in chunk] == []


def test_a_plain_caller_gets_the_usage_it_asks_for(gateway: Running) -> None:
    chunks = chunks_of(gateway.ask("hello", headers=API, stream=True, stream_options={"include_usage": True}))

    assert chunks[-2]["choices"] == []
    assert chunks[-2]["usage"]["model"] == "qwen3:8b"


def test_open_webui_gets_the_status_line_first_and_the_usage_last(gateway: Running) -> None:
    chunks = chunks_of(gateway.ask("hello", "frontier", stream=True))

    assert chunks[0] == {"event": {"type": "status", "data": {"description": "Cloud · gpt-4.1", "done": True}}}
    assert chunks[-2]["usage"]["location"] == "cloud"
    assert chunks[-1] == "[DONE]"


def test_a_background_task_gets_no_status_line(gateway: Running) -> None:
    answer = gateway.ask("hello", stream=True, headers=person(message="", task="title_generation"))

    assert "event" not in chunks_of(answer)[0]


def test_a_broken_or_foreign_token_makes_a_caller_unknown_and_local(gateway: Running, shared_cloud: Cloud) -> None:
    plain = {"X-OpenWebUI-User-Id": "u-1", "X-OpenWebUI-User-Role": "admin", "X-Sluice-Message": "m-1"}
    for headers in (plain, {**plain, "X-OpenWebUI-User-Jwt": "a.b.c"}):
        answer = gateway.ask("hello", "frontier", headers=headers)

        assert answer.json()["usage"]["location"] == "local"

    assert shared_cloud.record.requests == []


def test_the_real_guard_keeps_an_address_on_the_machine_unless_a_cloud_was_picked(
    gateway: Running, shared_cloud: Cloud
) -> None:
    auto = gateway.ask("Write to jane.doe@corp.example", "auto", stream=True)
    picked = gateway.ask("Write to jane.doe@corp.example", "frontier", stream=True)

    assert "kept local: personal data" in chunks_of(auto)[0]["event"]["data"]["description"]
    assert chunks_of(picked)[0]["event"]["data"]["description"] == "Cloud · gpt-4.1 · 1 masked"
    assert "jane.doe" not in shared_cloud.record.text()


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("model", ["frontier", "local"])
def test_tool_calls_and_their_reason_to_finish_arrive(
    gateway: Running, shared_cloud: Cloud, shared_ollama: Ollama, stream: bool, model: str
) -> None:
    for standin in (shared_cloud, shared_ollama):
        standin.script.always(Answer("", tool_calls=(ToolCall("look_up", {"word": "gate"}, "call_1"),)))

    answer = gateway.ask("look up", model, stream=stream, tools=TOOLS)

    if stream:
        deltas = [c["choices"][0] for c in chunks_of(answer) if isinstance(c, dict) and c.get("choices")]
        calls = [call for one in deltas for call in one["delta"].get("tool_calls", ())]
        arguments = "".join(call["function"].get("arguments", "") for call in calls)
        name, reason = calls[0]["function"]["name"], deltas[-1]["finish_reason"]
    else:
        (choice,) = answer.json()["choices"]
        (call,) = choice["message"]["tool_calls"]
        assert choice["message"]["content"] is None
        name, arguments, reason = call["function"]["name"], call["function"]["arguments"], choice["finish_reason"]
    assert (name, json.loads(arguments), reason) == ("look_up", {"word": "gate"}, "tool_calls")


def test_a_round_of_tools_with_content_null_is_answered(gateway: Running) -> None:
    rounds = [
        {"role": "user", "content": "look up"},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]  # fmt: skip

    for model in ("local", "frontier"):
        answer = gateway.ask("", model, messages=rounds, tools=TOOLS)

        assert answer.json()["choices"][0]["message"]["content"].endswith("answer to 3 messages.")


def test_an_answer_that_reached_its_limit_says_so(gateway: Running) -> None:
    for model in ("local", "frontier"):
        assert gateway.ask("hello", model, max_tokens=2).json()["choices"][0]["finish_reason"] == "length"


def test_reasoning_arrives_in_its_own_field(gateway: Running, shared_ollama: Ollama) -> None:
    shared_ollama.script.next(Answer("Four.", reasoning="Two and two."))

    message = gateway.ask("hello", "local").json()["choices"][0]["message"]

    assert (message["content"], message["reasoning_content"]) == ("Four.", "Two and two.")


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize(
    ("failure", "status"), [(SERVER_ERROR, 502), (rate_limited(7), 429)], ids=["server error", "rate limit"]
)
def test_a_failure_of_every_model_has_a_real_status(
    gateway: Running, shared_ollama: Ollama, stream: bool, failure: Any, status: int
) -> None:
    shared_ollama.script.always(failure)

    answer = gateway.ask("hello", "local", stream=stream)

    assert answer.status_code in ((status, 503) if status == 502 else (status,))
    assert "qwen3:8b" in answer.json()["error"]["message"]
    assert status != 429 or answer.headers["retry-after"] == "7"


@pytest.mark.parametrize(
    ("model", "body", "status"),
    [
        ("nope", {}, 404),
        ("local", {"messages": [{"role": "user", "content": "word " * 60_000}]}, 413),
        ("auto", {"messages": []}, 400),
        ("auto", {"n": 3}, 400),
        ("local", {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}]}]}, 503),
    ],
    ids=["unknown model", "too long", "no messages", "several answers", "image without eyes"],
)  # fmt: skip
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_what_cannot_be_answered_has_a_status_and_a_sentence(
    gateway: Running, model: str, body: dict[str, Any], status: int, stream: bool
) -> None:
    answer = gateway.ask("x", model, stream=stream, **body)

    assert answer.status_code == status
    assert answer.json()["error"]["message"].endswith((".", "."))


def test_a_stream_that_breaks_off_ends_with_an_error_and_without_done(gateway: Running, shared_ollama: Ollama) -> None:
    shared_ollama.script.next(Answer("This never comes to its end.", piece=4, ending="die"))

    chunks = chunks_of(gateway.ask("hello", "local", stream=True))

    assert "qwen3:8b" in chunks[-1]["error"]["message"]
    assert "[DONE]" not in chunks


def test_a_whole_answer_that_breaks_off_is_an_error(gateway: Running, shared_ollama: Ollama) -> None:
    shared_ollama.script.next(Answer("This never comes to its end.", piece=4, ending="die"))

    assert gateway.ask("hello", "local").status_code in (502, 503)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
@pytest.mark.parametrize("reply", [HANG, Answer("word " * 500, piece=5, delay_between=0.05)], ids=["before", "within"])
async def test_a_caller_who_leaves_stops_the_work_at_the_model(
    gateway: Running, shared_cloud: Cloud, stream: bool, reply: Answer
) -> None:
    shared_cloud.script.next(reply)
    body = {"model": "sluice.gpt", "messages": [{"role": "user", "content": "hello"}], "stream": stream}
    headers = {"Authorization": f"Bearer {KEY}", **person()}

    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=PATIENCE) as client:
        asking = asyncio.create_task(client.post("/chat/completions", json=body, headers=headers))
        assert await asyncio.to_thread(shared_cloud.record.wait_for, lambda all_: len(all_) == 1, PATIENCE)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    assert await asyncio.to_thread(shared_cloud.record.wait_for, lambda all_: all_[0].client_left, PATIENCE)


async def test_200_streams_that_say_nothing_cost_no_thread_and_hold_nobody_up(
    gateway: Running, shared_cloud: Cloud
) -> None:
    shared_cloud.script.when(lambda body: "idle" in json.dumps(body), HANG)
    headers = {"Authorization": f"Bearer {KEY}", **person()}
    gateway.ask("hello", "gpt")
    body = {"model": "sluice.gpt", "messages": [{"role": "user", "content": "idle"}], "stream": True}
    before = gateway.threads()

    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=gateway.url, trust_env=False, timeout=PATIENCE, limits=limits) as client:
        asking = [asyncio.create_task(client.post("/chat/completions", json=body, headers=headers)) for _ in range(200)]
        reached = await asyncio.to_thread(shared_cloud.record.wait_for, lambda all_: len(all_) > 200, PATIENCE)
        during = gateway.threads()
        other = await asyncio.to_thread(gateway.ask, "hello", "local")
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    assert reached, len(shared_cloud.record.requests)
    assert other.status_code == 200
    assert during <= before + 4


CANARY = "canary-4711"


def test_no_log_at_any_level_holds_a_text(gateway: Running, shared_cloud: Cloud, shared_ollama: Ollama) -> None:
    person_ = {"user": {"name": f"{CANARY} Pat", "email": f"{CANARY}@corp.example"}}
    for stream in (False, True):
        for model in ("local", "gpt"):
            for standin in (shared_cloud, shared_ollama):
                standin.script.next(Answer(f"{CANARY} answer", usage=Usage(1, 1)))
            gateway.ask(f"{CANARY} question", model, stream=stream, **person_)
        shared_cloud.script.next(UNAUTHORIZED)
        shared_ollama.script.next(SERVER_ERROR, Answer(f"{CANARY} cut", piece=4, ending="die"))
        gateway.ask(f"{CANARY} failing", "gpt", stream=stream)
        gateway.ask(f"{CANARY} cut", "local", stream=stream)
    gateway.post("/chat/completions", content=f'{{"model": "{CANARY}", "messages": 1}}'.encode())
    gateway.post("/chat/completions", content=f'{{"{CANARY}'.encode())
    gateway.post("/sluice/v1/inspect", json={"text": f"{CANARY} jane.doe@corp.example"})
    gateway.post("/sluice/v1/route", json={"messages": [{"role": "user", "content": CANARY}]})
    gateway.ask(CANARY, "nope")

    assert CANARY not in gateway.printed()
    assert "sk-canary" not in gateway.printed()
    assert KEY not in gateway.printed()


def test_nothing_tried_to_leave_the_machine(gateway: Running, offline_environment: dict[str, str]) -> None:
    from pathlib import Path

    from tests.standins import blockade

    gateway.ask("hello", "gpt", stream=True, tools=TOOLS)
    gateway.ask("hello", "local", stream=True, tools=TOOLS)

    report = Path(offline_environment[blockade.REPORT])
    assert not report.exists() or report.read_text(encoding="utf-8") == ""


def test_a_model_that_goes_and_comes_back_is_noticed(make_gateway: Callable[..., Running], ollama: Ollama) -> None:
    gateway = make_gateway().start()
    ollama.stop()
    wait_until(lambda: gateway.ask("hello", "local").status_code == 503, "the missing Ollama is noticed")
    message = gateway.ask("hello", "local").json()["error"]["message"]
    ollama.start()

    wait_until(lambda: gateway.ask("hello", "local").status_code == 200, "Ollama is back")
    assert "Nothing was sent to the cloud, and no local model could answer" in message
