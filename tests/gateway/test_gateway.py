"""One call through all stages: where it is answered, what is said of it, and what is never sent."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sluice.errors import BudgetUsedUp, NoModel, Refused, TooLong, UnknownModel, UpstreamError
from sluice.gateway import Status
from sluice.identity import Caller
from sluice.ledger import Closing, Opening, Tokens, pico
from sluice.switches import Switches
from sluice.upstream import Delta

from tests.gateway.conftest import KNOWN, Rig
from tests.standins.script import SERVER_ERROR, UNAUTHORIZED, Answer, Usage, rate_limited

NOBODY = Caller()
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}


def outcomes(rig: Rig) -> list[tuple[str, str]]:
    return [(row["model"], row["outcome"]) for row in rig.bookings()]


def spend(rig: Rig, usd: int, user: str = "u-1") -> None:
    opening = Opening(user, "", "", "chat", "auto", "gpt", "cloud")
    amount = pico(Decimal(usd))
    rig.book.add(opening, Closing("finished", Tokens(1, 1), "reported", amount, amount))


async def test_an_easy_question_is_answered_on_this_machine(rig: Rig) -> None:
    answered = await rig.ask("hello")

    assert answered.text == "Local answer to 1 messages."
    assert answered.status == "Local · qwen3:8b"
    assert rig.cloud.record.chats() == []


async def test_a_cloud_lane_is_answered_in_the_cloud(rig: Rig) -> None:
    answered = await rig.ask("hello", "frontier")

    assert answered.status == "Cloud · claude-sonnet-5-5"
    assert rig.ollama.record.chats() == []


async def test_the_status_line_comes_before_the_first_word_and_the_usage_last(rig: Rig) -> None:
    events = (await rig.ask("hello")).events

    assert isinstance(events[0], Status)
    assert [isinstance(event, Delta) for event in events[1:-1]] == [True] * (len(events) - 2)


async def test_the_usage_names_the_model_and_what_it_took(rig: Rig) -> None:
    rig.cloud.script.next(Answer("Four.", usage=Usage(1000, 500)))

    usage = (await rig.ask("hello", "gpt")).usage

    assert (usage["model"], usage["location"], usage["lane"]) == ("gpt-4.1", "cloud", "gpt")
    assert (usage["prompt_tokens"], usage["input_tokens"]) == (1000, 1000)
    assert (usage["completion_tokens"], usage["output_tokens"], usage["total_tokens"]) == (500, 500, 1500)
    # 2 and 8 dollars for a million tokens of gpt-4.1: the map of the pinned LiteLLM.
    assert usage["cost"] == pytest.approx(0.006)
    assert usage["reasons"] == ["model gpt"]


async def test_a_local_answer_costs_nothing(rig: Rig) -> None:
    assert (await rig.ask("hello")).usage["cost"] == 0


@pytest.mark.parametrize("lane", ["auto", "cloud", "frontier", "gpt", "sonnet"])
@pytest.mark.parametrize("word", ["MARKED", "SECRET", "FAILS"])
async def test_what_the_guard_finds_stays_local_whatever_the_lane(rig: Rig, lane: str, word: str) -> None:
    answered = await rig.ask(f"@cloud my {word} matter", lane)

    assert answered.status.startswith("Local · qwen3:8b · kept local: ")
    assert rig.cloud.record.requests == []


@pytest.mark.parametrize(
    "body",
    [
        {"messages": [{"role": "user", "content": [{"type": "text", "text": "MARKED"}]}]},
        {"messages": [{"role": "system", "content": "MARKED"}, {"role": "user", "content": "x"}]},
        {"messages": [{"role": "user", "content": "MARKED"}, {"role": "assistant", "content": "x"},
                      {"role": "user", "content": "y"}]},
        {"tools": [{"type": "function", "function": {"name": "f", "description": "MARKED"}}]},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "MARKED", "schema": {}}}},
        {"stop": ["MARKED"]},
    ],
    ids=["part", "system prompt", "history", "tool", "response format", "stop"],
)  # fmt: skip
async def test_the_guard_reads_every_part_of_a_call(rig: Rig, body: dict[str, Any]) -> None:
    answered = await rig.ask("x", "frontier", **body)

    assert answered.usage["location"] == "local"
    assert rig.cloud.record.requests == []


async def test_policy_that_blocks_gives_a_sentence_and_sends_nothing(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("privacy: {actions: {confidential: block}}")
    await rig.fleet.look()

    for lane in ("auto", "local", "gpt"):
        with pytest.raises(Refused, match="policy blocks it: legal matter"):
            await rig.ask("FORBIDDEN", lane)

    assert rig.cloud.record.requests == []
    assert rig.ollama.record.chats() == []
    rig.bookings()


@pytest.mark.parametrize("lane", ["auto", "cloud", "frontier", "gpt", "sonnet"])
async def test_a_caller_whom_nobody_signed_for_is_answered_locally(rig: Rig, lane: str) -> None:
    answered = await rig.ask("@cloud hello", lane, NOBODY)

    assert "the caller is not identified" in answered.status
    assert rig.cloud.record.requests == []


FORGED: dict[str, dict[str, Any]] = {
    "lane": {"sluice": {"lane": "frontier"}},
    "lane by name": {"sluice": {"lane": "gpt"}},
    "preference": {"sluice": {"preference": "quality"}},
    "both": {"sluice": {"lane": "frontier", "preference": "quality", "confined": [], "location": "cloud"}},
    "task": {"caller": replace(KNOWN, task="title_generation")},
    "metadata": {"metadata": {"task": "x", "location": "cloud"}, "user": {"role": "admin"}},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED.keys())
@pytest.mark.parametrize(("text", "lane"), [("@cloud MARKED", "auto"), ("hello", "local"), ("MARKED", "frontier")])
async def test_nothing_that_can_be_forged_opens_the_cloud(
    rig: Rig, forged: dict[str, Any], text: str, lane: str
) -> None:
    answered = await rig.ask(text, lane, **forged)

    assert answered.usage["location"] == "local"
    assert rig.cloud.record.requests == []


async def test_a_task_stays_local_on_every_lane(rig: Rig) -> None:
    answered = await rig.ask("hello", "frontier", replace(KNOWN, message="", task="title_generation"))

    assert answered.usage["model"] == "qwen2.5:3b"
    assert rig.cloud.record.requests == []


@pytest.mark.parametrize(
    ("model", "intent", "location"),
    [
        ("auto", {"lane": "frontier"}, "cloud"),
        ("auto", {"lane": "local"}, "local"),
        ("frontier", {"lane": "local"}, "local"),
        ("small", {"lane": "frontier"}, "local"),
        ("frontier", {"preference": "private"}, "local"),
    ],
)
async def test_an_intent_chooses_on_auto_and_only_tightens_elsewhere(
    rig: Rig, model: str, intent: dict[str, str], location: str
) -> None:
    assert (await rig.ask("hello", model, sluice=intent)).usage["location"] == location


async def test_a_lane_that_does_not_exist_is_an_error(rig: Rig) -> None:
    with pytest.raises(UnknownModel):
        await rig.ask("hello", "nope")


async def test_without_the_cloud_the_frontier_answers_locally_and_says_so(rig: Rig) -> None:
    rig.fails("gpt")
    rig.fails("sonnet")

    assert (await rig.ask("hello", "frontier")).status == (
        "Local · qwen3:8b · no cloud model is available (down: it failed a moment ago)"
    )


@pytest.mark.parametrize("failure", [SERVER_ERROR, UNAUTHORIZED, rate_limited(3)], ids=["500", "401", "429"])
async def test_a_cloud_that_fails_before_its_first_word_is_replaced(rig: Rig, failure: Any) -> None:
    rig.cloud.script.always(failure)

    answered = await rig.ask("hello", "frontier")

    assert answered.text == "Local answer to 1 messages."
    assert answered.status.startswith("Local · qwen3:8b · after: gpt-4.1 ")
    assert outcomes(rig) == [("sonnet", "failed"), ("gpt", "failed"), ("qwen", "finished")]


async def test_local_models_that_fail_before_their_first_word_are_replaced_by_the_cloud(rig: Rig) -> None:
    rig.ollama.script.always(SERVER_ERROR)

    answered = await rig.ask("hello")

    assert answered.status.startswith("Cloud · gpt-4.1 · after: qwen2.5:3b ")
    assert outcomes(rig) == [("qwen", "failed"), ("tiny", "failed"), ("gpt", "finished")]


@pytest.mark.parametrize("state", ["failing", "stopped"])
@pytest.mark.parametrize(
    ("text", "lane", "caller"),
    [
        ("MARKED", "frontier", KNOWN),
        ("hello", "local", KNOWN),
        ("@local hello", "auto", KNOWN),
        ("hello", "gpt", NOBODY),
    ],
    ids=["private", "local lane", "@local", "unknown caller"],
)
async def test_nothing_private_leaves_because_the_local_models_are_down(
    rig: Rig, state: str, text: str, lane: str, caller: Caller
) -> None:
    rig.ollama.script.always(SERVER_ERROR)
    if state == "stopped":
        rig.ollama.stop()
        await rig.fleet.look()

    with pytest.raises((UpstreamError, NoModel), match=r"[Nn]othing was sent to the cloud"):
        await rig.ask(text, lane, caller)

    assert rig.cloud.record.requests == []


async def test_a_model_found_to_be_remote_after_the_decision_is_not_asked(rig: Rig) -> None:
    events = rig.events("MARKED", "local")
    rig.ollama.models = {
        name: replace(model, remote_host="https://ollama.com") for name, model in rig.ollama.models.items()
    }
    await rig.fleet.look()

    with pytest.raises((UpstreamError, NoModel)):
        await anext(events)

    assert rig.ollama.record.chats() == []


async def test_a_failed_model_is_not_tried_first_by_the_next_call(rig: Rig) -> None:
    rig.ollama.script.next(SERVER_ERROR)
    await rig.ask("hello", "local")

    answered = await rig.ask("hello", "local")

    assert answered.usage["model"] == "qwen2.5:3b"
    assert "qwen3:8b is unavailable" in " ".join(answered.usage["reasons"])


async def test_a_request_that_a_model_rejects_does_not_count_against_the_model(rig: Rig) -> None:
    rig.cloud.script.next(replace(SERVER_ERROR, status=400, message="bad"))
    await rig.ask("hello", "gpt")

    assert (await rig.ask("hello", "gpt")).usage["model"] == "gpt-4.1"


async def test_the_only_failure_of_the_only_model_is_told_with_its_status(rig: Rig) -> None:
    rig.fails("tiny")
    rig.ollama.script.always(SERVER_ERROR)

    with pytest.raises(UpstreamError, match=r"qwen3:8b failed|qwen3:8b is") as caught:
        await rig.ask("hello", "local")

    assert caught.value.status >= 500


async def test_leaving_early_is_booked_once_as_cancelled_and_closes_the_call(rig: Rig) -> None:
    rig.ollama.script.next(Answer("word " * 200, piece=5, delay_between=0.02))
    events: Any = rig.events("hello", stream=True)
    await anext(events)
    await anext(events)

    await events.aclose()

    assert await asyncio.to_thread(rig.ollama.record.wait_for, lambda all_: all_[-1].client_left, 5)
    assert outcomes(rig) == [("qwen", "cancelled")]


async def test_each_attempt_is_booked_once_with_ids_and_counts_and_no_text(rig: Rig) -> None:
    rig.cloud.script.next(Answer("Four.", usage=Usage(1000, 500)))
    await rig.ask("canary question", "gpt")

    (row,) = rig.bookings()

    assert {key: row[key] for key in ("user", "chat", "message", "kind", "lane", "location", "outcome")} == {
        "user": "u-1", "chat": "c-1", "message": "m-1", "kind": "chat", "lane": "gpt", "location": "cloud",
        "outcome": "finished",
    }  # fmt: skip
    assert (row["prompt"], row["completion"], row["measured"]) == (1000, 500, "reported")
    assert row["cost"] == pico(Decimal("0.006"))
    assert "canary" not in str(row)


@pytest.mark.parametrize(
    ("caller", "priority", "messages", "kind"),
    [
        (KNOWN, "low", [{"role": "user", "content": "x"}], "chat"),
        (replace(KNOWN, message=""), "normal", [{"role": "user", "content": "x"}], "api"),
        (replace(KNOWN, message=""), "low", [{"role": "user", "content": "x"}], "batch"),
        (replace(KNOWN, task="tags_generation"), "low", [{"role": "user", "content": "x"}], "tags_generation"),
        (KNOWN, "normal", [{"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": [
            {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
            {"role": "tool", "tool_call_id": "c", "content": "1"}], "tool round"),
    ],
    ids=["chat", "api", "batch", "task", "tool round"],
)  # fmt: skip
async def test_a_booking_says_what_kind_of_call_it_was(
    rig: Rig, caller: Caller, priority: str, messages: Any, kind: str
) -> None:
    await rig.ask("", "local", caller, messages=messages, sluice={"priority": priority})

    assert [row["kind"] for row in rig.bookings()] == [kind]


async def test_with_the_cloud_switched_off_everything_is_local_at_once(rig: Rig) -> None:
    before = (await rig.ask("hello", "gpt")).usage["location"]
    rig.switches = Switches(cloud=False)
    after = await rig.ask("hello", "gpt")

    assert before == "cloud"
    assert after.status == "Local · qwen3:8b · kept local: the cloud is switched off"


async def test_a_guard_that_only_observes_says_what_it_would_have_done(rig: Rig) -> None:
    rig.switches = Switches(guard="observe")

    private = await rig.ask("PRIVATE", "gpt")
    plain = await rig.ask("hello", "gpt")

    would = "it would have masked names and numbers: personal data (1)"
    assert private.status == f"Cloud · gpt-4.1 · the guard only observes; {would}"
    assert plain.status == "Cloud · gpt-4.1 · the guard only observes"


@pytest.mark.parametrize("word", ["SECRET", "FAILS", "PRIVATE SECRET"])
async def test_secrets_and_what_could_not_be_read_stay_local_even_then(rig: Rig, word: str) -> None:
    rig.switches = Switches(guard="observe")

    assert (await rig.ask(word, "gpt")).usage["location"] == "local"
    assert rig.cloud.record.requests == []


async def test_the_threshold_of_auto_can_be_moved_while_running(rig: Rig) -> None:
    rig.switches = Switches(auto_threshold=0.0)
    cloud = await rig.ask("hello")
    rig.switches = Switches(auto_threshold=1.0)
    local = await rig.ask("Prove step by step, compare and analyse in detail the architecture")

    assert (cloud.usage["location"], local.usage["location"]) == ("cloud", "local")


BUDGET = "budgets: [{scope: %s, period: month, limit_usd: 5}]"


@pytest.mark.parametrize(
    ("scope", "spender", "kept"),
    [("user", "u-1", "your budget for this month is used up ($6.00 of $5.00)"), ("user", "u-2", ""),
     ("team", "u-2", "the team's budget for this month is used up (renewed on 2")],
    ids=["own", "another's", "team"],
)  # fmt: skip
async def test_a_used_up_budget_keeps_calls_local(
    make_rig: Callable[[str], Rig], scope: str, spender: str, kept: str
) -> None:
    rig = make_rig(BUDGET % scope)
    await rig.fleet.look()
    spend(rig, 6, spender)

    answered = await rig.ask("hello", "cloud")

    assert answered.status.startswith(f"Local · qwen3:8b · kept local: {kept}" if kept else "Cloud · gpt-4.1")
    assert "$" not in answered.status or scope == "user"
    rig.bookings()


async def test_who_picked_a_cloud_model_by_its_name_is_told_when_the_budget_is_renewed(
    make_rig: Callable[[str], Rig],
) -> None:
    rig = make_rig(BUDGET % "user")
    await rig.fleet.look()
    spend(rig, 6)

    with pytest.raises(BudgetUsedUp, match=r"used up \(\$6\.00 of \$5\.00\)\. It is renewed on .+ qwen3:8b, or ask"):
        await rig.ask("hello", "gpt")

    assert rig.cloud.record.chats() == []
    rig.bookings()


async def test_a_used_up_budget_is_only_mentioned_when_budgets_warn(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig(BUDGET % "user")
    await rig.fleet.look()
    spend(rig, 6)
    rig.switches = Switches(budgets="warn")

    answered = await rig.ask("hello", "gpt")

    assert answered.status == "Cloud · gpt-4.1 · your budget for this month is used up ($6.00 of $5.00)"
    rig.bookings()


async def test_what_the_cloud_costs_counts_towards_the_budget(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("budgets: [{scope: user, period: day, limit_usd: 0.01}]")
    await rig.fleet.look()
    rig.cloud.script.next(Answer("x", usage=Usage(100_000, 10)))
    await rig.ask("hello", "gpt")
    await asyncio.to_thread(rig.book.flush)

    with pytest.raises(BudgetUsedUp):
        await rig.ask("hello", "gpt")
    (row,) = rig.bookings()

    assert row["cost"] == pico(Decimal("0.20008"))


SCRIPTS = {
    "english": "The gate decides what may leave. ",
    "german": "Straßenbahnhaltestellenüberprüfung. ",
    "russian": "Все люди рождаются свободными. ",
    "chinese": "人人生而自由,在尊严和权利上一律平等。",
    "hindi": "सभी मनुष्यों को गौरव और अधिकार। ",
    "emoji": "👍🏿🇩🇪 ",
    "digits": "3141592653 ",
    "code": "a[i] *= b[i]->c.d();\n",
}


@pytest.mark.parametrize("size", [10, 1_000, 8_000, 11_000])
@pytest.mark.parametrize("sample", SCRIPTS.values(), ids=SCRIPTS.keys())
async def test_no_prompt_is_cut_up_to_the_window(rig: Rig, sample: str, size: int) -> None:
    from sluice.chat import text_tokens

    text = sample * (size // text_tokens(sample) + 1)

    await rig.ask(text, "local")

    assert not rig.ollama.seen[-1].was_cut
    assert rig.ollama.seen[-1].num_ctx <= 32_768


async def test_what_is_too_long_for_local_models_is_refused_and_not_cut(rig: Rig) -> None:
    with pytest.raises(TooLong, match="was not sent and nothing was cut"):
        await rig.ask("many words " * 20_000, "local")

    assert rig.ollama.record.chats() == []


async def test_what_is_too_long_for_local_models_goes_to_the_cloud_when_it_may(rig: Rig) -> None:
    assert (await rig.ask("many words " * 20_000)).usage["location"] == "cloud"


async def test_a_prompt_that_the_small_model_cannot_hold_goes_to_the_next(rig: Rig) -> None:
    assert (await rig.ask("many words " * 1_500, "small")).usage["model"] == "qwen3:8b"


async def test_images_and_rounds_of_tools_reach_the_cloud_whole(rig: Rig) -> None:
    rounds = [
        {"role": "user", "content": "look up"},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"},
    ]  # fmt: skip
    await rig.ask("", "gpt", messages=rounds, tools=[TOOL], seed=7, stop=["END"], temperature=0.5)

    sent = rig.cloud.record.chats()[0].json
    assert [m["role"] for m in sent["messages"]] == ["user", "assistant", "tool"]
    assert sent["messages"][1]["tool_calls"][0]["id"] == "c1"
    assert (sent["tools"], sent["seed"], sent["stop"], sent["temperature"]) == ([TOOL], 7, ["END"], 0.5)


async def test_the_record_of_the_cloud_holds_nothing_about_the_person(rig: Rig) -> None:
    groups = frozenset({"group-canary"})
    caller = Caller("user-canary", "admin", groups, "chat-canary", "message-canary", "", "preset-canary")
    person = {"user": {"id": "user-canary", "name": "Pat Canary", "email": "pat@canary.example", "role": "user"}}
    message = {"role": "user", "content": "hello", "name": "Pat-Canary", "id": "message-canary"}

    for lane in ("gpt", "sonnet"):
        await rig.ask("", lane, caller, messages=[message], metadata={"chat_id": "chat-canary"}, **person)

    assert len(rig.cloud.record.chats()) == 2
    assert "canary" not in rig.cloud.record.text().replace("sk-canary", "").lower()


async def test_a_call_keeps_the_configuration_it_started_with(rig: Rig) -> None:
    rig.ollama.script.next(Answer("one two three four", piece=4, delay_between=0.01))
    events: Any = rig.events("hello")
    await anext(events)
    rig.path.write_text(rig.path.read_text(encoding="utf-8").replace("name: qwen", "name: other"), encoding="utf-8")
    assert rig.live.reload()

    rest = [event async for event in events]

    assert dict(rest[-1].usage)["model"] == "qwen3:8b"
