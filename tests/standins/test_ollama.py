"""The stand-in Ollama behaves to real clients as Ollama does, its silent cut included."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.standins import script
from tests.standins.ollama import REMOTE, STANDARD, Ollama
from tests.standins.ollama_window import cut
from tests.standins.script import Answer, ToolCall, tokens

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # reads the variable above when imported

litellm.disable_hf_tokenizer_download = True
litellm.suppress_debug_info = True

HELLO = [{"role": "user", "content": "Hello"}]
# LiteLLM otherwise loads its MCP gateway for every call with tools.
DEFAULTS = {"messages": HELLO, "num_retries": 0, "timeout": 10, "_skip_mcp_handler": True}
TOOL = {
    "type": "function",
    "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}},
}


async def ask(ollama: Ollama, model: str = "qwen3:8b", **more: Any) -> Any:
    more = DEFAULTS | more
    return await litellm.acompletion(model=f"ollama_chat/{model}", api_base=ollama.url, **more)


async def post(ollama: Ollama, path: str, body: dict[str, Any]) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(ollama.url + path, json=body)


async def get(ollama: Ollama, path: str) -> Any:
    async with httpx.AsyncClient() as client:
        return (await client.get(ollama.url + path)).json()


@pytest.fixture(autouse=True)
async def _close_clients() -> AsyncIterator[None]:
    yield
    await litellm.close_litellm_async_clients()


async def test_a_whole_answer_has_text_and_usage(ollama: Ollama) -> None:
    answer = await ask(ollama)

    assert answer.choices[0].message.content == "Local answer to 1 messages."
    assert answer.usage.completion_tokens == len(tokens("Local answer to 1 messages."))


async def test_a_stream_joins_to_the_text_with_thinking_apart(ollama: Ollama) -> None:
    ollama.script.next(Answer("Four, of course.", reasoning="Two and two.", piece=4))

    chunks = [chunk async for chunk in await ask(ollama, stream=True)]

    deltas = [chunk.choices[0].delta for chunk in chunks]
    assert "".join(delta.content or "" for delta in deltas) == "Four, of course."
    assert "".join(getattr(delta, "reasoning_content", None) or "" for delta in deltas) == "Two and two."


async def test_tool_calls_arrive(ollama: Ollama) -> None:
    ollama.script.next(Answer(tool_calls=(ToolCall("weather", {"town": "Ulm"}),)))

    answer = await ask(ollama, tools=[TOOL])

    assert answer.choices[0].message.tool_calls[0].function.name == "weather"
    assert answer.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize(
    ("model", "more", "status", "sentence"),
    [
        pytest.param("absent:1b", {}, 404, "model 'absent:1b' not found", id="missing model"),
        pytest.param("gemma3:4b", {"tools": [TOOL]}, 400, "does not support tools", id="no tools"),
        pytest.param("gemma3:4b", {"think": True}, 400, "does not support thinking", id="no thinking"),
    ],
)
async def test_refusals_are_worded_as_by_ollama(
    ollama: Ollama, model: str, more: dict[str, Any], status: int, sentence: str
) -> None:
    answer = await post(ollama, "/api/chat", {"model": model, "messages": HELLO} | more)

    assert answer.status_code == status
    assert sentence in answer.json()["error"]


async def test_running_out_of_memory_is_an_error_of_the_server(ollama: Ollama) -> None:
    ollama.script.next(script.OUT_OF_MEMORY)

    with pytest.raises(litellm.InternalServerError, match="more system memory"):
        await ask(ollama)


async def test_a_short_window_silently_drops_the_oldest_messages(ollama: Ollama) -> None:
    long = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "first " * 5000},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "What did I say?"},
    ]

    await ask(ollama, messages=long)

    seen = ollama.seen[-1]
    assert seen.was_cut
    assert seen.num_ctx == 4096
    assert [message["content"] for message in seen.messages] == ["Be brief.", "Yes.", "What did I say?"]


async def test_a_window_of_the_right_size_cuts_nothing(ollama: Ollama) -> None:
    await ask(ollama, messages=[{"role": "user", "content": "word " * 5000}], num_ctx=8192)

    assert not ollama.seen[-1].was_cut


async def test_a_window_is_never_larger_than_the_model(ollama: Ollama) -> None:
    await ask(ollama, num_ctx=1_000_000)

    assert ollama.seen[-1].num_ctx == STANDARD.context_length


def test_a_last_message_that_is_too_long_loses_its_middle() -> None:
    text = "start " + "filler " * 500 + "end"

    seen = cut("m", [{"role": "user", "content": text}], [], 50)

    assert seen.tokens == 50
    assert seen.prompt.startswith("<|user")
    assert seen.prompt.endswith("end<|end|>\n<|assistant|>\n")


def test_a_tool_result_stays_with_its_call() -> None:
    rounds: list[dict[str, Any]] = [
        {"role": "user", "content": "filler " * 100},
        {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]},
        {"role": "tool", "content": "result " * 30},
    ]

    seen = cut("m", rounds, [], 60)

    assert [message["role"] for message in seen.messages] == ["assistant", "tool"]


async def test_truncation_can_be_refused(ollama: Ollama) -> None:
    body = {"model": "qwen3:8b", "messages": [{"role": "user", "content": "word " * 5000}], "truncate": False}

    answer = await post(ollama, "/api/chat", body)

    assert answer.status_code == 400
    assert answer.json()["error"] == "the input length exceeds the context length"


async def test_remote_models_are_listed_as_such() -> None:
    with Ollama(models=(STANDARD, REMOTE)) as ollama:
        listed = {model["name"]: model for model in (await get(ollama, "/api/tags"))["models"]}
        shown = (await post(ollama, "/api/show", {"model": REMOTE.name})).json()

    assert "remote_host" not in listed[STANDARD.name]
    assert listed[REMOTE.name]["remote_host"] == shown["remote_host"] == "https://ollama.com:443"


async def test_show_names_window_and_capabilities(ollama: Ollama) -> None:
    shown = (await post(ollama, "/api/show", {"model": "qwen3:8b"})).json()

    assert shown["model_info"]["qwen3.context_length"] == 40960
    assert shown["capabilities"] == ["completion", "tools", "thinking"]


async def test_a_used_model_is_listed_as_loaded(ollama: Ollama) -> None:
    await ask(ollama, num_ctx=2048)

    loaded = (await get(ollama, "/api/ps"))["models"]
    assert [(model["name"], model["context_length"]) for model in loaded] == [("qwen3:8b", 2048)]


async def test_generate_answers_too(ollama: Ollama) -> None:
    body = {"model": "qwen3:8b", "prompt": "Hi", "stream": False}

    assert (await post(ollama, "/api/generate", body)).json()["response"] == "Local answer to 1 messages."


async def test_a_dying_stream_breaks_the_connection(ollama: Ollama) -> None:
    ollama.script.next(Answer("Never to be read in full, not at all", ending="die"))

    with pytest.raises(httpx.RemoteProtocolError):
        await post(ollama, "/api/chat", {"model": "qwen3:8b", "messages": HELLO})
