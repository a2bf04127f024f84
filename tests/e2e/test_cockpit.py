"""The ways a person uses a chat beside plain messages, on lanes of the gateway."""

from __future__ import annotations

import json

from playwright.sync_api import Page, expect

from tests.e2e.browser import Chat, screenshot, wait_for_text
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, ToolCall

CHIP = "Auto router"


def test_the_chip_sends_a_preset_to_the_lane_that_the_person_chose(chat: Chat, person: Account, cloud: Cloud) -> None:
    person.post("/api/v1/functions/id/auto_router/valves/user/update", {"lane": "cloud"})
    chat.open("auto")
    _toggle_chip(chat)
    screenshot(chat.page, "chip-on")

    with_chip = chat.ask("Name a colour.")
    chat.open("auto")
    without_chip = chat.ask("Name a colour.")

    assert "Cloud" in with_chip.status
    assert "Local" in without_chip.status


def test_the_chip_cannot_lift_private(chat: Chat, person: Account, cloud: Cloud) -> None:
    person.post("/api/v1/functions/id/auto_router/valves/user/update", {"lane": "cloud"})
    chat.open("private")
    _toggle_chip(chat)

    answer = chat.ask("Name a colour.")

    assert "Local" in answer.status
    assert not cloud.record.requests


def _toggle_chip(chat: Chat) -> None:
    chat.page.locator("#integration-menu-button").click()
    chat.page.get_by_role("menuitemcheckbox", name=CHIP).click()
    chat.page.keyboard.press("Escape")
    chat.page.locator(f"#message-input-container img[alt='{CHIP}']").wait_for()


def test_a_tool_conversation_takes_several_rounds_on_a_lane(admin_chat: Chat, cloud: Cloud, warehouse: str) -> None:
    cloud.script.next(
        Answer(tool_calls=(ToolCall("stock_of", {"article": "bolts"}, "call_1"),)),
        Answer(tool_calls=(ToolCall("stock_of", {"article": "nuts"}, "call_2"),)),
        Answer("Of both there are seventeen."),
    )
    admin_chat.open("deep-analysis", tools=warehouse)

    answer = admin_chat.ask("How many bolts and nuts do we have?")
    screenshot(admin_chat.page, "tool-rounds")

    last = cloud.record.chats()[-1].json["messages"]
    results = [m["content"] for m in last if m["role"] == "tool"] or json.dumps(last)
    assert "Of both there are seventeen." in answer.text
    assert len(cloud.record.chats()) == 3
    assert "bolts: 17 pieces in aisle nine" in str(results)
    assert "nuts: 17 pieces in aisle nine" in str(results)


def test_two_presets_answer_side_by_side(chat: Chat, cloud: Cloud) -> None:
    chat.open("quick", "deep-analysis")

    chat.say("Name a colour.")
    expect(chat.answers).to_have_count(2)
    local, remote = chat.read(0), chat.read(1)
    screenshot(chat.page, "side-by-side")

    assert "Local" in local.status
    assert "Cloud" in remote.status


def test_a_temporary_chat_is_answered_and_not_kept(chat: Chat, person: Account, cloud: Cloud) -> None:
    before = len(person.get("/api/v1/chats/list"))
    chat.open("deep-analysis", **{"temporary-chat": "true"})

    answer = chat.ask("Name a colour.")

    assert answer.text.startswith("Cloud answer")
    assert len(person.get("/api/v1/chats/list")) == before


def test_a_cut_answer_is_continued(chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(Answer("The first half", finish_reason="length"), Answer(" and the second half."))
    chat.open("deep-analysis").ask("Tell a story.")

    chat.press("Continue Response")
    wait_for_text(chat.answers.last, "second half")

    answer = chat.read()
    assert "The first half" in answer.text
    assert "second half" in answer.text


def test_an_answer_is_made_anew(chat: Chat, cloud: Cloud) -> None:
    cloud.script.next(Answer("The first try."), Answer("The second try."))
    chat.open("deep-analysis").ask("Name a colour.")

    chat.press("Regenerate")
    chat.page.get_by_role("button", name="Try Again").or_(
        chat.page.get_by_role("menuitem", name="Try Again")
    ).first.click()
    wait_for_text(chat.answers.last, "The second try")

    assert len(cloud.record.chats()) == 2


def test_a_preset_mentioned_in_a_channel_answers_there_without_naming_the_author_to_the_cloud(
    admin_page: Page, admin: Account, stack: Stack, cloud: Cloud
) -> None:
    settings = admin.get("/api/v1/auths/admin/config")
    admin.post("/api/v1/auths/admin/config", settings | {"ENABLE_CHANNELS": True})
    channel = admin.post("/api/v1/channels/create", {"name": "team", "access_grants": []})["id"]
    admin_page.goto(f"{stack.url}/channels/{channel}")
    admin_page.locator("#chat-input").click()
    admin_page.keyboard.type("@Deep")
    admin_page.get_by_role("button", name="Deep Analysis").first.click()
    admin_page.keyboard.type("Name a colour.")

    admin_page.locator("#send-message-button").click()

    eventually(lambda: _model_messages(admin, channel), "the preset answers in the channel", 120)
    admin_page.get_by_text("1 Replies").click()
    expect(admin_page.get_by_text("Deep Analysis", exact=True)).to_be_visible()
    screenshot(admin_page, "channel")
    admin.post("/api/v1/auths/admin/config", settings)


def _model_messages(admin: Account, channel: str) -> list[str]:
    """What models wrote in a channel, in its threads too."""
    top = admin.get(f"/api/v1/channels/{channel}/messages")
    threads = [admin.get(f"/api/v1/channels/{channel}/messages/{m['id']}/thread") for m in top]
    messages = [*top, *(reply for thread in threads for reply in thread)]
    written = [m for m in messages if (m.get("meta") or {}).get("model_id")]
    return [m["content"] for m in written if (m.get("meta") or {}).get("done") and m["content"]]
