"""The stand-in cloud behaves to real clients as the providers do."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.standins import script
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, Failure, ToolCall, Usage

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # reads the variable above when imported

litellm.disable_hf_tokenizer_download = True
litellm.suppress_debug_info = True
litellm.telemetry = False

PROVIDERS = pytest.mark.parametrize("model", ["openai/gpt-4.1", "anthropic/claude-sonnet-4-5"])
HELLO = [{"role": "user", "content": "Hello"}]
# LiteLLM otherwise loads its MCP gateway for every call with tools.
DEFAULTS = {"messages": HELLO, "max_tokens": 200, "num_retries": 0, "timeout": 10, "_skip_mcp_handler": True}
WEATHER = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "Weather of a town",
        "parameters": {"type": "object", "properties": {"town": {"type": "string"}}},
    },
}


async def ask(cloud: Cloud, model: str, **more: Any) -> Any:
    base = cloud.openai_base if model.startswith("openai") else cloud.anthropic_base
    more = DEFAULTS | more
    return await litellm.acompletion(model=model, api_base=base, api_key=cloud.key, **more)


async def chunks_of(stream: AsyncIterator[Any]) -> list[Any]:
    return [chunk async for chunk in stream]


@pytest.fixture(autouse=True)
async def _close_clients() -> AsyncIterator[None]:
    yield
    await litellm.close_litellm_async_clients()


@PROVIDERS
async def test_answers_name_how_many_messages_came(cloud: Cloud, model: str) -> None:
    answer = await ask(cloud, model)

    assert answer.choices[0].message.content == "Cloud answer to 1 messages."
    assert answer.choices[0].finish_reason == "stop"


@PROVIDERS
async def test_streams_join_to_the_scripted_text_and_end_with_usage(cloud: Cloud, model: str) -> None:
    cloud.script.next(Answer("A longer answer, in pieces.", piece=5, usage=Usage(11, 7)))

    chunks = await chunks_of(await ask(cloud, model, stream=True, stream_options={"include_usage": True}))

    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert text == "A longer answer, in pieces."
    assert (chunks[-1].usage.prompt_tokens, chunks[-1].usage.completion_tokens) == (11, 7)


@PROVIDERS
@pytest.mark.parametrize("stream", [False, True])
async def test_tool_calls_survive_a_round(cloud: Cloud, model: str, stream: bool) -> None:
    cloud.script.next(Answer(tool_calls=(ToolCall("weather", {"town": "Ulm"}, "call_1"),)), Answer("Rain."))

    first = await ask(cloud, model, tools=[WEATHER], stream=stream)
    whole = litellm.stream_chunk_builder(await chunks_of(first)) if stream else first
    call = whole.choices[0].message.tool_calls[0]
    result = {"role": "tool", "tool_call_id": call.id, "content": "wet"}
    rounds = [*HELLO, {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]}, result]
    second = await ask(cloud, model, messages=rounds, tools=[WEATHER])

    assert (call.function.name, call.function.arguments.replace(" ", "")) == ("weather", '{"town":"Ulm"}')
    assert whole.choices[0].finish_reason == "tool_calls"
    assert second.choices[0].message.content == "Rain."


@PROVIDERS
async def test_reasoning_arrives_apart_from_the_text(cloud: Cloud, model: str) -> None:
    cloud.script.next(Answer("Four.", reasoning="Two and two."))

    answer = await ask(cloud, model)

    assert answer.choices[0].message.reasoning_content == "Two and two."


@PROVIDERS
async def test_cached_tokens_are_reported(cloud: Cloud, model: str) -> None:
    cloud.script.next(Answer("Yes.", usage=Usage(100, 3, cache_read=64)))

    answer = await ask(cloud, model)

    assert answer.usage.prompt_tokens_details.cached_tokens == 64


@PROVIDERS
async def test_max_tokens_cuts_the_answer_and_says_so(cloud: Cloud, model: str) -> None:
    cloud.script.next(Answer("one two three four five"))

    answer = await ask(cloud, model, max_tokens=2)

    assert answer.choices[0].message.content == "one two"
    assert answer.choices[0].finish_reason == "length"


@PROVIDERS
@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        pytest.param(script.UNAUTHORIZED, litellm.AuthenticationError, id="401"),
        pytest.param(script.rate_limited(3), litellm.RateLimitError, id="429"),
        pytest.param(script.SERVER_ERROR, litellm.InternalServerError, id="500"),
        pytest.param(Failure(404, "no such model", "not_found_error"), litellm.NotFoundError, id="404"),
        pytest.param(script.MALFORMED, Exception, id="malformed"),
    ],
)
async def test_failures_reach_the_client_as_such(
    cloud: Cloud, model: str, failure: Failure, raised: type[Exception]
) -> None:
    cloud.script.always(failure)

    with pytest.raises(raised):
        await ask(cloud, model, max_retries=0)


async def test_a_rate_limit_names_the_wait(cloud: Cloud) -> None:
    cloud.script.next(script.rate_limited(3))

    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{cloud.openai_base}/chat/completions", headers=KEY, json=PLAIN)

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


KEY = {"Authorization": "Bearer k"}
PLAIN = {"model": "gpt-4.1", "messages": HELLO}
STREAMED = PLAIN | {"stream": True}


@pytest.mark.parametrize("field", ["sluice", "chat_id", "session_id"])
async def test_a_field_the_provider_does_not_know_is_refused(cloud: Cloud, field: str) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{cloud.openai_base}/chat/completions", headers=KEY, json=PLAIN | {field: 1})

    assert answer.status_code == 400
    assert field in answer.json()["error"]["message"]


async def test_an_orphaned_tool_result_is_refused(cloud: Cloud) -> None:
    orphan = [*HELLO, {"role": "tool", "tool_call_id": "call_9", "content": "?"}]

    async with httpx.AsyncClient() as client:
        answer = await client.post(
            f"{cloud.openai_base}/chat/completions", headers=KEY, json=PLAIN | {"messages": orphan}
        )

    assert answer.status_code == 400


async def test_a_dying_stream_breaks_the_connection(cloud: Cloud) -> None:
    cloud.script.next(Answer("Never to be read in full", ending="die"))

    with pytest.raises(httpx.RemoteProtocolError):
        await _read_stream(cloud)


async def test_a_stream_can_end_early_without_its_last_event(cloud: Cloud) -> None:
    cloud.script.next(Answer("Never to be read in full", ending="no_done"))

    text = await _read_stream(cloud)

    assert "data: " in text
    assert "[DONE]" not in text


async def test_a_client_that_leaves_is_noticed(cloud: Cloud) -> None:
    cloud.script.next(script.HANG)

    with pytest.raises(httpx.ReadTimeout):
        await _read_stream(cloud, seconds=0.3)

    assert cloud.record.wait_for(lambda requests: requests[0].client_left)


async def _read_stream(cloud: Cloud, seconds: float = 5) -> str:
    url = f"{cloud.openai_base}/chat/completions"
    async with (
        httpx.AsyncClient(timeout=seconds) as client,
        client.stream("POST", url, headers=KEY, json=STREAMED) as answer,
    ):
        return "".join([part async for part in answer.aiter_text()])


async def test_the_record_holds_every_byte_even_of_broken_requests(cloud: Cloud) -> None:
    async with httpx.AsyncClient() as client:
        await client.post(f"{cloud.url}/nowhere?who=me", headers={"X-Name": "Ada"}, content=b"{Gr\xc3\xbc\xc3\x9fe")

    for part in ("who=me", "Ada", "Grüße", "POST /nowhere"):
        assert part in cloud.record.text()


async def test_the_record_is_searchable_through_json_escapes(cloud: Cloud) -> None:
    await ask(cloud, "openai/gpt-4.1", messages=[{"role": "user", "content": "Grüße an Zoë"}])

    assert "Grüße an Zoë" in cloud.record.text()


async def test_pieces_come_with_the_scripted_delays(cloud: Cloud) -> None:
    cloud.script.next(Answer("abcdef", piece=2, delay_between=0.1))

    started = time.monotonic()
    await _read_stream(cloud)

    assert time.monotonic() - started > 0.3


async def test_it_comes_back_on_the_same_port(cloud: Cloud) -> None:
    url = cloud.url
    cloud.stop()

    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{url}/v1/models")
        cloud.start()
        assert (await client.get(f"{url}/v1/models")).status_code == 200


async def test_a_response_format_is_honoured(cloud: Cloud) -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}}
    wanted = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}

    answer = await ask(cloud, "openai/gpt-4.1", response_format=wanted)

    assert answer.choices[0].message.content == '{"ok": true}'
