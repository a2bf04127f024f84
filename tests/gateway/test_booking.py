"""Every call that a provider received is in the ledger exactly once, with its tokens and to the last cent."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing as closed
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sluice.errors import BudgetUsedUp, UpstreamError
from sluice.ledger import pico

from tests.billed import assert_booked, expected_cost
from tests.gateway.conftest import KNOWN, Rig
from tests.standins.script import SERVER_ERROR, Answer, ToolCall, Usage

TOOL = {"type": "function", "function": {"name": "stock_of", "parameters": {"type": "object", "properties": {}}}}
TOOL_ROUND = [
    {"role": "user", "content": "How many bolts are left?"},
    {"role": "assistant", "tool_calls": [
        {"id": "call_stock_of_0", "type": "function", "function": {"name": "stock_of", "arguments": "{}"}}]},
    {"role": "tool", "tool_call_id": "call_stock_of_0", "content": "41"},
]  # fmt: skip
MODELS = {"gpt": "gpt-4.1", "sonnet": "claude-sonnet-5-5"}
TASKS = ("title_generation", "tags_generation", "follow_up_generation")


async def test_a_conversation_with_tools_an_abort_a_regenerate_tasks_and_failures_is_booked_to_the_cent(
    rig: Rig,
) -> None:
    script = rig.cloud.script
    script.next(Answer("", tool_calls=(ToolCall("stock_of"),), usage=Usage(1_003, 17)))
    await rig.ask("How many bolts are left?", "gpt", tools=[TOOL])
    script.next(Answer("41 are left.", usage=Usage(1_041, 7, cache_read=1_003)))
    await rig.ask("", "gpt", messages=TOOL_ROUND, tools=[TOOL])
    script.next(Answer("word " * 200, piece=5, delay_between=0.02))
    events: Any = rig.events("Tell me everything.", "gpt", replace(KNOWN, message="m-2"), stream=True)
    for _ in range(10):
        await anext(events)
    await events.aclose()
    await asyncio.to_thread(rig.cloud.record.wait_for, lambda all_: all_[-1].client_left, 5)
    script.next(Answer("In short: 41.", usage=Usage(2_000, 9)))
    await rig.ask("Tell me everything.", "gpt", replace(KNOWN, message="m-3"))
    for task in TASKS:
        await rig.ask("Make one.", "gpt", replace(KNOWN, task=task))
    script.next(SERVER_ERROR, Answer("Here.", usage=Usage(50, 60)))
    await rig.ask("Once more.", "frontier", replace(KNOWN, message="m-4"))

    rows = rig.bookings()

    received = rig.cloud.record.chats()
    assert_booked(rows, received, MODELS)
    assert [row["outcome"] for row in rows if row["location"] == "cloud"] == [
        *("finished", "finished", "cancelled", "finished", "failed", "finished")
    ]
    (aborted,) = [row for row in rows if row["outcome"] == "cancelled"]
    assert (aborted["measured"], 0 < aborted["completion"] < 400, aborted["prompt"] > 0) == ("estimated", True, True)
    assert aborted["cost"] == expected_cost("gpt-4.1", aborted)
    assert [row["kind"] for row in rows if row["location"] == "local"] == list(TASKS)
    assert all(row["cost"] == 0 for row in rows if row["location"] == "local")
    assert [row["attempt"] for row in rows[-2:]] == [1, 2]
    assert len(rows) == len(received) + len(TASKS)


@pytest.mark.parametrize(
    ("lane", "usage"),
    [
        ("gpt", Usage(100_000, 2_000, cache_read=90_112)),
        ("gpt", Usage(1, 1)),
        ("sonnet", Usage(12, 800, cache_read=40_000, cache_write=3_333)),
        ("sonnet", Usage(7, 1, cache_write=2_048)),
        ("sonnet", Usage(250_000, 4_000)),
    ],
    ids=["openai cached", "a token each", "anthropic cached", "anthropic first write", "anthropic long"],
)
async def test_cached_tokens_cost_what_they_cost(rig: Rig, lane: str, usage: Usage) -> None:
    rig.cloud.script.next(Answer("Yes.", usage=usage))
    shown = (await rig.ask("Is it?", lane)).usage

    rows = rig.bookings()

    assert_booked(rows, rig.cloud.record.chats(), MODELS)
    assert pico(Decimal(str(shown["cost"]))) == rows[0]["cost"]
    assert rows[0]["quote"]["source"].startswith("litellm ")


async def test_a_finished_local_answer_saves_what_the_baseline_would_have_cost(rig: Rig) -> None:
    rig.ollama.script.next(Answer("Yes.", usage=Usage(1_000, 100)))
    shown = (await rig.ask("Is it?", "local")).usage

    (row,) = rig.bookings()

    tokens = {"prompt": 1_000, "cached": 0, "cache_write": 0, "completion": 100}
    assert (row["cost"], row["baseline"]) == (0, expected_cost("claude-sonnet-5-5", tokens))
    assert pico(Decimal(str(shown["saved"]))) == row["baseline"]


async def test_what_the_network_cuts_is_booked_with_what_was_seen(rig: Rig) -> None:
    rig.cloud.script.next(Answer("word " * 40, piece=5, ending="die", chunks_before_ending=20))
    with suppress(UpstreamError):
        await rig.ask("Tell me everything.", "gpt", stream=True)

    rows = rig.bookings()

    first = rows[0]
    assert (first["model"], first["outcome"], first["measured"]) == ("gpt", "cut", "estimated")
    assert 0 < first["completion"] < 80
    assert first["cost"] == expected_cost("gpt-4.1", first)
    assert len([row for row in rows if row["location"] == "cloud"]) == len(rig.cloud.record.chats())


async def test_power_is_what_a_local_answer_costs_where_it_is_configured(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("energy: {watts: 360000000, usd_per_kwh: 0.5}")
    await rig.fleet.look()
    await rig.ask("hello", "local")

    (row,) = rig.bookings()

    # 360 MW over a millisecond is a tenth of a kilowatt-hour.
    assert row["cost"] == row["total_ms"] * pico(Decimal("0.05"))
    assert row["budgeted"] == 0


async def test_a_model_without_a_price_is_never_free(rig: Rig) -> None:
    rig.path.write_text(rig.path.read_text().replace("openai/gpt-4.1", "openai/gpt-novel"))
    rig.live.reload()
    await rig.fleet.look()
    rig.cloud.script.next(Answer("Yes.", usage=Usage(1_000, 1_000)))
    shown = (await rig.ask("Is it?", "gpt")).usage

    (row,) = rig.bookings()

    assert "cost" not in shown
    assert (row["cost"], row["budgeted"]) == (None, pico(Decimal("0.21")))  # 30 and 180 dollars for a million


async def test_a_locked_ledger_holds_up_no_chat(rig: Rig) -> None:
    with closed(sqlite3.connect(rig.path.parent / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answered = await rig.ask("hello", "gpt")
        again = await rig.ask("hello", "gpt")

    assert (answered.usage["location"], again.usage["location"]) == ("cloud", "cloud")
    assert [row["outcome"] for row in rig.bookings()] == ["finished", "finished"]


async def test_many_calls_at_once_keep_within_a_budget_and_the_rest_is_answered_here(
    make_rig: Callable[[str], Rig],
) -> None:
    rig = make_rig("budgets: [{scope: team, period: day, limit_usd: 0.10}]")
    await rig.fleet.look()
    rig.cloud.script.always(Answer("Yes.", usage=Usage(10, 1024)))

    answers = await asyncio.gather(*(rig.ask("hello", "cloud") for _ in range(50)))
    rows = rig.bookings()

    cloud = [row for row in rows if row["location"] == "cloud"]
    spent = sum(row["cost"] for row in cloud)
    assert 10 <= len(cloud) < 50
    assert spent <= pico(Decimal("0.10"))
    assert len(rig.cloud.record.chats()) == len(cloud)
    kept = [answer.status for answer in answers if answer.usage["location"] == "local"]
    assert len(kept) == 50 - len(cloud)
    assert all("the team's budget for this day" in status for status in kept)


async def test_a_picked_answer_that_breaks_off_goes_on_here_where_the_budget_has_no_room_to_ask_again(
    make_rig: Callable[[str], Rig],
) -> None:
    rig = make_rig("budgets: [{scope: team, period: day, limit_usd: 0.0083}]")  # one answer of gpt
    await rig.fleet.look()
    rig.cloud.script.next(Answer("word " * 40, piece=5, ending="die", chunks_before_ending=20))

    answer = await rig.ask("Tell me everything.", "gpt", stream=True)
    rows = rig.bookings()

    assert answer.error is None
    assert [(row["location"], row["outcome"]) for row in rows] == [("cloud", "cut"), ("local", "finished")]


async def test_a_picked_model_that_a_budget_has_no_room_for_is_refused_before_anything_leaves(
    make_rig: Callable[[str], Rig],
) -> None:
    rig = make_rig("budgets: [{scope: team, period: day, limit_usd: 0.001}]")
    await rig.fleet.look()

    with pytest.raises(BudgetUsedUp):
        await rig.ask("Tell me everything.", "gpt")

    assert rig.cloud.record.chats() == []


async def test_who_leaves_while_a_booking_opens_leaves_none_open(rig: Rig) -> None:
    with closed(sqlite3.connect(rig.path.parent / "ledger.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asking = asyncio.create_task(rig.ask("hello", "gpt"))
        await asyncio.sleep(0.3)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking

    rows = rig.bookings()

    assert all(row["outcome"] == "cancelled" and row["cost"] == 0 for row in rows)
    assert rig.cloud.record.chats() == []
