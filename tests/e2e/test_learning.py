"""What a person does when a local answer will not do, and what is learned from it, with a real local model."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import Chat, Dialog, screenshot
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

ADDRESS = "ottilie.brandauer@riverbank-bakery.example"
QUESTION = "Which city is the capital of France?"


def rows(stack: Stack, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(f"file:{stack.data / 'ledger.sqlite3'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def offered(chat: Chat) -> Dialog:
    """Press the button and wait for the question."""
    chat.press("Ask the cloud")
    dialog = Dialog(chat.page, "Ask the cloud?")
    dialog.wait()
    return dialog


def test_an_answer_that_fell_short_is_asked_of_a_better_model(chat: Chat, cloud: Cloud, stack: Stack) -> None:
    cloud.script.always(Answer("It is Paris."))
    first = chat.open("auto").ask(QUESTION)

    second = chat.ask("That's wrong, try again.")
    screenshot(chat.page, "escalated")

    assert "Local" in first.status
    assert "Cloud" in second.status
    assert second.text == "It is Paris."
    query = "SELECT signal, location FROM feedback"
    eventually(lambda: ("corrected", "local") in rows(stack, query), "it is booked as feedback")


def test_the_cloud_answers_beside_the_local_model_once_the_person_said_yes(
    chat: Chat, cloud: Cloud, person: Account, stack: Stack
) -> None:
    cloud.script.always(Answer("Dear [EMAIL_1], the party begins at six."))
    chat.open("everyday").ask(f"Write one sentence to {ADDRESS} about the party.")
    (local,) = person.answers(chat.id)

    dialog = offered(chat)
    shown = dialog.box.inner_text()
    screenshot(chat.page, "ask-the-cloud-dialog")
    assert not cloud.record.chats(), "nothing leaves before the answer"
    dialog.confirm()
    expect(chat.message().locator("#response-content-container")).to_contain_text("the party begins at six")
    answer = chat.read()
    eventually(lambda: person.answers(chat.id)[-1].get("usage"), "the answer is kept with what it took")
    screenshot(chat.page, "ask-the-cloud-answer")

    assert "[EMAIL_1]" in shown
    assert ADDRESS not in shown
    assert "It costs about $0.0" in shown
    assert answer.text == f"Dear {ADDRESS}, the party begins at six."
    assert "Cloud" in answer.status
    assert "$0.0" in answer.status
    assert ADDRESS not in cloud.record.text()
    kept, new = person.answers(chat.id)
    assert kept["content"] == local["content"]
    assert kept["parentId"] == new["parentId"]
    assert new["usage"]["location"] == "cloud"
    eventually(
        lambda: ("asked_cloud", local["id"]) in rows(stack, "SELECT signal, message FROM feedback"), "it is booked"
    )
    chat.page.reload()
    expect(chat.message().locator("#response-content-container")).to_contain_text("the party begins at six")
    assert person.answers(chat.id)[-1] == new
    booked = rows(stack, f"SELECT user, location FROM bookings WHERE message = '{new['id']}'")
    assert booked == [(person.id, "cloud")]


def test_the_chat_goes_on_from_the_answer_of_the_cloud(chat: Chat, cloud: Cloud) -> None:
    cloud.script.always(Answer("It is Paris."))
    chat.open("everyday").ask(QUESTION)
    offered(chat).confirm()
    expect(chat.message().locator("#response-content-container")).to_contain_text("It is Paris.")

    chat.rest()
    again = chat.ask("And of Spain?")
    chat.page.reload()

    assert "Local" in again.status
    expect(chat.answers.first).to_contain_text("It is Paris.")


def test_whoever_says_no_sends_nothing(chat: Chat, cloud: Cloud, person: Account) -> None:
    chat.open("everyday").ask(QUESTION)
    before = person.answers(chat.id)

    offered(chat).cancel()

    assert person.answers(chat.id) == before
    assert not cloud.record.chats()


def test_what_must_stay_is_refused_in_one_sentence(chat: Chat, cloud: Cloud) -> None:
    chat.open("private").ask(QUESTION)

    chat.press("Ask the cloud")

    expect(chat.page.get_by_text("This stays on this machine:")).to_be_visible()
    screenshot(chat.page, "ask-the-cloud-refused")
    assert not cloud.record.chats()


def test_a_thumb_is_booked_as_feedback(chat: Chat, person: Account, stack: Stack) -> None:
    chat.open("everyday").ask(QUESTION)
    (answer,) = person.answers(chat.id)

    chat.press("Bad Response")

    query = "SELECT signal, message, user, location FROM feedback"
    wanted = ("thumbs_down", answer["id"], person.id, "local")
    eventually(lambda: wanted in rows(stack, query), "the thumb is booked")
    assert not [row for row in rows(stack, "SELECT * FROM feedback") if QUESTION in json.dumps(row)]


def test_the_local_model_is_profiled_without_a_call_to_the_cloud(stack: Stack, cloud: Cloud) -> None:
    said = stack.sluice("profile", "--limit", "8", "--dry-run").stdout

    lines = (stack.data / "profile.jsonl").read_text().splitlines()
    assert "smollm2-135m-instruct passed at level" in said
    assert "Nothing was changed." in said
    assert len(lines) == 8
    assert not cloud.record.requests


@pytest.fixture
def second_opinion(stack: Stack) -> Iterator[None]:
    """Every question of Auto is near enough to the threshold to ask the local model itself."""
    before = stack.policy.read_text()
    wish = "second_opinion: true\n  second_opinion_band: 1\n  second_opinion_seconds: 30 "
    stack.policy.write_text(before.replace("second_opinion: false ", wish, 1))
    yield
    stack.policy.write_text(before)


@pytest.mark.usefixtures("second_opinion")
def test_the_local_model_says_of_itself_whether_it_can(chat: Chat, stack: Stack) -> None:
    opinions = "SELECT count(*) FROM bookings WHERE kind = 'second opinion' AND location = 'local'"
    before = rows(stack, opinions)[0][0]

    def asked_itself() -> bool:
        chat.open("auto").ask(QUESTION)
        return rows(stack, opinions)[0][0] != before

    eventually(asked_itself, "the local model was asked itself", 60)
