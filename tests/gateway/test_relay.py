"""A chain of models answers one call until somebody finishes: what a person sees, and what each side is told."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sluice.errors import UpstreamError
from sluice.gateway import Status
from sluice.gateway.continuing import GO_ON
from sluice.upstream import Delta, Rank

from tests.gateway.conftest import KNOWN, Answered, Rig
from tests.standins.script import (
    HANG,
    SERVER_ERROR,
    TOO_LONG,
    Answer,
    Failure,
    Reply,
    ToolCall,
    Usage,
    rate_limited,
)

TEXT = "A gate slides in its frame, and the water itself presses it tight against the sill."
DIES = Answer(TEXT, piece=10, ending="die", chunks_before_ending=4)
TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}
MakeRig = Callable[..., Rig]


def goes_on(body: Any) -> Reply:
    """Answer with the text, or with what is left of it after an answer that broke off."""
    said = [message for message in body["messages"] if message["role"] == "assistant"]
    return Answer(TEXT[len(said[-1]["content"]) :].lstrip() if said else TEXT, piece=9)


def goes_on_with(*, again: int) -> Callable[[Any], Reply]:
    """Like `goes_on`, but the last characters that were said are said again."""

    def answer(body: Any) -> Reply:
        said = [message["content"] for message in body["messages"] if message["role"] == "assistant"]
        return Answer(TEXT[max(0, len(said[-1]) - again) :].lstrip() if said else TEXT, piece=9)

    return answer


def outcomes(rig: Rig) -> list[tuple[str, str]]:
    return [(row["model"], row["outcome"]) for row in rig.bookings()]


@pytest.mark.parametrize("ending", ["die", "no_done", "hang"])
@pytest.mark.parametrize("lane", ["auto", "cloud"])
async def test_an_answer_that_breaks_off_is_gone_on_with_by_the_next_model(
    make_rig: MakeRig, lane: str, ending: Any
) -> None:
    rig = make_rig(first_token_seconds=0.5, idle_seconds=0.5)
    await rig.fleet.look()
    first, second = (rig.ollama, rig.cloud) if lane == "auto" else (rig.cloud, rig.ollama)
    first.script.always(replace(DIES, ending=ending))
    second.script.always(goes_on)

    answered = await rig.read("How?", lane)

    assert answered.text == TEXT
    assert "continued after: " in answered.status
    assert outcomes(rig)[0][1] == "cut"
    assert outcomes(rig)[-1][1] == "finished"
    assert second.record.chats()[-1].json["messages"][-1]["content"] == GO_ON


@pytest.mark.parametrize("priced", [True, False], ids=["price known", "price unknown"])
async def test_what_was_cut_at_an_unknown_price_is_not_shown_as_free(rig: Rig, priced: bool) -> None:
    if not priced:
        rig.path.write_text(rig.path.read_text().replace("openai/gpt-4.1", "openai/gpt-novel"))
        rig.live.reload()
        await rig.fleet.look()
    rig.cloud.script.always(DIES)
    rig.ollama.script.always(goes_on)

    usage = (await rig.read("How?", "gpt")).usage

    assert usage["location"] == "local"
    assert ("cost" in usage, "saved" in usage) == (priced, priced)


@pytest.mark.parametrize("again", [3, 14, 20, 1000], ids=["a word", "words", "more", "all"])
async def test_what_the_next_model_repeats_is_seen_once(rig: Rig, again: int) -> None:
    rig.ollama.script.always(DIES)
    rig.cloud.script.always(goes_on_with(again=again))

    assert (await rig.read("How?")).text == TEXT


async def test_reasoning_does_not_count_as_an_answer(rig: Rig) -> None:
    rig.ollama.script.always(Answer(TEXT, reasoning="Let me think of it. " * 4, ending="die", chunks_before_ending=3))

    answered = await rig.read("How?")

    assert answered.text == "Cloud answer to 1 messages."
    assert "continued" not in answered.status


async def test_whoever_wants_the_answer_whole_gets_one_model_whole(rig: Rig) -> None:
    rig.ollama.script.always(DIES)

    answered = await rig.ask("How?")

    assert answered.text == "Cloud answer to 1 messages."
    assert len(rig.cloud.record.chats()[-1].json["messages"]) == 1


async def test_where_nobody_goes_on_what_was_said_stays_and_the_error_follows(rig: Rig) -> None:
    rig.ollama.script.always(DIES)

    answered = await rig.read("MARKED")

    assert TEXT.startswith(answered.text)
    assert isinstance(answered.error, UpstreamError)
    assert "Nothing was sent to the cloud" in str(answered.error)
    assert rig.cloud.record.requests == []


async def test_what_a_local_model_said_is_judged_before_the_cloud_goes_on(rig: Rig) -> None:
    said = "It is a MARKED matter, which nobody else may read, as everybody here knows."
    rig.ollama.script.always(Answer(said, piece=10, ending="die", chunks_before_ending=5))

    answered = await rig.read("How?")

    assert answered.error is not None
    assert "stays on this machine" in str(answered.error)
    assert "MARKED" not in rig.cloud.record.text()
    assert rig.cloud.record.chats() == []


async def test_what_was_said_leaves_masked_and_is_gone_on_with_in_real_values(rig: Rig) -> None:
    rig.cloud.script.next(
        Answer("Dear [EMAIL_1], the gate is closed now, and", piece=6, ending="die", chunks_before_ending=5),
        Answer("[EMAIL_1], the gate is closed now, and it stays so, [EMAIL_1].", piece=6),
    )

    answered = await rig.read("Write to PRIVATE", "frontier")

    assert answered.text == "Dear PRIVATE, the gate is closed now, and it stays so, PRIVATE."
    assert "PRIVATE" not in rig.cloud.record.text()


async def test_a_local_model_goes_on_with_real_values(rig: Rig) -> None:
    rig.cloud.script.always(
        Answer("Dear [EMAIL_1], the gate is closed now, and", piece=6, ending="die", chunks_before_ending=6)
    )
    rig.ollama.script.next(Answer("it stays so."))

    answered = await rig.read("Write to PRIVATE", "gpt")

    assert answered.text.startswith("Dear PRIVATE, ")
    assert answered.text.endswith(" it stays so.")
    assert "Dear PRIVATE," in rig.ollama.record.chats()[-1].json["messages"][-2]["content"]


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_a_tool_is_called_once_where_its_model_broke_off_after_the_call(rig: Rig, stream: bool) -> None:
    calls = (ToolCall("look_up", {"word": "gate"}),)
    rig.ollama.script.always(Answer("", tool_calls=calls, ending="die", chunks_before_ending=1))
    rig.cloud.script.always(Answer("", tool_calls=calls))

    answered = await (rig.read if stream else rig.ask)("Find it", tools=[TOOL])

    assert [json.loads(call["arguments"]) for call in answered.tool_calls] == [{"word": "gate"}]
    assert [call["name"] for call in answered.tool_calls] == ["look_up"]


async def test_json_that_two_models_wrote_is_whole_or_an_error(rig: Rig) -> None:
    form = {"response_format": {"type": "json_object"}}
    begun = Answer('{"gate": "it slides in its frame", "water": 1}', piece=8, ending="die", chunks_before_ending=4)
    rig.ollama.script.always(begun)
    rig.cloud.script.next(Answer('its frame", "water": 1}'), Answer("I cannot go on."))

    good = await rig.read("How?", **form)
    rig.fleet.circuits.succeeded(rig.fleet.deployment("qwen"))
    bad = await rig.read("How?", **form)

    assert json.loads(good.text) == {"gate": "it slides in its frame", "water": 1}
    assert "could complete its JSON" in str(bad.error)
    assert "response_format" not in rig.cloud.record.chats()[-1].json


async def test_the_limit_of_an_answer_holds_for_both_models_together(rig: Rig) -> None:
    rig.ollama.script.always(DIES)
    rig.cloud.script.always(goes_on)

    await rig.read("How?", max_tokens=100)

    assert 80 <= rig.cloud.record.chats()[-1].json["max_tokens"] < 100


async def test_what_all_models_took_is_shown_and_booked(rig: Rig) -> None:
    rig.cloud.script.next(DIES, replace(DIES, ending="done", text="sill.", usage=Usage(1000, 500)))

    usage = (await rig.read("How?", "frontier")).usage

    rows = rig.bookings()
    assert [(row["model"], row["outcome"]) for row in rows] == [("sonnet", "cut"), ("gpt", "finished")]
    assert all(row["cost"] > 0 for row in rows)
    assert usage["output_tokens"] == sum(row["completion"] for row in rows)
    assert usage["cost"] == pytest.approx(sum(row["cost"] for row in rows) / 1e12)


async def test_a_model_that_failed_before_its_first_piece_costs_nothing(rig: Rig) -> None:
    rig.cloud.script.next(SERVER_ERROR, Answer("x", usage=Usage(1000, 500)))

    usage = (await rig.read("How?", "frontier")).usage

    assert usage["cost"] == pytest.approx(0.006)


@pytest.mark.parametrize("failure", [SERVER_ERROR, rate_limited(0)], ids=["500", "429"])
async def test_what_may_pass_is_tried_again_at_once(make_rig: MakeRig, failure: Any) -> None:
    rig = make_rig(retries=1)
    await rig.fleet.look()
    rig.cloud.script.next(failure)

    answered = await rig.read("How?", "gpt")

    assert answered.status == "Cloud · gpt-4.1"
    assert outcomes(rig) == [("gpt", "failed"), ("gpt", "finished")]


async def test_a_long_wait_is_not_waited_for(make_rig: MakeRig) -> None:
    rig = make_rig(retries=1, retry_seconds=0.5)
    await rig.fleet.look()
    rig.cloud.script.next(rate_limited(30))

    answered = await rig.read("How?", "gpt")

    assert outcomes(rig) == [("gpt", "failed"), ("sonnet", "finished")]
    assert answered.error is None


@pytest.mark.parametrize(
    "failure",
    [TOO_LONG, Failure(400, "The response was filtered.", "invalid_request_error", "content_filter")],
    ids=["too long", "filtered"],
)
async def test_what_one_provider_does_not_take_the_next_may(rig: Rig, failure: Failure) -> None:
    rig.cloud.script.next(failure)

    answered = await rig.read("How?", "frontier")

    assert answered.usage["model"] == "gpt-4.1"
    assert rig.fleet.circuits.why_not(rig.fleet.deployment("sonnet")) == ""


async def test_an_answer_that_a_provider_filtered_is_asked_of_the_next(rig: Rig) -> None:
    rig.cloud.script.next(Answer("", finish_reason="content_filter"))

    assert (await rig.read("How?", "gpt")).usage["model"] == "claude-sonnet-5-5"


async def test_with_the_internet_gone_only_the_first_call_notices(make_rig: MakeRig) -> None:
    rig = make_rig()
    text = rig.path.read_text().replace(f"{rig.cloud.url}/v1", "http://127.0.0.1:9/v1")
    rig.path.write_text(text.replace(f'"{rig.cloud.url}"', '"http://127.0.0.1:9"'))
    assert rig.live.reload()
    await rig.fleet.look()

    first = await rig.read("How?", "frontier")
    second = await rig.read("How?", "frontier")

    assert (first.usage["location"], second.usage["location"]) == ("local", "local")
    assert "no cloud model is available (unreachable" in second.status
    assert [outcome for _, outcome in outcomes(rig)] == ["failed", "finished", "finished"]


async def test_a_call_that_waited_does_not_ask_a_model_that_failed_others_meanwhile(make_rig: MakeRig) -> None:
    rig = make_rig(local_parallel=1, first_token_seconds=0.5)
    await rig.fleet.look()
    rig.ollama.script.always(HANG)

    answers = await asyncio.gather(*(rig.read("How?", caller=replace(KNOWN, user=f"u-{n}")) for n in range(4)))

    assert [answered.usage["location"] for answered in answers] == ["cloud"] * 4
    assert len(rig.ollama.record.chats()) <= 2


async def test_where_nobody_else_may_answer_a_model_that_failed_a_moment_ago_is_asked_again(rig: Rig) -> None:
    for name in ("qwen", "tiny"):
        rig.fails(name, "timeout")

    assert (await rig.read("MARKED")).usage["location"] == "local"


async def test_who_waits_sees_the_place_in_line_and_then_the_answer(make_rig: MakeRig) -> None:
    rig = make_rig(local_parallel=1)
    await rig.fleet.look()
    rig.ollama.script.always(Answer("word " * 10, piece=5, delay_between=0.02))

    answers = await asyncio.gather(*(rig.read("How?", "local", caller=replace(KNOWN, user=f"u-{n}")) for n in range(3)))

    waited = [[event for event in answered.events if isinstance(event, Status)] for answered in answers]
    at_once, then, last = sorted(waited, key=len)
    assert [len(lines) for lines in (at_once, then, last)] == [1, 2, 3]
    assert last[0].text == "Local · qwen3:8b · 2nd in line"
    assert last[1].text.startswith("Local · qwen3:8b · next in line, about ")
    assert [line.done for line in last] == [False, False, True]


async def test_who_leaves_the_line_is_not_answered(make_rig: MakeRig) -> None:
    rig = make_rig(local_parallel=1)
    await rig.fleet.look()
    rig.ollama.script.always(Answer("word " * 40, piece=5, delay_between=0.02))
    first = asyncio.create_task(rig.read("How?", "local"))
    await asyncio.to_thread(rig.ollama.record.wait_for, lambda all_: any(r.path == "/api/chat" for r in all_))

    waiting: Any = rig.events("How?", "local", replace(KNOWN, user="u-2"), stream=True)
    await anext(waiting)
    await waiting.aclose()

    assert (await first).error is None
    assert len(rig.ollama.record.chats()) == 1


async def test_past_a_wait_in_line_somebody_elsewhere_is_asked_if_that_is_allowed(make_rig: MakeRig) -> None:
    rig = make_rig(local_parallel=1, queue_seconds=0.1)
    await rig.fleet.look()
    rig.ollama.script.always(Answer("word " * 60, piece=5, delay_between=0.02))
    busy = asyncio.create_task(rig.read("How?", "local"))
    await asyncio.to_thread(rig.ollama.record.wait_for, lambda all_: any(r.path == "/api/chat" for r in all_))

    free, private = await asyncio.gather(
        rig.read("How?", caller=replace(KNOWN, user="u-2")),
        rig.read("MARKED", caller=replace(KNOWN, user="u-3", chat="c-3")),
    )

    assert (await busy).error is None
    assert "after: qwen3:8b is busy: " in free.status
    assert (free.usage["location"], private.usage["location"]) == ("cloud", "local")


@pytest.mark.parametrize("limit", ["requests_per_minute: 1", "tokens_per_minute: 4"])
async def test_a_limit_per_minute_is_kept_by_asking_the_next(make_rig: MakeRig, limit: str) -> None:
    rig = make_rig()
    rig.path.write_text(rig.path.read_text().replace("roles: [cloud]", f"roles: [cloud], {limit}"))
    assert rig.live.reload()
    await rig.fleet.look()

    models = [(await rig.read("How?", "cloud")).usage["model"] for _ in range(2)]

    assert models == ["gpt-4.1", "claude-sonnet-5-5"]


async def test_a_slow_beginning_is_hedged_and_the_loser_is_cancelled_and_booked(make_rig: MakeRig) -> None:
    rig = make_rig(hedge_seconds=0.2)
    await rig.fleet.look()
    rig.cloud.script.next(Answer("late", delay_before=5), Answer("fast", usage=Usage(1000, 500)))

    answered = await rig.read("How?", "frontier")

    assert answered.text == "fast"
    assert "claude-sonnet-5-5 had not begun after 0.2 s" in answered.status
    assert await asyncio.to_thread(rig.cloud.record.wait_for, lambda all_: any(r.client_left for r in all_), 5)
    assert sorted(outcomes(rig)) == [("gpt", "finished"), ("sonnet", "cancelled")]


async def test_a_hedge_that_fails_leaves_the_first_to_answer(make_rig: MakeRig) -> None:
    rig = make_rig(hedge_seconds=0.2)
    await rig.fleet.look()
    rig.cloud.script.next(Answer("late", delay_before=0.6), SERVER_ERROR)

    answered = await rig.read("How?", "frontier")

    assert (answered.text, answered.usage["model"]) == ("late", "claude-sonnet-5-5")


def _lines(answered: Answered) -> list[str]:
    return [event.text for event in answered.events if isinstance(event, Status)]


async def test_who_leaves_in_mid_answer_frees_the_model_for_the_next(make_rig: MakeRig) -> None:
    rig = make_rig(local_parallel=1)
    await rig.fleet.look()
    rig.ollama.script.next(Answer("word " * 400, piece=5, delay_between=0.02))
    leaving: Any = rig.events("How?", "local", stream=True)
    while not isinstance(await anext(leaving), Delta):
        pass
    await leaving.aclose()

    answered = await rig.read("How?", "local")

    assert _lines(answered) == ["Local · qwen3:8b · private"]


async def test_a_model_that_was_only_slow_goes_on_where_the_faster_one_breaks_off(make_rig: MakeRig) -> None:
    rig = make_rig(hedge_seconds=0.2)
    await rig.fleet.look()
    rig.fails("qwen")
    rig.fails("tiny")
    rig.cloud.script.next(Answer("late", delay_before=5), DIES, goes_on)

    answered = await rig.read("How?", "frontier")

    assert (answered.text, answered.error) == (TEXT, None)
    assert answered.usage["model"] == "claude-sonnet-5-5"


async def test_a_model_that_was_asked_in_case_goes_on_where_the_first_one_breaks_off(make_rig: MakeRig) -> None:
    rig = make_rig(hedge_seconds=0.2)
    await rig.fleet.look()
    rig.fails("qwen")
    rig.fails("tiny")
    rig.cloud.script.next(replace(DIES, delay_before=0.8), Answer("late", delay_before=5), goes_on)

    answered = await rig.read("How?", "frontier")

    assert (answered.text, answered.error) == (TEXT, None)
    assert answered.usage["model"] == "gpt-4.1"


async def test_a_race_lost_in_line_is_tried_again_where_the_other_one_fails(make_rig: MakeRig) -> None:
    rig = make_rig(hedge_seconds=0.1, local_parallel=1, queue_seconds=0.3)
    await rig.fleet.look()
    for name in ("tiny", "sonnet"):
        rig.fails(name)
    rig.ollama.script.always(Answer("word " * 40, piece=5, delay_between=0.02))
    rig.cloud.script.always(replace(DIES, delay_before=1, chunks_before_ending=0))
    busy = asyncio.create_task(rig.read("How?", "local"))
    await asyncio.to_thread(rig.ollama.record.wait_for, lambda all_: any(r.path == "/api/chat" for r in all_))

    answered = await rig.read("How?", caller=replace(KNOWN, user="u-2"))

    assert (await busy).error is None
    assert (answered.error, answered.usage["location"]) == (None, "local")


@pytest.mark.parametrize("until", [Status, Delta], ids=["in line", "in mid-answer"])
async def test_who_leaves_a_race_is_out_of_the_line_at_once(make_rig: MakeRig, until: type) -> None:
    rig = make_rig(hedge_seconds=30, local_parallel=1)
    await rig.fleet.look()
    line = rig.fleet.line(rig.fleet.deployment("qwen"))
    assert line
    ahead = line.join("somebody", Rank.PERSON) if until is Status else None
    rig.ollama.script.always(Answer("word " * 400, piece=5, delay_between=0.02))
    leaving: Any = rig.events("How?", "local", stream=True)
    while not isinstance(await anext(leaving), until):
        pass

    await leaving.aclose()

    assert line.waiting == 0
    if ahead:
        line.leave(ahead)
    assert line.join("next", Rank.PERSON).began is not None


@pytest.mark.parametrize("hedge", ["null", "30"])
async def test_where_nobody_goes_on_the_last_word_is_seen_as_far_as_it_came(make_rig: MakeRig, hedge: str) -> None:
    rig = make_rig(hedge_seconds=hedge)
    await rig.fleet.look()
    rig.ollama.script.always(DIES)

    answered = await rig.read("How?", "local")

    assert answered.text == TEXT[:40]
    assert answered.error is not None
