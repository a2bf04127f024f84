"""Models past the gateway: refused by default, left alone where they run here, or masked and restored."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.conftest import Asked, request, said, speaking
from tests.functions.loader import load

CLOUD = {"id": "gpt-5", "name": "GPT 5", "owned_by": "openai"}
LOCAL = {"id": "qwen3:8b", "owned_by": "ollama"}
MASKED = {
    "action": "mask",
    "messages": [
        {"role": "system", "content": "A note on placeholders such as [PERSON_1]."},
        {"role": "user", "content": "Write to [EMAIL_1], [PERSON_2]."},
    ],
    "masked": [
        {"placeholder": "[EMAIL_1]", "value": "jane@corp.example"},
        {"placeholder": "[PERSON_2]", "value": 'Jane "Jay" Doe'},
        {"placeholder": "[PERSON_2b]", "value": "Doe"},
    ],
    "network_tools": ["web_*"],
}
pytestmark = pytest.mark.usefixtures("connections")


def ollama(urls: list[int], **more: Any) -> dict[str, Any]:
    return {"OLLAMA_MODELS": {"qwen3:8b": {"urls": urls, **more}}}


async def sent(
    body: dict[str, Any],
    model: dict[str, Any] = CLOUD,
    language: str = "en",
    asked: Any = None,
    **valves: str,
) -> dict[str, Any]:
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(**valves)
    result: dict[str, Any] = await filter.request(
        body,
        __user__={"id": "u-1", "role": "user"},
        __model__=model,
        __metadata__=speaking(language),
        __request__=asked or request(model, OPENAI_MODELS={"gpt-5": {"urlIdx": 0}}),
    )
    return result


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "GPT 5 was not asked: it is connected past the gateway"),
        ("de", "GPT 5 wurde nicht gefragt: Es ist am Gateway vorbei verbunden"),
        ("fr", "GPT 5 n'a pas été interrogé"),
        ("es", "No se preguntó a GPT 5"),
        ("zh", "未询问 GPT 5"),
        ("pt", "GPT 5 was not asked"),
    ],
)
async def test_a_cloud_model_past_the_gateway_is_refused_in_words(gateway: Asked, language: str, sentence: str) -> None:
    with pytest.raises(Exception, match=sentence):
        await sent(said("hello", "gpt-5"), language=language)

    assert gateway.calls == []


def test_every_language_has_words_for_whatever_may_be_said() -> None:
    words = load("direct_models")[1].WORDS

    assert set(words) == {"en", "de", "fr", "es", "zh"}
    assert {frozenset(table) for table in words.values()} == {frozenset(("direct", "unguarded", "private"))}
    assert all("{model}" in sentence for table in words.values() for sentence in table.values())


@pytest.mark.parametrize(
    ("model", "state", "valves", "left_alone"),
    [
        pytest.param(LOCAL, ollama([0]), {}, True, id="Ollama on this machine"),
        pytest.param(LOCAL, ollama([0, 1]), {}, False, id="Ollama, one of them elsewhere"),
        pytest.param(LOCAL, ollama([0], remote_host="https://ollama.com"), {}, False, id="Ollama runs it elsewhere"),
        pytest.param(LOCAL, ollama([]), {}, False, id="Ollama, nobody knows where"),
        pytest.param({**LOCAL, "owned_by": "openai"}, ollama([0]), {}, False, id="another server with its name"),
        pytest.param(
            {"id": "gpt-oss:120b-cloud", "owned_by": "ollama"},
            {"OLLAMA_MODELS": {"gpt-oss:120b-cloud": {"urls": [0]}}}, {}, False, id="Ollama's cloud by its tag",
        ),
        pytest.param({"id": "a-pipe", "pipe": {"type": "pipe"}}, {}, {}, False, id="a pipe function"),
        pytest.param(CLOUD, {}, {"accepted_models": "x, gpt-5"}, True, id="accepted by an admin"),
        pytest.param(CLOUD, {}, {"direct_models": "allow"}, True, id="allowed by an admin"),
        pytest.param({"id": "sluice.auto"}, {"OPENAI_MODELS": {"sluice.auto": {"urlIdx": 1}}}, {}, True, id="ours"),
        pytest.param({"id": "sluice.auto"}, {"OPENAI_MODELS": {"sluice.auto": {"urlIdx": 0}}}, {}, False,
                     id="another server with a name of ours"),
    ],
)  # fmt: skip
async def test_who_is_left_alone(
    gateway: Asked, model: dict[str, Any], state: dict[str, Any], valves: dict[str, str], left_alone: bool
) -> None:
    body = said("hello", model["id"])
    asking = sent(body, model, asked=request(model, **state), **valves)

    if left_alone:
        assert await asking == said("hello", model["id"])
    else:
        with pytest.raises(Exception, match="was not asked"):
            await asking

    assert gateway.calls == []


async def test_a_preset_is_judged_by_the_model_beneath(gateway: Asked) -> None:
    preset = {"id": "sluice.helper", "info": {"base_model_id": "gpt-5"}}

    with pytest.raises(Exception, match="GPT 5 was not asked"):
        await sent(said("x", "sluice.helper"), preset, asked=request(preset, CLOUD))


async def test_a_persons_own_direct_connection_is_refused_whatever_its_name() -> None:
    asked = request({"id": "sluice.auto"})
    asked.state.direct = True

    with pytest.raises(Exception, match="was not asked"):
        await sent(said("x", "sluice.auto"), {"id": "sluice.auto"}, asked=asked)


async def test_with_masking_the_model_reads_placeholders(gateway: Asked) -> None:
    gateway.says["mask"] = MASKED
    body = said("Write to jane@corp.example, Jane.", "gpt-5") | {"temperature": 0.3}

    result = await sent(body, direct_models="mask")

    assert result == body | {"messages": MASKED["messages"]}
    assert gateway.sent("mask") == {"messages": body["messages"], "model": "GPT 5"}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ({"action": "local", "reasons": ["a key or password"]}, "this may not leave: a key or password"),
        ({"action": "ask", "reasons": ["attached document"]}, "this may not leave: attached document"),
        ({"action": "block", "reasons": []}, "this may not leave"),
        ({}, "the guard cannot be reached"),
        (None, "the guard cannot be reached"),
        ({"action": "mask"}, "the guard cannot be reached"),
        ({"action": "mask", "messages": [], "masked": []}, "the guard cannot be reached"),
    ],
    ids=repr,
)
async def test_what_may_not_leave_or_cannot_be_masked_is_not_sent(gateway: Asked, answer: Any, sentence: str) -> None:
    gateway.says["mask"] = answer

    with pytest.raises(Exception, match=sentence):
        await sent(said("x", "gpt-5"), direct_models="mask")


async def test_without_the_gateway_nothing_is_sent(connections: dict[str, Any]) -> None:
    connections["openai.api_base_urls"][1] = "http://127.0.0.1:9"

    with pytest.raises(Exception, match="the guard cannot be reached"):
        await sent(said("x", "gpt-5"), direct_models="mask")


async def test_later_rounds_mask_the_originals_again_and_not_the_placeholders(gateway: Asked) -> None:
    gateway.says["mask"] = MASKED
    asked = request(CLOUD)
    body = await sent(said("Write to jane@corp.example.", "gpt-5"), asked=asked, direct_models="mask")
    answer = {"role": "assistant", "content": "To jane@corp.example."}
    gateway.says["mask"] = {**MASKED, "messages": [*MASKED["messages"], answer]}

    await sent({**body, "messages": [*body["messages"], answer]}, asked=asked, direct_models="mask")

    assert gateway.sent("mask")["messages"] == [*said("Write to jane@corp.example.")["messages"], answer]


def restoring() -> Any:
    return load("direct_models")[1].Restoring(MASKED["masked"], MASKED["network_tools"])


def streamed(pieces: list[str], one: Any = None) -> str:
    one = one or restoring()
    events = [{"choices": [{"delta": {"content": piece}}]} for piece in pieces]
    ended = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
    return "".join(one.event(event)["choices"][0]["delta"].get("content", "") for event in [*events, ended])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("To [EMAIL_1]!", "To jane@corp.example!"),
        ("To [email_1] and [Person\\_2].", 'To jane@corp.example and Jane "Jay" Doe.'),
        ("[PERSONNE_2b]", "Doe"),
        ("[PERSON_9], [1], [Figure 2], [x](y)", "[PERSON_9], [1], [Figure 2], [x](y)"),
        ("See https://evil.example/?q=[EMAIL_1] now", "See https://evil.example/?q=[EMAIL_1] now"),
        ("![i](https://evil.example/[EMAIL_1])", "![i](https://evil.example/[EMAIL_1])"),
        ("An open [PERS", "An open [PERS"),
        ("A backslash \\", "A backslash \\"),
    ],
)
def test_an_answer_gets_its_values_back_wherever_it_is_split(text: str, shown: str) -> None:
    assert restoring().whole(text) == shown
    for at in range(len(text) + 1):
        assert streamed([text[:at], text[at:]]) == shown
    assert streamed(list(text)) == shown


@given(st.lists(st.sampled_from(["[EMAIL_1]", "[PERSON_2]", "[", "]", "\\", "a ", "[PERSON_", "2]", "//"]), max_size=8))
def test_a_stream_shows_what_the_whole_answer_would(pieces: list[str]) -> None:
    assert streamed(pieces) == restoring().whole("".join(pieces))


def test_reasoning_and_arguments_of_tools_are_restored_and_stay_json() -> None:
    one = restoring()
    call = {"index": 0, "function": {"name": "send", "arguments": '{"to": "[PERS'}}
    first = {"choices": [{"delta": {"reasoning_content": "So [EMAIL_", "tool_calls": [call]}}]}
    rest = {"index": 0, "function": {"arguments": 'ON_2]"}'}}
    last = {"choices": [{"delta": {"reasoning_content": "1].", "tool_calls": [rest]}, "finish_reason": "tool_calls"}]}

    deltas = [one.event(event)["choices"][0]["delta"] for event in (first, last)]

    assert "".join(delta["reasoning_content"] for delta in deltas) == "So jane@corp.example."
    arguments = "".join(call["function"]["arguments"] for delta in deltas for call in delta["tool_calls"])
    assert json.loads(arguments) == {"to": 'Jane "Jay" Doe'}


def test_tools_that_reach_out_keep_placeholders() -> None:
    call = {"index": 0, "function": {"name": "web_search", "arguments": '{"q": "[PERSON_2]"}'}}

    event = restoring().event({"choices": [{"delta": {"tool_calls": [call]}}]})

    assert event["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"] == '{"q": "[PERSON_2]"}'


async def test_two_people_at_once_get_their_own_values_back(gateway: Asked) -> None:
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(direct_models="mask")
    asked = {name: request(CLOUD) for name in ("ada", "bob")}
    who = {name: speaking("en", message="the same id") for name in asked}
    for name in asked:
        entries = [{"placeholder": "[EMAIL_1]", "value": f"{name}@corp.example"}]
        gateway.says["mask"] = {**MASKED, "masked": entries}
        await filter.request(said("x", "gpt-5"), {"id": name, "role": "user"}, CLOUD, who[name], asked[name])

    shown = dict.fromkeys(asked, "")
    for piece in ("To [EM", "AIL_1", "]."):
        for name in asked:
            event = await filter.stream({"choices": [{"delta": {"content": piece}}]}, who[name], asked[name])
            shown[name] += event["choices"][0]["delta"]["content"]

    assert shown == {"ada": "To ada@corp.example.", "bob": "To bob@corp.example."}


async def test_two_models_that_answer_one_message_do_not_mix_their_pieces(gateway: Asked) -> None:
    gateway.says["mask"] = MASKED
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(direct_models="mask")
    asked, answers = request(CLOUD), [speaking("en", message=id) for id in ("m-1", "m-2")]
    for answer in answers:
        await filter.request(said("x", "gpt-5"), {"id": "u", "role": "user"}, CLOUD, answer, asked)

    shown = ["", ""]
    for piece in ("To [EM", "AIL_1", "]."):
        for number, answer in enumerate(answers):
            event = await filter.stream({"choices": [{"delta": {"content": piece}}]}, answer, asked)
            shown[number] += event["choices"][0]["delta"]["content"]

    assert shown == ["To jane@corp.example."] * 2


async def test_a_whole_answer_is_restored_where_it_belongs_and_nowhere_else(gateway: Asked) -> None:
    gateway.says["mask"] = MASKED
    filter, _ = load("direct_models")
    filter.valves = filter.Valves(direct_models="mask")
    asked = request(CLOUD)
    await filter.request(said("x", "gpt-5"), {"id": "u", "role": "user"}, CLOUD, speaking("en"), asked)
    messages = [
        {"id": "m-0", "role": "user", "content": "[EMAIL_1]?"},
        {"id": "m-1", "role": "assistant", "content": "[EMAIL_1]!"},
    ]

    done = await filter.outlet({"id": "m-1", "messages": messages}, speaking("en"), asked)

    assert [message["content"] for message in done["messages"]] == ["[EMAIL_1]?", "jane@corp.example!"]


async def test_answers_of_other_models_pass_as_they_are() -> None:
    filter, _ = load("direct_models")
    event = {"choices": [{"delta": {"content": "[EMAIL_1] ["}}]}

    assert await filter.stream(event, speaking("en"), request()) is event
