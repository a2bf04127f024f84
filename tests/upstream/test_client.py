"""Calls to models, against servers that speak the providers' own protocols."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sluice.chat import messages_for, parameters_for, read_call
from sluice.config import Deployment, parse
from sluice.config.schema import Routing
from sluice.errors import UpstreamError
from sluice.upstream import Delta, stream

from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import (
    HANG,
    MALFORMED,
    OUT_OF_MEMORY,
    SERVER_ERROR,
    TOO_LONG,
    UNAUTHORIZED,
    Answer,
    ToolCall,
    Usage,
    rate_limited,
)

FAST = Routing(first_token_seconds=0.5, idle_seconds=0.5)
ASK = {"model": "x", "messages": [{"role": "user", "content": "Hello there"}]}


def deployment(model: str, base: str) -> Deployment:
    text = (
        f"model_list: [{{model_name: m, litellm_params: {{model: {model}, api_base: '{base}', api_key: sk-canary}}}}]"
    )
    return parse(text, Path("sluice.yaml"), {}).deployments[0]


def of_openai(cloud: Cloud) -> Deployment:
    return deployment("openai/gpt-4.1", cloud.openai_base)


def of_anthropic(cloud: Cloud) -> Deployment:
    return deployment("anthropic/claude-sonnet-5-5", cloud.anthropic_base)


def of_ollama(ollama: Ollama) -> Deployment:
    return deployment("ollama_chat/qwen3:8b", ollama.url)


async def answer(to: Deployment, body: Mapping[str, Any] = ASK, routing: Routing = FAST, **more: Any) -> list[Delta]:
    call = read_call(dict(body))
    where = "ollama" if to.is_ollama else "cloud"
    parameters = {**parameters_for(call, where), **more}
    return [delta async for delta in stream(to, messages_for(call, where), parameters, routing)]


def content(deltas: list[Delta]) -> str:
    return "".join(delta.content for delta in deltas)


PROVIDERS = pytest.mark.parametrize("make", [of_openai, of_anthropic], ids=["openai", "anthropic"])


@PROVIDERS
async def test_an_answer_of_the_cloud_arrives_whole_with_its_usage(cloud: Cloud, make: Any) -> None:
    cloud.script.next(Answer("One, two, three.", usage=Usage(11, 5)))

    deltas = await answer(make(cloud))

    assert content(deltas) == "One, two, three."
    assert [d.finish_reason for d in deltas if d.finish_reason] == ["stop"]
    usage = next(d.usage for d in deltas if d.usage)
    assert (usage.prompt_tokens, usage.completion_tokens) == (11, 5)


async def test_an_answer_of_ollama_arrives_whole_with_its_usage(ollama: Ollama) -> None:
    ollama.script.next(Answer("Local words.", usage=Usage(9, 2)))

    deltas = await answer(of_ollama(ollama), num_ctx=8192)

    assert content(deltas) == "Local words."
    assert next(d.usage for d in deltas if d.usage).prompt_tokens == 9
    assert ollama.record.chats()[0].json["options"]["num_ctx"] == 8192


@pytest.mark.parametrize("make", [of_openai, of_anthropic, of_ollama])
async def test_tool_calls_arrive_in_the_form_of_openai(cloud: Cloud, ollama: Ollama, make: Any) -> None:
    server: Any = ollama if make is of_ollama else cloud
    server.script.next(Answer("", tool_calls=(ToolCall("look_up", {"word": "gate"}, "call_1"),)))
    tools = [{"type": "function", "function": {"name": "look_up", "parameters": {"type": "object"}}}]

    deltas = await answer(make(server), {**ASK, "tools": tools})

    calls = [call for d in deltas for call in d.tool_calls]
    assert calls[0]["function"]["name"] == "look_up"
    arguments = "".join(call["function"].get("arguments", "") for call in calls)
    assert '"word"' in arguments
    assert "gate" in arguments
    assert [d.finish_reason for d in deltas if d.finish_reason] == ["tool_calls"]


@pytest.mark.parametrize("make", [of_openai, of_ollama])
async def test_reasoning_arrives_beside_the_content(cloud: Cloud, ollama: Ollama, make: Any) -> None:
    server: Any = ollama if make is of_ollama else cloud
    server.script.next(Answer("Four.", reasoning="Two and two."))

    deltas = await answer(make(server))

    assert "".join(d.reasoning for d in deltas) == "Two and two."
    assert content(deltas) == "Four."


@pytest.mark.parametrize(
    ("reply", "status", "kind"),
    [
        (UNAUTHORIZED, 401, "key"),
        (rate_limited(7), 429, "busy"),
        (SERVER_ERROR, 502, "down"),
        (TOO_LONG, 413, "too_long"),
        (HANG, 504, "timeout"),
        (MALFORMED, 502, "down"),
    ],
    ids=["wrong key", "rate limit", "server error", "too long", "hang", "malformed"],
)
@PROVIDERS
async def test_a_failure_is_a_sentence_with_its_status(
    cloud: Cloud, make: Any, reply: Any, status: int, kind: str
) -> None:
    cloud.script.always(reply)

    with pytest.raises(UpstreamError) as caught:
        await answer(make(cloud))

    assert (caught.value.status, caught.value.kind) == (status, kind) or reply in (MALFORMED, TOO_LONG)
    assert "sk-canary" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert len(cloud.record.chats()) == 1


async def test_the_wait_that_a_provider_asks_for_is_kept(cloud: Cloud) -> None:
    cloud.script.next(rate_limited(7))

    with pytest.raises(UpstreamError) as caught:
        await answer(of_openai(cloud))

    assert caught.value.retry_after == 7


async def test_a_local_model_without_memory_says_so(ollama: Ollama) -> None:
    ollama.script.next(OUT_OF_MEMORY)

    with pytest.raises(UpstreamError, match="does not fit into memory") as caught:
        await answer(of_ollama(ollama))

    assert caught.value.kind == "memory"


@pytest.mark.parametrize("ending", ["no_done", "die", "hang"])
@pytest.mark.parametrize("make", [of_openai, of_anthropic, of_ollama])
async def test_a_stream_that_just_ends_is_a_failure(cloud: Cloud, ollama: Ollama, make: Any, ending: Any) -> None:
    server: Any = ollama if make is of_ollama else cloud
    server.script.next(Answer("This never comes to its end, alas.", piece=4, ending=ending))

    with pytest.raises(UpstreamError):
        await answer(make(server))


@pytest.mark.parametrize("make", [of_openai, of_anthropic, of_ollama])
async def test_leaving_in_the_middle_closes_the_call_at_the_provider(cloud: Cloud, ollama: Ollama, make: Any) -> None:
    server: Any = ollama if make is of_ollama else cloud
    server.script.next(Answer("word " * 400, piece=5, delay_between=0.02))
    call = read_call(ASK)
    deltas = stream(make(server), messages_for(call, "cloud"), {}, FAST)

    await anext(deltas)
    await deltas.aclose()

    left = await asyncio.to_thread(server.record.wait_for, lambda all_: all_[0].client_left, 5)
    assert left
