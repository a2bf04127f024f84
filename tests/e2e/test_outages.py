"""Parts that die or are missing: a clear message meanwhile, and nothing broken afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import Chat, screenshot
from tests.e2e.stack import Stack, eventually
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

SLOW = Answer("word " * 400, delay_between=0.2)


@pytest.fixture
def whole(stack: Stack) -> Iterator[Stack]:
    """The workstation, complete again after the test."""
    yield stack
    stack.up()


def test_the_gateway_dies_in_mid_answer_and_comes_back(whole: Stack, chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(SLOW)
    chat.open("deep-analysis").say("Tell a long story.")
    chat.page.get_by_text("word word").first.wait_for()

    whole.kill("gateway")
    chat.rest()
    screenshot(chat.page, "gateway-died")
    chat.open("deep-analysis")
    names = chat.offered()
    chat.say("Are you there?")
    _read_error(chat)
    screenshot(chat.page, "gateway-down")
    whole.up()

    assert len(names) == 6
    assert cloud.record.wait_for(lambda requests: requests[0].client_left)
    assert chat.open("deep-analysis").ask("Name a colour.").text.startswith("Cloud answer")


def test_the_local_model_dies_and_comes_back(whole: Stack, chat: Chat, cloud: Cloud) -> None:
    whole.kill("embedded")

    chat.open("private").say("Name a colour.")
    _read_error(chat)
    screenshot(chat.page, "local-model-down")
    whole.up()

    assert not cloud.record.chats(), "private text left because the local model was down"
    answer = chat.open("private").ask("Name a colour.")
    assert "Local" in answer.status


def test_open_webui_dies_and_comes_back_with_its_chats(whole: Stack, chat: Chat, cloud: Cloud) -> None:
    chat.open("deep-analysis").ask("Name a colour.")
    address = chat.page.url

    whole.kill("open-webui")
    eventually(lambda: not whole.answers(), "Open WebUI is gone")
    whole.up()
    chat.page.goto(address)

    expect(chat.answers.last).to_contain_text("Cloud answer")
    assert chat.ask("And another?").text.startswith("Cloud answer")


def test_without_a_cloud_key_deep_analysis_answers_locally_and_says_so(whole: Stack, chat: Chat, cloud: Cloud) -> None:
    whole.without("OPENAI_API_KEY", "ANTHROPIC_API_KEY").up()

    answer = chat.open("deep-analysis").ask("Name a colour.")
    screenshot(chat.page, "no-cloud-key")

    assert answer.text
    assert "Local" in answer.status
    assert not cloud.record.requests


def _read_error(chat: Chat) -> str:
    """The sentence that a person reads instead of an answer."""
    text = chat.read(seconds=150).text
    assert re.match(r"\S.{15,}", text), f"no clear message: {text!r}"
    assert "Traceback" not in text
    return text
