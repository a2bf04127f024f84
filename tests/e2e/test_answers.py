"""Each preset answers where it says, for an admin and for a person without rights."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator

import pytest

from tests.e2e.browser import Chat, screenshot
from tests.e2e.stack import ROOT
from tests.e2e.webui import Account
from tests.standins import script
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

PRESETS = ["Auto", "Private", "Everyday", "Quick", "Code Review", "Deep Analysis"]
PLAN = """A migration in three steps keeps the risk small:

1. **Mirror** the writes to the new database, and compare nightly.
2. **Move** the readers one service at a time, the reports first.
3. **Cut over** when a week has passed without a difference.

Keep the old database readable for one more month."""


def test_an_admin_picks_auto_and_sees_a_streamed_answer_and_where_it_ran(admin_chat: Chat, cloud: Cloud) -> None:
    admin_chat.open().pick("Auto")

    answer = admin_chat.ask("Name a colour.")
    screenshot(admin_chat.page, "auto-local")

    assert answer.text
    assert "Local" in answer.status
    assert "smollm2" in answer.status
    assert not cloud.record.chats()


def test_a_person_sees_exactly_the_six_presets(chat: Chat, person: Account) -> None:
    chat.open()

    assert chat.offered() == PRESETS
    assert len(person.models()) == len(PRESETS)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_person_chats_through_each_preset(chat: Chat, preset: str) -> None:
    chat.open().pick(preset)

    answer = chat.ask("Say hello.")

    assert answer.text
    assert re.search("Local|Cloud", answer.status)


def test_an_answer_is_seen_while_it_is_written(chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(Answer("first words, " + "more words " * 8 + "last words", delay_between=0.3))
    chat.open("deep-analysis")

    chat.say("Tell me something.")
    chat.page.get_by_text("first words").wait_for()

    assert "last words" not in chat.answers.last.inner_text()
    assert chat.read().text.endswith("last words")


def test_private_sends_nothing_to_a_configured_cloud(chat: Chat, cloud: Cloud) -> None:
    chat.open("private")

    answer = chat.ask("Compare monoliths with microservices, with all their trade-offs. @cloud")
    screenshot(chat.page, "private")

    assert "Local" in answer.status
    assert not cloud.record.requests


@pytest.fixture
def patient(person: Account) -> Iterator[None]:
    """A person who takes answers of any length."""
    person.prefer(params={"temperature": 0})
    yield
    person.prefer()


def test_one_chat_holds_local_and_cloud_answers_and_says_which_is_which(
    patient: None, chat: Chat, cloud: Cloud
) -> None:
    cloud.script.next(Answer(PLAN, piece=24, delay_between=0.01))
    chat.open().pick("Auto")

    local = chat.ask("What is a prime number?")
    remote = chat.ask("@cloud How do we move a busy database to a new engine without a day of downtime?")
    chat.page.mouse.move(640, 780)
    picture = screenshot(chat.page, "chat")
    if os.environ.get("SLUICE_README_PICTURE"):
        shutil.copy(picture, ROOT / "assets" / "chat.png")

    assert "Local" in local.status
    assert "Cloud" in remote.status
    assert "Cut over" in remote.text


def test_deep_analysis_is_answered_from_the_cloud_and_says_so(chat: Chat, cloud: Cloud) -> None:
    chat.open().pick("Deep Analysis")

    answer = chat.ask("Name a colour.")
    screenshot(chat.page, "deep-analysis-cloud")

    assert answer.text.startswith("Cloud answer")
    assert "Cloud" in answer.status
    assert len(cloud.record.chats()) == 1


def test_auto_obeys_a_wish_for_the_cloud_when_nothing_is_private(chat: Chat, cloud: Cloud) -> None:
    answer = chat.open("auto").ask("@cloud Name a colour.")

    assert "Cloud" in answer.status
    assert len(cloud.record.chats()) == 1


def test_a_cloud_that_refuses_is_replaced_by_a_local_model(chat: Chat, cloud: Cloud) -> None:
    cloud.script.always(script.SERVER_ERROR)

    answer = chat.open("deep-analysis").ask("Name a colour.")
    screenshot(chat.page, "cloud-down")

    assert answer.text
    assert "Local" in answer.status
