"""A whole call is masked wherever a model would read, and stays a call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sluice.chat import Call, read_call
from sluice.guard import Finding
from sluice.masking import Map, Masked, Memo, mask_call, note_for, schemas_of, texts_of

ANNA = "Anna Vogel"
USER = {"role": "user", "content": f"{ANNA} has a question"}


def call(*messages: dict[str, Any], **more: Any) -> Call:
    return read_call({"model": "sluice.frontier", "messages": list(messages), **more})


def findings(text: str) -> Sequence[Finding]:
    at = text.find(ANNA)
    return [Finding("PERSON", "personal", at, at + len(ANNA), 1.0, weak=True)] if at >= 0 else []


def masked(*messages: dict[str, Any], map: Map | None = None, **more: Any) -> Masked:
    return mask_call(call(*messages, **more), findings, Map() if map is None else map)


def sent(result: Masked) -> str:
    return json.dumps([list(map(dict, result.call.messages)), dict(result.call.parameters)], ensure_ascii=False)


def test_no_part_of_a_call_is_left_out() -> None:
    asked = {"id": "t1", "type": "function", "function": {"name": "f", "arguments": json.dumps({"who": ANNA, "n": 3})}}
    file = {"type": "file", "file": {"filename": f"{ANNA}.pdf"}}
    result = masked(
        {"role": "system", "content": f"You serve {ANNA}."},
        {"role": "user", "content": [{"type": "text", "text": f"I am {ANNA}"}, file]},
        {"role": "assistant", "content": None, "reasoning_content": f"{ANNA} asks", "tool_calls": [asked]},
        {"role": "tool", "tool_call_id": "t1", "content": json.dumps({"found": [ANNA, {"mail": "none"}]})},
        {"role": "tool", "tool_call_id": "t1", "content": f"found {ANNA}"},
        {"role": "user", "content": f'<source id="1" name="{ANNA}.txt">about {ANNA}</source> why?'},
        tools=[{"type": "function", "function": {"name": "f", "description": f"asks {ANNA}", "parameters": {}}}],
        response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": {"description": ANNA}}},
        stop=[ANNA],
    )  # fmt: skip

    assert ANNA not in sent(result)
    assert result.values == 1
    arguments = result.call.messages[2]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(arguments) == {"who": "[PERSON_1]", "n": 3}
    assert json.loads(result.call.messages[3]["content"]) == {"found": ["[PERSON_1]", {"mail": "none"}]}


def test_a_name_that_is_recognised_in_one_message_is_masked_in_all() -> None:
    result = masked({"role": "user", "content": "vogel? anna vogel?"}, {"role": "assistant", "content": "?"}, USER)

    assert result.call.messages[1]["content"] == "vogel? [PERSON_1b]?"


def test_a_message_reads_the_same_in_every_later_call() -> None:
    map, messages = Map(), [USER]
    first = masked(*messages, map=map)
    for turn in range(20):
        messages += [{"role": "assistant", "content": f"{turn}: {ANNA}."}, {"role": "user", "content": f"{turn}?"}]

    last = masked(*messages, map=map)

    assert list(last.call.messages[: len(first.call.messages)]) == list(first.call.messages)


def test_the_model_is_told_of_placeholders_only_where_there_are_any() -> None:
    plain = call({"role": "user", "content": "hello"})

    assert mask_call(plain, findings, Map()).call.messages == plain.messages
    assert masked(USER).call.messages[0] == {"role": "system", "content": note_for(["[PERSON_1]"])}
    assert (
        masked({"role": "system", "content": "Be kind."}, USER).call.messages[0]["content"].startswith("Be kind.\n\n")
    )


def test_the_line_for_the_model_names_only_what_is_there() -> None:
    note = note_for(["[EMAIL_3]", "[PERSON_2]", "[PERSON_2b]"])

    assert "such as [PERSON_2] or [PERSON_2b]." in note
    assert note.endswith("[PERSON_2b] is another way of writing [PERSON_2].")
    assert "another way" not in note_for(["[EMAIL_3]"])


def test_values_under_names_of_fields_are_masked_where_they_are_no_such_field() -> None:
    examples = [{"id": ANNA, "url": ANNA, "data": ANNA}]
    schema = {"type": "object", "properties": {ANNA: {"type": "string", "examples": examples}}}
    result = masked(USER, response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": schema}})

    assert ANNA not in sent(result)
    assert result.call.parameters["response_format"]["json_schema"]["schema"]["type"] == "object"


def test_arguments_that_are_an_object_are_masked_with_their_numbers() -> None:
    map = Map()
    map.placeholder("CUSTOMER_NUMBER", "personal", "4711223")
    asked = {"id": "t", "type": "function", "function": {"name": "f", "arguments": {"who": ANNA, "n": 4711223}}}

    result = masked({"role": "assistant", "tool_calls": [asked]}, map=map)

    sent_arguments = result.call.messages[-1]["tool_calls"][0]["function"]["arguments"]
    assert sent_arguments == {"who": "[PERSON_2]", "n": "[CUSTOMER_1]"}


def test_a_memo_changes_nothing_and_forgets_when_more_is_known() -> None:
    map, memo = Map(), Memo()
    early = {"role": "user", "content": "Brandt?"}
    first = mask_call(call(early, USER), findings, map, memo)
    again = mask_call(call(early, USER), findings, map, memo)
    map.placeholder("PERSON", "personal", "Brandt")

    later = mask_call(call(early, USER), findings, map, memo)

    assert first == again
    assert later.call.messages[1]["content"] == "[PERSON_2]?"


def test_values_of_json_are_found_by_their_context_even_with_escapes() -> None:
    text = json.dumps({"name": 'Zoë "Z" Brandt', "id": 4711, "note": "ok"})

    def by_context(of: str) -> Sequence[Finding]:
        if of != text:
            return []
        name, number = text.index("Zo"), text.index("4711")
        return [Finding("PERSON", "personal", name, text.index('", "id'), 1.0),
                Finding("CUSTOMER_NUMBER", "personal", number, number + 4, 1.0)]  # fmt: skip

    asked = call({"role": "user", "content": "hi"}, {"role": "tool", "tool_call_id": "t", "content": text})

    result = mask_call(asked, by_context, Map())

    assert json.loads(result.call.messages[-1]["content"]) == {"name": "[PERSON_1]", "id": "[CUSTOMER_2]", "note": "ok"}


def test_what_a_call_is_written_with_stays() -> None:
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    result = masked({"role": "user", "content": [image, {"type": "text", "text": ANNA}]})

    assert result.call.messages[1]["content"][0] == image
    assert result.call.model == "sluice.frontier"


def test_texts_and_schemas_are_told_apart() -> None:
    asked = call(USER, tools=[{"type": "function", "function": {"name": "f", "description": "asks"}}])

    assert texts_of(asked) == [USER["content"]]
    assert "asks" in schemas_of(asked)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
        max_leaves=8,
    )
)
def test_json_of_tools_stays_json(value: Any) -> None:
    text = json.dumps({"who": ANNA, "more": value})
    result = masked({"role": "user", "content": "x"}, {"role": "tool", "tool_call_id": "t", "content": text})

    assert json.loads(result.call.messages[-1]["content"])["who"] == "[PERSON_1]"
