"""An answer that breaks off is gone on with, and a busy model has a line: what a person sees of both."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import Any

import httpx
import pytest

from tests.e2e.browser import Chat, screenshot
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account
from tests.standins.cloud import Cloud
from tests.standins.script import SERVER_ERROR, Answer, Reply

STORY = """A sluice gate in three parts:

1. The **leaf** slides in its frame, and the water itself presses it tight against the sill.
2. The **gear** lifts it by a screw, so that one person can move what weighs a ton.
3. The **sill** is cut from one stone, since whatever is joined there begins to leak one day.

Open it slowly: a wave that is let loose does not come back."""
BREAKS_OFF = Answer(STORY, piece=12, delay_between=0.05, ending="die", chunks_before_ending=12)


@pytest.fixture
def patient(person: Account) -> Iterator[None]:
    """A person who takes answers of any length."""
    person.prefer(params={"temperature": 0})
    yield
    person.prefer()


def goes_on(body: Mapping[str, Any]) -> Reply:
    """What is left of the story, with the last words said again, as models do."""
    said = [str(message["content"]) for message in body["messages"] if message["role"] == "assistant"]
    return Answer(STORY[max(0, len(said[-1]) - 20) :] if said else STORY, piece=12, delay_between=0.05)


def test_an_answer_that_breaks_off_is_gone_on_with_by_another_model(patient: None, chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(BREAKS_OFF)
    cloud.script.always(goes_on)

    answer = chat.open("deep-analysis").ask("Explain the parts of a sluice gate.")
    screenshot(chat.page, "failover-cloud")

    assert answer.text.count("The leaf slides in its frame") == 1
    assert "since whatever is joined there begins to leak one day." in answer.text
    assert answer.text.endswith("does not come back.")
    assert "continued after: " in answer.status
    assert len(cloud.record.chats()) == 2


def test_where_the_cloud_is_gone_a_local_model_goes_on(patient: None, chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(BREAKS_OFF)
    cloud.script.always(SERVER_ERROR)

    answer = chat.open("deep-analysis").ask("Explain the parts of a sluice gate.")
    screenshot(chat.page, "failover-local")

    assert answer.text.startswith("A sluice gate in three parts:")
    assert "Local" in answer.status
    assert "continued after: " in answer.status


def begun(stack: Stack) -> int:
    """How many calls were begun: each is booked when its turn has come, before its model is asked."""
    with closing(sqlite3.connect(f"file:{stack.data / 'ledger.sqlite3'}?mode=ro", uri=True)) as connection:
        return int(connection.execute("SELECT count(*) FROM bookings").fetchone()[0])


def keep_busy(account: Account) -> None:
    """A program that asks the local model for more than anybody reads; nobody waits for its answer."""
    count = "Count from one to three hundred, in words, one number after the other."
    body = {"model": "private", "max_tokens": 600, "temperature": 0, "stream": False}
    with suppress(httpx.HTTPError, AssertionError):
        account.post("/api/chat/completions", body | {"messages": [{"role": "user", "content": count}]})


def test_whoever_waits_for_a_busy_model_sees_the_place_in_line(chat: Chat, admin: Account, stack: Stack) -> None:
    chat.open("private")
    before = begun(stack)
    programs = [threading.Thread(target=keep_busy, args=(admin,), daemon=True) for _ in range(4)]
    for program in programs:
        program.start()
    eventually(lambda: begun(stack) > before, "a program has the model busy")

    chat.say("Name a colour.")
    chat.page.get_by_text("next in line").first.wait_for()
    screenshot(chat.page, "in-line")
    answer = chat.read(seconds=180)
    for program in programs:
        program.join()

    assert answer.text
    assert "Local" in answer.status
