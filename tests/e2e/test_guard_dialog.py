"""What the guard asks and shows in the chat: the line, the question about a file, what was masked, wrong alarms."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import Chat, Dialog, screenshot, wait_for_text
from tests.e2e.stack import eventually
from tests.e2e.webui import Account
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

ADDRESS = "ottilie.brandauer@riverbank-bakery.example"
NOTE = f"""Order for the summer party.
Ottilie Brandauer will bring the cakes. Write to {ADDRESS} before Friday.
There will be forty guests, and the terrace opens at six.
"""


@pytest.fixture
def asked(chat: Chat, person: Account, tmp_path: Path, plain_retrieval: None) -> Dialog:
    """A chat on a cloud preset in which a question about an attached file has just been sent."""
    file = tmp_path / "party.txt"
    file.write_text(NOTE)
    attached = chat.open("deep-analysis").attach(file)
    status = f"/api/v1/files/{attached}/process/status"
    eventually(lambda: person.get(status)["status"] == "completed", "the file is read in", 120)
    chat.say("Who brings the cakes?")
    dialog = Dialog(chat.page)
    dialog.wait()
    return dialog


def test_a_file_leaves_masked_after_the_person_agreed_and_is_not_asked_about_again(
    asked: Dialog, chat: Chat, cloud: Cloud
) -> None:
    cloud.script.always(Answer("Write to [EMAIL_1] or [EMAIL_2]."))
    shown = asked.box.inner_text()
    screenshot(chat.page, "guard-dialog")
    assert not cloud.record.chats(), "nothing leaves before the answer"

    asked.answer("masked")
    answer = chat.read()
    again = chat.ask("And when?")

    assert "party.txt" in shown
    assert "will bring the cakes" in shown
    assert ADDRESS not in shown
    assert "leaves masked, as you agreed" in answer.status
    assert "Cloud" in answer.status
    assert "Cloud" in again.status
    assert "Write to" in answer.text
    assert ADDRESS in answer.text
    assert "will bring the cakes" in cloud.record.text()
    assert ADDRESS not in cloud.record.text()


def test_a_file_stays_on_the_machine_where_the_person_says_so(asked: Dialog, chat: Chat, cloud: Cloud) -> None:
    asked.answer("local")
    answer = chat.read()
    again = chat.ask("And when?")
    screenshot(chat.page, "guard-kept")

    assert "as you chose" in answer.status
    assert "Local" in answer.status
    assert "Local" in again.status
    assert not cloud.record.chats()


def test_a_cancelled_message_goes_to_no_model_and_says_so(asked: Dialog, chat: Chat, cloud: Cloud) -> None:
    asked.cancel()

    wait_for_text(chat.page.locator("#messages-container"), "You cancelled, so this was not sent to any model.")
    screenshot(chat.page, "guard-cancelled")
    assert not cloud.record.chats()


def test_a_message_in_which_more_may_be_personal_is_shown_masked_and_leaves_so(chat: Chat, cloud: Cloud) -> None:
    cloud.script.always(Answer("I asked [NAME_2] to write to [EMAIL_1]."))
    chat.open("deep-analysis").say(f"Draft a line to {ADDRESS}, and close her second account, fen_backup there.")
    dialog = Dialog(chat.page)
    dialog.wait()
    shown = dialog.box.inner_text()
    screenshot(chat.page, "guard-message")
    assert not cloud.record.chats(), "nothing leaves before the answer"

    dialog.answer("masked")
    answer = chat.read()

    assert "your message" in shown
    assert "Draft a line to [EMAIL_1], and close her second account, [NAME_2] there." in shown
    assert answer.text == f"I asked fen_backup to write to {ADDRESS}."
    assert not any(told in cloud.record.text() for told in (ADDRESS, "fen_backup"))


def test_what_was_masked_is_shown_to_the_person_and_not_added_to_the_chat(
    chat: Chat, cloud: Cloud, person: Account
) -> None:
    cloud.script.always(Answer("Dear [EMAIL_1]!"))
    answer = chat.open("deep-analysis").ask(f"Write one sentence to {ADDRESS}.")
    screenshot(chat.page, "guard-line")
    before = person.answers(chat.id)

    chat.press("What was masked")
    dialog = Dialog(chat.page, "What was masked in this chat")
    dialog.wait()
    screenshot(chat.page, "guard-masked")
    shown = dialog.box.inner_text()
    dialog.confirm()

    assert "Found: 1 × personal · leaves masked" in answer.status
    assert "[EMAIL_1]" in shown
    assert ADDRESS in shown
    assert ADDRESS not in cloud.record.text()
    assert person.answers(chat.id) == before


@pytest.fixture
def strict(person: Account) -> Iterator[None]:
    valves = "/api/v1/functions/id/pii_guard/valves/user/update"
    person.post(valves, {"strict": "on"})
    yield
    person.post(valves, {"strict": "off"})


@pytest.mark.usefixtures("strict")
def test_who_is_strict_keeps_here_what_would_leave_masked(chat: Chat, cloud: Cloud) -> None:
    answer = chat.open("deep-analysis").ask(f"Write one sentence to {ADDRESS}.")
    screenshot(chat.page, "guard-strict")

    assert "stays on this machine" in answer.status
    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_a_wrong_alarm_is_reported_by_a_person_and_ended_by_an_admin(
    chat: Chat, admin_chat: Chat, cloud: Cloud
) -> None:
    desk = "desk.of.nobody@riverbank-bakery.example"
    chat.open("deep-analysis").ask(f"Where is {desk} printed?")
    chat.press("Not private")
    expect(chat.page.get_by_text("An admin decides.")).to_be_visible()
    screenshot(chat.page, "guard-reported")

    admin_chat.open("deep-analysis").ask(f"Where is {desk} printed?")
    admin_chat.press("Not private")
    dialog = Dialog(admin_chat.page, "Not private?")
    dialog.wait()
    screenshot(admin_chat.page, "guard-not-private")
    dialog.confirm()
    expect(admin_chat.page.get_by_text("Allowed from now on: 1.")).to_be_visible()
    assert desk not in cloud.record.text()

    chat.open("deep-analysis").ask(f"Where is {desk} printed?")

    assert desk in cloud.record.text()


@pytest.fixture
def past_the_gateway(admin: Account, cloud: Cloud) -> Iterator[str]:
    """A model that an admin connected to Open WebUI without the gateway."""
    before = admin.get("/openai/config")
    added = {
        **before,
        "OPENAI_API_BASE_URLS": [*before["OPENAI_API_BASE_URLS"], cloud.openai_base],
        "OPENAI_API_KEYS": [*before["OPENAI_API_KEYS"], cloud.key],
        "OPENAI_API_CONFIGS": {**before["OPENAI_API_CONFIGS"], "1": {"enable": True, "model_ids": ["gpt-5-direct"]}},
    }
    admin.post("/openai/config/update", added)
    admin.get("/api/models", refresh="true")
    yield "gpt-5-direct"
    admin.post("/api/v1/functions/id/direct_models/valves/update", {"direct_models": "refuse"})
    admin.post("/openai/config/update", before)
    admin.get("/api/models", refresh="true")


def test_a_model_past_the_gateway_is_refused_and_masked_only_if_an_admin_says_so(
    admin_chat: Chat, admin: Account, cloud: Cloud, past_the_gateway: str
) -> None:
    admin_chat.open(past_the_gateway).say(f"Write one sentence to {ADDRESS}.")
    wait_for_text(admin_chat.page.locator("#messages-container"), "was not asked: it is connected past the gateway")
    screenshot(admin_chat.page, "guard-direct-refused")
    assert not cloud.record.chats()
    cloud.script.always(Answer("Dear [EMAIL_1]!", piece=3))
    admin.post("/api/v1/functions/id/direct_models/valves/update", {"direct_models": "mask"})

    answer = admin_chat.open(past_the_gateway).ask(f"Write one sentence to {ADDRESS}.")
    screenshot(admin_chat.page, "guard-direct-masked")

    assert answer.text == f"Dear {ADDRESS}!"
    assert ADDRESS not in cloud.record.text()
