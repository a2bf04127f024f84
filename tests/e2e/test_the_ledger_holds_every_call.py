"""A whole conversation in the real Open WebUI: each call that the cloud received is in the ledger once, to the cent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sluice.ledger import Book, reading

from tests.billed import assert_booked, flat
from tests.e2e.browser import Chat, Dialog, screenshot
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account, Tasks
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, ToolCall, Usage

# Names in compose/sluice.yaml and at the providers.
MODELS = {"claude-sonnet": "claude-sonnet-5-5", "gpt-4.1": "gpt-4.1"}
TASKS = {"title_generation", "tags_generation", "follow_up_generation"}
LONG = "A thought. " * 60


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    file = tmp_path / "warehouse notes.txt"
    file.write_text("The bolts are kept in aisle nine.\nThe nuts are kept in aisle four.\n")
    return file


def bookings_since(stack: Stack, began: datetime) -> list[dict[str, Any]]:
    """Everything in the ledger's file since then, the first one first, read while the gateway runs."""
    book = Book(stack.data / "ledger.sqlite3")
    try:
        with book.database.reading() as connection:
            found = reading.recent(connection, since=began, limit=None)
    finally:
        book.close()
    return [flat(booking) for booking in reversed(found)]


@pytest.mark.usefixtures("plain_retrieval")
@pytest.mark.parametrize("lane", ["deep-analysis", "sluice.gpt-4.1"], ids=["anthropic", "openai"])
def test_with_tools_a_file_a_stop_a_regenerate_and_tasks_each_call_is_booked_once_at_litellms_price(
    admin_chat: Chat, admin: Account, cloud: Cloud, tasks: Tasks, stack: Stack, warehouse: str, notes: Path, lane: str
) -> None:
    began = datetime.now(UTC)
    tasks.switch(True)
    chat = admin_chat.open(lane, tools=warehouse)
    cloud.script.next(
        Answer(tool_calls=(ToolCall("stock_of", {"article": "bolts"}, "call_1"),), usage=Usage(4_003, 17)),
        Answer("Seventeen bolts.", usage=written_to_cache(lane, 3_001)),
        Answer("In aisle nine.", usage=read_from_cache(lane, 3_001)),
        Answer(LONG, piece=8, delay_between=0.2, usage=Usage(4_807, 180)),
        Answer("In short: seventeen.", usage=read_from_cache(lane, 3_333)),
    )

    chat.ask("How many bolts do we have?")
    attach(chat, admin, notes)
    chat.say("In which aisle are they, by these notes?")
    consent = Dialog(chat.page)
    consent.wait()
    consent.answer("masked")
    chat.read()
    chat.rest(240)
    stop_midway(chat, cloud)
    regenerate(chat, cloud)
    chat.rest(240)
    screenshot(chat.page, f"a-conversation-in-the-ledger-{lane}")
    eventually(lambda: all(row.get("outcome") for row in bookings_since(stack, began)), "all calls are settled", 60)
    rows, received = bookings_since(stack, began), cloud.record.chats()

    assert_booked(rows, received, MODELS)
    away = [row for row in rows if row["location"] == "cloud"]
    assert [row["kind"] for row in away] == ["chat", "tool round", "chat", "chat", "chat"]
    assert [row["outcome"] for row in away] == ["finished", "finished", "finished", "cancelled", "finished"]
    assert {row["chat"] for row in away} == {chat.id}
    assert "aisle four" in received[2].body.decode(), "the file's text was part of the call"
    here = [row for row in rows if row["location"] == "local"]
    assert {row["kind"] for row in here} >= TASKS
    assert all((row["task"], row["cost"]) == (True, 0) for row in here)


def written_to_cache(lane: str, tokens: int) -> Usage:
    """Only Anthropic counts what it writes to its cache, and counts it beside the prompt."""
    return Usage(1_240, 310, cache_write=tokens) if lane == "deep-analysis" else Usage(1_240 + tokens, 310)


def read_from_cache(lane: str, tokens: int) -> Usage:
    """OpenAI counts what it reads from its cache as part of the prompt."""
    return Usage(1_377 if lane == "deep-analysis" else 1_377 + tokens, 41, cache_read=tokens)


def attach(chat: Chat, account: Account, file: Path) -> None:
    status = f"/api/v1/files/{chat.attach(file)}/process/status"
    eventually(lambda: account.get(status)["status"] == "completed", "the file is read in", 120)


def stop_midway(chat: Chat, cloud: Cloud) -> None:
    chat.say("Think aloud about that for a long while.")
    expect(chat.answers.last).to_contain_text("A thought", timeout=60_000)
    chat.page.get_by_role("button", name=re.compile("Stop")).first.click()
    eventually(lambda: cloud.record.chats()[-1].client_left, "the call is ended at the provider")


def regenerate(chat: Chat, cloud: Cloud) -> None:
    chat.read()
    asked = len(cloud.record.chats())
    chat.press("Regenerate")
    again = chat.page.get_by_role("button", name="Try Again").or_(chat.page.get_by_role("menuitem", name="Try Again"))
    again.first.click()
    eventually(lambda: len(cloud.record.chats()) == asked + 1, "the answer is made anew")
    chat.read()
