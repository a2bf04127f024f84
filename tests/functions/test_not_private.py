"""The button for wrong alarms: what is offered, what is reported, and what only an admin's press does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.conftest import Asked, Screen, Window, request
from tests.functions.loader import load

ONE = {"mark": "aa", "type": "EMAIL_ADDRESS", "class": "personal", "value": "help@corp.example"}
TWO = {"mark": "bb", "type": "PERSON", "class": "personal", "value": "Ada <b>"}
MESSAGES = [
    {"role": "user", "content": "Ask help@corp.example", "files": ["x"]},
    {"role": "assistant", "content": ""},
    {"role": "user", "content": [{"type": "text", "text": "Ada"}, {"type": "image_url", "image_url": {}}]},
]
SENT = [{"role": "user", "content": "Ask help@corp.example"}, {"role": "user", "content": "Ada"}]
pytestmark = pytest.mark.usefixtures("connections")


@pytest.fixture(autouse=True)
def says(gateway: Asked) -> dict[str, Any]:
    allowed = {"status": "allowed"}
    gateway.says |= {"findings": {"findings": [ONE, TWO]}, "alarms": {"reported": 1}}
    gateway.says |= {"alarms/aa": allowed, "alarms/bb": allowed}
    return gateway.says


async def pressed(screen: Screen, window: Window | None, role: str = "user", messages: Any = MESSAGES) -> None:
    action, _ = load("not_private")
    await action.action(
        {"chat_id": "c-1", "id": "m-1", "model": "auto", "messages": messages},
        __user__={"id": "u-1", "role": role},
        __request__=request(),
        __event_emitter__=screen,
        __event_call__=window,
    )


async def test_a_single_finding_is_reported_by_the_click_alone(
    screen: Screen, gateway: Asked, says: dict[str, Any]
) -> None:
    says["findings"], window = {"findings": [ONE]}, Window()

    await pressed(screen, window)

    assert window.dialogs == []
    assert gateway.paths() == ["findings", "alarms"]
    assert gateway.sent("alarms") == {"messages": SENT, "marks": ["aa"]}
    assert screen.notes == ["Reported: 1. An admin decides."]


@pytest.mark.parametrize(("choice", "marks"), [("bb", ["bb"]), ("all", ["aa", "bb"])])
async def test_of_several_the_person_picks(screen: Screen, gateway: Asked, choice: str, marks: list[str]) -> None:
    window = Window(choice)

    await pressed(screen, window)

    (dialog,) = window.dialogs
    assert [one["label"] for one in dialog["input"]["options"]] == [
        "help@corp.example · email address",
        "Ada <b> · person",
        "All of it",
    ]
    assert gateway.sent("alarms")["marks"] == marks
    assert "alarms/aa" not in gateway.paths()


@pytest.mark.parametrize("answer", [False, None, "", {"error": "gone"}, "cc"], ids=repr)
async def test_whoever_does_not_choose_reports_nothing(screen: Screen, gateway: Asked, answer: Any) -> None:
    await pressed(screen, Window(answer))

    assert gateway.paths() == ["findings"]
    assert screen.notes == []


async def test_an_admin_allows_what_they_choose_at_once(screen: Screen, gateway: Asked) -> None:
    window = Window("aa")

    await pressed(screen, window, role="admin")

    assert "for everybody" in window.dialogs[0]["message"]
    assert gateway.paths() == ["findings", "alarms", "alarms/aa"]
    assert gateway.sent("alarms/aa") == {"state": "allowed"}
    assert screen.notes == ["Allowed from now on: 1."]


async def test_an_admin_allows_nothing_without_a_second_look(
    screen: Screen, gateway: Asked, says: dict[str, Any]
) -> None:
    says["findings"] = {"findings": [ONE]}

    await pressed(screen, Window(False), role="admin")

    assert gateway.paths() == ["findings"]


@pytest.mark.parametrize("messages", [[], MESSAGES], ids=["an empty chat", "nothing found"])
async def test_nothing_to_report_is_said(screen: Screen, says: dict[str, Any], messages: Any) -> None:
    says["findings"] = {"findings": []}

    await pressed(screen, Window(), messages=messages)

    assert screen.notes[0].startswith("Nothing is found in the messages of this chat")


@pytest.mark.parametrize("broken", ["findings", "alarms", "alarms/aa"])
async def test_a_gateway_that_fails_is_said(screen: Screen, gateway: Asked, broken: str) -> None:
    gateway.failing = {broken}

    await pressed(screen, Window("aa"), role="admin")

    assert screen.notes == ["This was not reported: the gateway did not answer. Try again later."]


async def test_no_note_and_no_line_holds_the_text(screen: Screen) -> None:
    await pressed(screen, Window("all", locale="de-DE"))

    assert screen.lines == []
    assert not [note for note in screen.notes if "help@corp" in note or "Ada" in note]


def test_every_language_has_the_same_words() -> None:
    words = load("not_private")[1].WORDS

    assert set(words) == {"en", "de", "fr", "es", "zh"}
    assert len({frozenset(table) for table in words.values()}) == 1
