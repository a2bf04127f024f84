"""The guard reads all that is sent: no text goes out that is in no piece, however it was wrapped."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import Destination, Piece, messages_for, parameters_for, pieces, read_call
from sluice.guard.asks import ask_id

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz@. ", min_size=4, max_size=20).map(lambda word: f"<{word}>")
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA", "detail": "low"}}
FIXED = {"role", "type", "url", "detail", "id", "tool_call_id", "data", "format", "file_data"}


def parts() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.builds(lambda word: {"type": "text", "text": word}, WORDS),
        st.builds(lambda word: {"type": "input_text", "text": word}, WORDS),
        st.builds(lambda word: {"type": "file", "file": {"filename": word, "file_data": "data:,"}}, WORDS),
        st.just(IMAGE),
    )


def messages() -> st.SearchStrategy[dict[str, Any]]:
    content = st.one_of(WORDS, st.lists(parts(), min_size=1, max_size=3))
    call = st.builds(
        lambda name, arguments: {"id": "c1", "type": "function", "function": {"name": name, "arguments": arguments}},
        WORDS,
        st.one_of(WORDS, st.dictionaries(WORDS, WORDS, max_size=2)),
    )
    return st.one_of(
        st.builds(lambda role, text: {"role": role, "content": text}, st.sampled_from(["system", "user"]), content),
        st.builds(
            lambda text, why, calls: {
                "role": "assistant",
                "content": text,
                "reasoning_content": why,
                "tool_calls": calls,
            },
            WORDS,
            WORDS,
            st.lists(call, max_size=2),
        ),
        st.builds(lambda text: {"role": "tool", "tool_call_id": "c1", "content": text}, WORDS),
    )


def parameters() -> st.SearchStrategy[dict[str, Any]]:
    tool = st.builds(
        lambda name, text: {"type": "function", "function": {"name": name, "description": text}}, WORDS, WORDS
    )
    return st.fixed_dictionaries(
        {},
        optional={
            "tools": st.lists(tool, min_size=1, max_size=2),
            "tool_choice": st.builds(lambda word: {"type": "function", "function": {"name": word}}, WORDS),
            "response_format": st.builds(lambda word: {"type": "json_schema", "json_schema": {"name": word}}, WORDS),
            "stop": st.one_of(WORDS, st.lists(WORDS, max_size=2)),
            "reasoning_effort": st.sampled_from(["low", "high"]),
            "logit_bias": st.just({"12": 1.0}),
        },
    )


def strings(value: Any) -> list[str]:
    """Every text within a body, but for values that cannot hold one."""
    if isinstance(value, dict):
        return [text for key, inner in value.items() if key not in FIXED for text in strings(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in strings(inner)]
    return [value] if isinstance(value, str) else []


@given(st.lists(messages(), min_size=1, max_size=4), parameters(), st.sampled_from(["ollama", "local", "cloud"]))
def test_every_text_that_goes_out_is_in_a_piece(
    said: list[dict[str, Any]], given_: dict[str, Any], destination: Destination
) -> None:
    call = read_call({"model": "m", "messages": said, **given_})
    read = "\n".join(piece.text for piece in pieces(call))

    out = [*strings(messages_for(call, destination)), *strings(parameters_for(call, destination))]

    wrapped = [text.strip('{}": ') for text in out if text.startswith("{")]
    plain = [text for text in out if text not in ("json_schema", "function", "low", "high", "") and text[0] != "{"]
    assert [text for text in plain if text not in read] == []
    assert all(part in read for text in wrapped for part in text.replace('\\"', '"').split('"') if "<" in part)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("secret", ["AKIAIOSFODNN7EXAMPLE", "4111 1111 1111 1111", "Jürgen"])
def test_what_json_escaped_is_read_as_a_model_reads_it(secret: str, depth: int) -> None:
    text: Any = {"content": f"line\n{secret}\nend"}
    for _ in range(depth):
        text = json.dumps(text)
    call = read_call({"model": "m", "messages": [{"role": "user", "content": text}]})

    assert any(f"\n{secret}\n" in piece.text for piece in pieces(call))


@pytest.mark.parametrize(
    "text", ["a plain one", r"\alpha and C:\Users\x", "\\", "\\ud800 lone"], ids=["plain", "paths", "one", "surrogate"]
)
def test_texts_with_other_backslashes_are_read_as_they_are_too(text: str) -> None:
    call = read_call({"model": "m", "messages": [{"role": "user", "content": text}]})

    assert pieces(call)[0].text == text
    assert all(piece.text.encode() for piece in pieces(call))


def test_the_tag_of_a_source_is_read_for_the_name_of_its_file() -> None:
    text = '<source id="1" name="CV of Jane Doe.pdf">body</source> What is it?'
    call = read_call({"model": "m", "messages": [{"role": "user", "content": text}]})

    assert any("CV of Jane Doe.pdf" in piece.text for piece in pieces(call))


@pytest.mark.parametrize("url", ["https://elsewhere.example/x.png", "http://127.0.0.1/", "file:///etc/passwd"])
def test_an_image_that_somebody_would_have_to_fetch_is_refused(url: str) -> None:
    from sluice.errors import RequestError

    part = {"type": "image_url", "image_url": {"url": url}}

    with pytest.raises(RequestError, match="image_url"):
        read_call({"model": "m", "messages": [{"role": "user", "content": [part]}]})


def result_of(tool: str, text: str, arguments: str = "{}", id: str = "call_1") -> list[Piece]:
    asked = {"id": id, "type": "function", "function": {"name": tool, "arguments": arguments}}
    said = [
        {"role": "user", "content": "look"},
        {"role": "assistant", "tool_calls": [asked]},
        {"role": "tool", "tool_call_id": id, "content": text},
    ]
    return pieces(read_call({"model": "m", "messages": said}), ["view_n*"])


@pytest.mark.parametrize(
    ("tool", "arguments", "kind"),
    [
        ("kb_exec", "{}", "document"),
        ("delegate_task", "{}", "document"),
        ("my_notes", "{}", "document"),
        ("search_web", "{}", "tool_result"),
        ("execute_code", '{"code": "1 + 1"}', "tool_result"),
        ("execute_code", '{"code": "open(\'/mnt/uploads/a.txt\')"}', "document"),
        ("our_weather", "{}", "tool_result"),
    ],
)
def test_what_a_tool_brings_of_the_persons_own_is_a_document(tool: str, arguments: str, kind: str) -> None:
    assert (kind, "found") in [(piece.kind, piece.text) for piece in result_of(tool, "found", arguments)]


def test_each_result_of_a_tool_is_asked_about_by_itself_under_the_tools_name() -> None:
    (one,) = [piece for piece in result_of("view_note", "shopping") if piece.kind == "document"]
    (other,) = [piece for piece in result_of("view_note", "diary") if piece.kind == "document"]

    assert one.name == other.name == "view_note"
    assert one.public
    assert ask_id(one, b"salt") != ask_id(other, b"salt")


@pytest.mark.parametrize(
    ("id", "is_read"),
    [("call_a1B2", False), ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", False), ("AKIAIOSFODNN7EXAMPLE", True),
     ("call_" + "a" * 60, True)],
    ids=["call", "uuid", "a key", "long"],
)  # fmt: skip
def test_an_id_that_could_be_a_text_is_read(id: str, is_read: bool) -> None:
    read = [piece.text for piece in result_of("f", "x", id=id)]

    assert (id in read) is is_read
