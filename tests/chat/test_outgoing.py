"""An allow-list decides what a model gets: all that it may receive, and nothing else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import Destination, messages_for, parameters_for, read_call

DESTINATIONS: list[Destination] = ["cloud", "local", "ollama"]
EVERYWHERE = pytest.mark.parametrize("destination", DESTINATIONS)
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo=", "detail": "low"}}
TOOL = {"type": "function", "function": {"name": "f", "description": "d", "parameters": {"type": "object"}}}
ASKED = {
    "role": "assistant",
    "content": None,
    "tool_calls": [{"index": 0, "id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}],
}
ROUNDS = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": [{"type": "text", "text": "What is this?"}, IMAGE]},
    ASKED,
    {"role": "tool", "tool_call_id": "c1", "content": "42"},
    {"role": "assistant", "content": "It is 42.", "reasoning_content": "hm"},
    {"role": "user", "content": "Sure?"},
]


def sent(destination: Destination, *messages: Any, **more: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    call = read_call({"model": "m", "messages": list(messages) or [{"role": "user", "content": "x"}], **more})
    return messages_for(call, destination), parameters_for(call, destination)


@EVERYWHERE
def test_a_conversation_with_images_and_tool_rounds_goes_out_whole(destination: Destination) -> None:
    messages, _ = sent(destination, *ROUNDS)

    assert [m["role"] for m in messages] == [m["role"] for m in ROUNDS]
    assert messages[1]["content"] == ROUNDS[1]["content"]
    assert messages[2]["content"] is None
    assert messages[2]["tool_calls"] == [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
    ]
    assert messages[3] == ROUNDS[3]
    assert messages[4]["content"] == "It is 42."


def test_reasoning_of_earlier_turns_stays_on_the_machine() -> None:
    assert "reasoning_content" not in sent("cloud", *ROUNDS)[0][4]
    assert sent("local", *ROUNDS)[0][4]["reasoning_content"] == "hm"
    assert sent("ollama", *ROUNDS)[0][4]["reasoning_content"] == "hm"


GOES = {
    "temperature": 0.5, "top_p": 0.9, "max_tokens": 5, "max_completion_tokens": 5, "stop": ["\n"], "seed": 1,
    "frequency_penalty": 0.1, "presence_penalty": 0.1, "logit_bias": {"1": 2.0}, "logprobs": True, "top_logprobs": 2,
    "response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}, "reasoning_effort": "low",
    "tools": [TOOL], "tool_choice": "auto", "parallel_tool_calls": False,
}  # fmt: skip
LOCAL_ONLY = {"top_k": 5, "min_p": 0.1, "repeat_penalty": 1.1}


@EVERYWHERE
def test_every_parameter_of_openais_api_goes_out(destination: Destination) -> None:
    _, parameters = sent(destination, **GOES)

    assert parameters == GOES


def test_parameters_of_local_servers_go_to_those_only() -> None:
    given_ = {**LOCAL_ONLY, "keep_alive": "5m"}

    assert sent("cloud", **given_)[1] == {}
    assert sent("local", **given_)[1] == LOCAL_ONLY
    assert sent("ollama", **given_)[1] == given_


NEVER = {
    "user": {"name": "canary", "email": "canary", "id": "canary"},
    "metadata": {"chat_id": "canary"},
    "sluice": {"lane": "auto", "preset": "canary"},
    "chat_id": "canary", "session_id": "canary", "id": "canary", "files": ["canary"], "features": {"canary": True},
    "extra_body": {"canary": 1}, "extra_headers": {"canary": "1"}, "api_base": "canary", "api_key": "canary",
    "base_url": "canary", "mock_response": "canary", "fallbacks": ["canary"], "custom_llm_provider": "canary",
    "safety_identifier": "canary", "prompt_cache_key": "canary", "store": True, "num_ctx": 12, "functions": ["canary"],
}  # fmt: skip
MESSAGE_EXTRAS = {"name": "canary", "id": "canary", "timestamp": 1, "user": "canary", "files": ["canary"],
                  "annotations": ["canary"], "sources": ["canary"], "cache_control": {"canary": 1}}  # fmt: skip


@EVERYWHERE
def test_what_names_a_person_or_steers_the_caller_never_goes_out(destination: Destination) -> None:
    part = {"type": "text", "text": "x", "id": "canary", "cache_control": {"canary": 1}}
    call = {"id": "c1", "canary": 1, "function": {"name": "f", "arguments": "{}", "canary": 1}}
    messages = (
        {"role": "user", "content": [part, {"type": "input_text", "text": "x", "canary": "canary"}], **MESSAGE_EXTRAS},
        {"role": "assistant", "content": "", "tool_calls": [call], **MESSAGE_EXTRAS},
        {"role": "tool", "tool_call_id": "c1", "content": "x", **MESSAGE_EXTRAS},
    )
    tool = {**TOOL, "id": "canary", "server": {"url": "canary"}}

    out = sent(destination, *messages, **NEVER, tools=[tool])

    assert "canary" not in json.dumps(out)
    assert "num_ctx" not in out[1]
    assert "store" not in out[1]


def test_a_tool_that_the_provider_would_run_itself_is_not_sent() -> None:
    _, parameters = sent("cloud", tools=[TOOL, {"type": "mcp", "server_url": "http://canary"}, {"type": "web_search"}])

    assert parameters["tools"] == [TOOL]


KNOWN = {*GOES, *LOCAL_ONLY, "keep_alive", "verbosity", "model", "messages", "stream", "stream_options", "n", "sluice",
         "role", "content", "tool_calls", "tool_call_id", "reasoning_content"}  # fmt: skip


@EVERYWHERE
@given(
    extra=st.dictionaries(
        st.text(min_size=1).filter(lambda key: key not in KNOWN),
        st.just("canary"),
        max_size=5,
    )
)
def test_no_unknown_field_ever_goes_out(destination: Destination, extra: dict[str, str]) -> None:
    out = sent(destination, {**extra, "role": "user", "content": "x"}, **extra)

    assert "canary" not in json.dumps(out)


@EVERYWHERE
@pytest.mark.parametrize(
    ("arguments", "as_sent"),
    [({"a": 1}, '{"a": 1}'), (None, "{}"), ('{"a": 1}', '{"a": 1}')],
    ids=["object", "none", "text"],
)
def test_arguments_of_a_tool_call_go_out_as_text(destination: Destination, arguments: Any, as_sent: str) -> None:
    message = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": arguments}}]}

    (out,), _ = sent(destination, message)

    assert out["tool_calls"][0]["function"]["arguments"] == as_sent


@pytest.mark.parametrize("broken", ["{", "[1]", '"x"', "null"])
def test_ollama_gets_broken_arguments_as_an_object(broken: str) -> None:
    message = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": "f", "arguments": broken}}]}

    (out,), _ = sent("ollama", message)

    assert json.loads(out["tool_calls"][0]["function"]["arguments"]) == {"arguments": broken}


@EVERYWHERE
def test_a_wish_is_taken_out_of_what_the_model_reads(destination: Destination) -> None:
    messages, _ = sent(
        destination,
        {"role": "user", "content": "@local What is this?"},
        {"role": "user", "content": [{"type": "text", "text": "And this? @cloud"}, IMAGE]},
        {"role": "assistant", "content": "@local is mine"},
    )

    assert messages[0]["content"] == "What is this?"
    assert messages[1]["content"] == [{"type": "text", "text": "And this?"}, IMAGE]
    assert messages[2]["content"] == "@local is mine"


def test_the_call_itself_is_not_changed() -> None:
    call = read_call({"model": "m", "messages": [*ROUNDS, {"role": "user", "content": "@local x"}]})
    before = json.dumps(call.messages)

    messages_for(call, "cloud")[0]["content"] = "changed"

    assert json.dumps(call.messages) == before
