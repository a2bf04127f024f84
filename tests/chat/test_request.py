"""What a caller may send, and what is refused with a sentence instead of breaking what follows."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import decode, read_call
from sluice.errors import RequestError

HELLO = {"role": "user", "content": "hello"}
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}


def body(*messages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"model": "sluice.auto", "messages": list(messages) or [HELLO], **more}


BROKEN = {
    "empty": b"",
    "cut": b'{"model": "x"',
    "not a number": b'{"temperature": NaN}',
    "infinity": b'{"temperature": Infinity}',
    "beyond a float": b'{"temperature": 1e999}',
    "beyond a float, deep inside": b'{"tools": [{"function": {"x": [-1e999]}}]}',
    "an integer of 10,000 digits": b'{"seed": ' + b"1" * 10_000 + b"}",
    "broken utf-8": b'{"model": "\xff"}',
    "utf-8 of a surrogate": b'{"model": "\xed\xa0\x80"}',
    "utf-16": '{"model": "x"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "control character": b'{"model": "a\x00"}',
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_a_body_that_is_no_json_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestError, match="not valid JSON"):
        decode(raw)


@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 70 + b"]" * 70], ids=["[", "{", "closed"])
def test_a_body_that_is_nested_too_deeply_is_refused(raw: bytes) -> None:
    with pytest.raises(RequestError, match=r"nested deeper than 64|not valid JSON"):
        decode(raw)


def test_nesting_within_the_limit_is_read() -> None:
    assert decode(b"[" * 63 + b"]" * 63)


@given(st.text(st.characters(codec=None)))
def test_every_decoded_text_can_be_encoded_again(text: str) -> None:
    decoded = decode(json.dumps({text: [text]}).encode())

    assert "\ud800" not in decoded
    json.dumps(decoded, ensure_ascii=False).encode()


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with contextlib.suppress(RequestError):
        json.dumps(decode(raw), ensure_ascii=False).encode()


WRONG: dict[str, tuple[Any, str]] = {
    "no object": ([], "must be a JSON object"),
    "no model": ({"messages": [HELLO]}, "model"),
    "empty model": (body(model=""), "model"),
    "endless model": (body(model="m" * 201), "model"),
    "no messages": ({"model": "x"}, "messages"),
    "empty messages": ({"model": "x", "messages": []}, "messages"),
    "strange role": (body({"role": "root", "content": "x"}), "role"),
    "content is a number": (body({"role": "user", "content": 1}), "content"),
    "part without type": (body({"role": "user", "content": [{"text": "x"}]}), "content"),
    "part is a word": (body({"role": "user", "content": ["x"]}), "content"),
    "tool calls are a word": (body({"role": "assistant", "tool_calls": "x"}), "tool_calls"),
    "several answers": (body(n=2), "n"),
    "no room for an answer": (body(max_tokens=0), "max_tokens"),
    "temperature is a word": (body(temperature="hot"), "temperature"),
    "tools are an object": (body(tools={}), "tools"),
    "stop is a number": (body(stop=3), "stop"),
    "strange preference": (body(sluice={"preference": "reckless"}), "preference"),
    "intent is a word": (body(sluice="local"), "sluice"),
}


@pytest.mark.parametrize(("data", "field"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_field_is_named_without_its_value(data: Any, field: str) -> None:
    with pytest.raises(RequestError) as caught:
        read_call(data)

    assert field in str(caught.value)
    assert "reckless" not in str(caught.value)
    assert caught.value.status == 400


def test_an_error_never_quotes_the_text() -> None:
    with pytest.raises(RequestError) as caught:
        read_call(body({"role": "user", "content": {"canary-7": "canary-8"}}))

    assert "canary" not in str(caught.value)


def test_many_wrong_fields_make_a_short_sentence() -> None:
    with pytest.raises(RequestError) as caught:
        read_call(body(*[{"role": "x", "content": 1}] * 500))

    assert len(str(caught.value)) < 2_000


def test_a_tool_round_with_content_null_is_read() -> None:
    asked = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}],
    }
    result = {"role": "tool", "tool_call_id": "c1", "content": "42"}

    call = read_call(body(HELLO, asked, result))

    assert "content" not in call.messages[1]
    assert call.messages[1]["tool_calls"][0]["id"] == "c1"
    assert call.messages[2]["tool_call_id"] == "c1"


def test_parameters_are_kept_as_sent_and_null_ones_are_absent() -> None:
    given_ = {
        "temperature": 0,
        "seed": 7,
        "stop": ["a", "b"],
        "response_format": {"type": "json_object"},
        "top_p": None,
    }

    call = read_call(body(**given_))

    assert call.parameters == {key: value for key, value in given_.items() if value is not None}


def test_an_absent_stream_means_a_whole_answer() -> None:
    assert not read_call(body()).stream
    assert not read_call(body(stream=None)).stream


def test_the_usage_of_a_stream_is_asked_for_as_in_openais_api() -> None:
    assert read_call(body(stream_options={"include_usage": True})).include_usage
    assert not read_call(body()).include_usage


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_both_names_limit_the_answer(name: str) -> None:
    assert read_call(body(**{name: 12})).answer_tokens == 12


def test_an_intent_ignores_what_it_does_not_know() -> None:
    intent = read_call(body(sluice={"lane": "local", "preset": "p", "location": "cloud", "confined": []})).intent

    assert set(intent.model_dump()) == {"lane", "preference", "priority", "preset", "language", "strict"}
    assert (intent.lane, intent.preset) == ("local", "p")


@pytest.mark.parametrize(
    "part",
    [
        {"type": "file", "file": {"file_data": "https://elsewhere.example/a.pdf"}},
        {"type": "input_audio", "input_audio": {"data": "http://127.0.0.1/a.wav"}},
        {"type": "video_url", "video_url": {"url": "https://elsewhere.example/a.mp4"}},
    ],
    ids=["file", "recording", "film"],
)
def test_media_that_somebody_would_have_to_fetch_are_refused(part: dict[str, Any]) -> None:
    with pytest.raises(RequestError, match="should match pattern"):
        read_call(body({"role": "user", "content": [part]}))


@pytest.mark.parametrize("kind", ["file", "input_audio", "video_url"])
def test_media_carry_nothing_that_nobody_judges(kind: str) -> None:
    part = {"type": kind, kind: {"file_id": "https://elsewhere.example/", "note": "canary-7"}}

    call = read_call(body({"role": "user", "content": [part]}))

    assert call.messages[0]["content"] == [{"type": kind, kind: {}}]
