"""What a call says: its pieces for the guard, its bare question and its wishes for routing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import Call, bare_question, is_tool_round, last_user_text, media_kinds, pieces, read_call, wish

# As Open WebUI 0.12 wraps a message with an attached file.
TEMPLATE = """### Task:
Respond to the user query using the provided context.

### Guidelines:
- If you don't know the answer, clearly state that.

<context>
<source id="1" name="plan.txt">The gate opens at nine.</source>
<source id="2">Second
passage.</source>
</context>

"""


def call_of(*messages: Any, **more: Any) -> Call:
    return read_call({"model": "m", "messages": [_message(one) for one in messages], **more})


def _message(one: Any) -> Any:
    return {"role": "user", "content": one} if isinstance(one, str) else one


def kinds(call: Call) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in pieces(call)]


@pytest.mark.parametrize(
    ("text", "wished", "bare"),
    [
        ("@local What?", "local", "What?"),
        ("  @Cloud: What?", "cloud", "What?"),
        ("What? @LOCAL", "local", "What?"),
        ("What? @cloud \n", "cloud", "What?"),
        ("@local", "local", ""),
        ("write to x@cloud", None, "write to x@cloud"),
        ("write to x@local.example", None, "write to x@local.example"),
        ("ask @local people", None, "ask @local people"),
        ("@locally grown", None, "@locally grown"),
        ("@cloudy", None, "@cloudy"),
        ("", None, ""),
    ],
)
def test_a_wish_stands_at_the_start_or_the_end(text: str, wished: str | None, bare: str) -> None:
    call = call_of(text)

    assert wish(call) == wished
    assert bare_question(call) == bare


def test_a_wish_for_local_holds_for_the_whole_conversation() -> None:
    answer = {"role": "assistant", "content": "Yes."}

    assert wish(call_of("@local This is private", answer, "And more?")) == "local"
    assert wish(call_of("@local This is private", answer, "@cloud And more?")) == "local"


def test_a_wish_for_the_cloud_holds_for_its_message_only() -> None:
    assert wish(call_of("@cloud What?", {"role": "assistant", "content": "x"}, "And more?")) is None


def test_nobody_but_the_person_wishes() -> None:
    said = [{"role": role, "content": "@cloud"} for role in ("system", "assistant", "tool")]

    assert wish(call_of(*said, "x")) is None


def test_the_bare_question_is_free_of_the_retrieval_template() -> None:
    call = call_of(TEMPLATE + "@local When does it open?")

    assert bare_question(call) == "When does it open?"
    assert wish(call) == "local"
    assert last_user_text(call).startswith("### Task:")


def test_each_retrieved_passage_is_a_document() -> None:
    found = kinds(call_of(TEMPLATE + "When?"))

    documents = [text for kind, text in found if kind == "document"]
    assert documents[:2] == ["The gate opens at nine.", "Second\npassage."]
    (rest,) = [text for kind, text in found if kind == "user"]
    assert "gate" not in rest
    assert "When?" in rest


def test_a_source_that_does_not_close_is_still_a_document_and_its_text_is_still_read() -> None:
    found = kinds(call_of('<source id="1">never closed'))

    assert "document" in [kind for kind, _ in found]
    assert any("never closed" in text for _, text in found)


def test_every_text_of_a_call_is_a_piece() -> None:
    call = call_of(
        {"role": "system", "content": "in-system"},
        {"role": "developer", "content": "in-developer"},
        {"role": "user", "content": [{"type": "text", "text": "in-part"}, {"type": "text", "text": "in-second"}]},
        {
            "role": "assistant",
            "content": "in-answer",
            "reasoning_content": "in-reasoning",
            "tool_calls": [{"id": "c", "function": {"name": "in-name", "arguments": '{"a": "in-arguments"}'}}],
        },
        {"role": "tool", "tool_call_id": "c", "content": [{"type": "text", "text": "in-result"}]},
        {"role": "function", "name": "in-function", "content": "in-function-result"},
        tools=[{"type": "function", "function": {"name": "f", "description": "in-schema"}}],
        response_format={"type": "json_schema", "json_schema": {"title": "in-format"}},
        stop=["in-stop"],
    )

    text = " ".join(text for _, text in kinds(call))

    names = ["system", "developer", "part", "second", "answer", "reasoning", "name", "arguments", "result", "function",
             "function-result", "schema", "format", "stop"]  # fmt: skip
    assert [name for name in names if f"in-{name}" not in text] == []


@pytest.mark.parametrize(
    ("role", "kind"),
    [("system", "system"), ("developer", "system"), ("user", "user"), ("assistant", "assistant")],
)
def test_a_piece_says_who_wrote_it(role: str, kind: str) -> None:
    assert kinds(call_of({"role": role, "content": "x"})) == [(kind, "x")]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("query_knowledge_files", "document"),
        ("view_note", "document"),
        ("get_weather", "tool_result"),
        ("", "tool_result"),
    ],
)
def test_results_of_tools_that_read_the_persons_own_material_are_documents(name: str, kind: str) -> None:
    asked = {"role": "assistant", "tool_calls": [{"id": "c", "function": {"name": name, "arguments": "{}"}}]}

    found = kinds(call_of("x", asked, {"role": "tool", "tool_call_id": "c", "content": "result"}))

    assert (kind, "result") in found


@pytest.mark.parametrize(
    ("part", "media"),
    [
        ({"type": "image_url", "image_url": {"url": "data:,"}}, "image"),
        ({"type": "input_audio", "input_audio": {}}, "audio"),
        ({"type": "video_url", "video_url": {}}, "video"),
        ({"type": "file", "file": {}}, "file"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_media_are_pieces_without_text(part: dict[str, Any], media: str) -> None:
    call = call_of({"role": "user", "content": [{"type": "text", "text": "x"}, part]})

    assert media_kinds(call) == {media}
    assert [piece.media for piece in pieces(call) if piece.kind == "media"] == [media]


@pytest.mark.parametrize(("role", "is_round"), [("tool", True), ("function", True), ("user", False)])
def test_a_call_that_ends_with_a_result_is_a_tool_round(role: str, is_round: bool) -> None:
    assert is_tool_round(call_of("x", {"role": role, "content": "r", "tool_call_id": "c"})) is is_round


@given(st.text(), st.text())
def test_no_word_is_lost_between_pieces(before: str, inside: str) -> None:
    call = call_of(f'{before}<source id="1">{inside}</source>')

    words = set(f"{before} {inside}".replace("<", " ").replace(">", " ").split())
    found = " ".join(text for _, text in kinds(call))
    assert all(word in found for word in words)
