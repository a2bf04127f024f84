"""Whatever is sent as a chat completion gets an answer or a sentence: never 500, and never silence."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.process import Running, person

EXPECTED = {400, 403, 404, 413, 422, 429, 502, 503, 504}
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
PART = st.one_of(
    st.builds(lambda text: {"type": "text", "text": text}, st.text(max_size=30) | JSON),
    st.builds(lambda url: {"type": "image_url", "image_url": url}, st.builds(lambda u: {"url": u}, st.text()) | JSON),
    JSON,
)
CALL = st.builds(
    lambda id_, name, arguments: {"id": id_, "type": "function", "function": {"name": name, "arguments": arguments}},
    st.text(max_size=5) | JSON, st.text(max_size=5) | JSON, st.text(max_size=20) | JSON,
)  # fmt: skip
MESSAGE = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system", "tool", "developer", "function"]) | JSON},
    optional={
        "content": st.text(max_size=40) | st.lists(PART, max_size=3) | JSON,
        "tool_calls": st.lists(CALL, max_size=2) | JSON,
        "tool_call_id": st.text(max_size=5) | JSON,
        "reasoning_content": st.text(max_size=10) | JSON,
        "name": JSON,
    },
)
NAMES = ["temperature", "top_p", "top_k", "max_tokens", "stop", "seed", "logit_bias", "response_format", "tools",
         "tool_choice", "reasoning_effort", "keep_alive", "stream", "stream_options", "n", "sluice", "user", "metadata",
         "parallel_tool_calls", "logprobs"]  # fmt: skip
BODY = st.builds(
    lambda model, messages, more: {"model": model, "messages": messages, **more},
    st.sampled_from(["sluice.auto", "sluice.local", "sluice.frontier", "sluice.qwen", "nope"]) | JSON,
    st.lists(MESSAGE, min_size=1, max_size=4) | JSON,
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4),
)
TOOLS = st.lists(st.fixed_dictionaries({"type": st.just("function"), "function": JSON}), max_size=2)
PLAUSIBLE = st.builds(
    lambda lane, text, more: {"model": lane, "messages": [{"role": "user", "content": text}], **more},
    st.sampled_from(["sluice.local", "sluice.frontier"]),
    st.text(max_size=60),
    st.fixed_dictionaries(
        {},
        optional={
            "temperature": st.floats(),
            "stop": st.lists(st.text(max_size=4), max_size=6),
            "tools": TOOLS,
            "response_format": st.fixed_dictionaries({"type": st.sampled_from(["json_object", "text", "x"])}),
            "max_tokens": st.integers(),
            "seed": st.integers(),
            "reasoning_effort": st.sampled_from(["low", "x"]),
            "stream": st.booleans(),
        },
    ),
)
LENIENT = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=100)


def answered(gateway: Running, raw: bytes) -> None:
    answer = gateway.post("/chat/completions", content=raw, headers=person())

    assert answer.status_code == 200 or answer.status_code in EXPECTED, (answer.status_code, answer.text[:300])
    if answer.status_code != 200:
        assert len(answer.json()["error"]["message"]) > 10


@LENIENT
@given(BODY)
def test_any_body_in_the_shape_of_a_chat_is_answered(gateway: Running, body: Any) -> None:
    answered(gateway, json.dumps(body).encode())


@LENIENT
@given(PLAUSIBLE)
def test_any_parameters_are_answered(gateway: Running, body: Any) -> None:
    answered(gateway, json.dumps(body).encode())


@LENIENT
@given(st.binary(max_size=200))
def test_any_bytes_are_answered(gateway: Running, raw: bytes) -> None:
    answered(gateway, raw)


HEAD = b'{"model": "sluice.local", "messages": [{"role": "user", "content": '
EXTREME = {
    "deep list": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "deep content": HEAD + b"[" * 2_000 + b"]" * 2_000 + b"}]}",
    "long text": HEAD + b'"' + b"a" * 900_000 + b'"}]}',
    "long word of marks": HEAD + b'"' + b"<source id=" * 80_000 + b'"}]}',
    "many mentions": HEAD + b'"' + b" @local" * 120_000 + b'"}]}',
    "spaces": HEAD + b'"' + b" " * 900_000 + b'"}]}',
    "open templates": HEAD + b'"' + b"### Task: <context>" * 40_000 + b'"}]}',
    "addresses": HEAD + b'"' + b"a@" * 400_000 + b'"}]}',
    "many messages": b'{"model": "sluice.local", "messages": ['
    + b",".join([b'{"role":"user","content":"x"}'] * 11_000)
    + b"]}",
    "many keys": b"{" + b",".join(b'"k%d": 1' % n for n in range(60_000)) + b"}",
    "huge integer": HEAD + b'"x"}], "seed": ' + b"9" * 100_000 + b"}",
    "large integer": HEAD + b'"x"}], "seed": ' + b"9" * 1_000 + b"}",
    "beyond a float": HEAD + b'"x"}], "temperature": 1e999}',
    "nan": HEAD + b'"x"}], "temperature": NaN}',
    "surrogates": HEAD + rb'"\ud800 \udfff"}]}',
    "raw surrogates": HEAD + b'"\xed\xa0\x80"}]}',
    "control characters": HEAD + rb'"\u0000\u0007\u001b"}]}',
    "utf-16": '{"model": "sluice.local"}'.encode("utf-16"),
}


@pytest.mark.parametrize("raw", EXTREME.values(), ids=EXTREME.keys())
@pytest.mark.parametrize("model", [b"sluice.local", b"sluice.frontier"], ids=["local", "frontier"])
def test_an_extreme_body_is_answered(gateway: Running, raw: bytes, model: bytes) -> None:
    answered(gateway, raw.replace(b"sluice.local", model))


def test_after_all_of_that_it_still_answers(gateway: Running) -> None:
    assert gateway.ask("hello", "local").status_code == 200
    assert gateway.ask("hello", "frontier").status_code == 200
    assert "Traceback" not in gateway.printed()
