"""The button that shows what stands for what: to the window that asked, in its language, and to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.conftest import Asked, Screen, Window, request
from tests.functions.loader import load

ENTRIES = [
    {"placeholder": "[EMAIL_1]", "type": "EMAIL_ADDRESS", "class": "personal", "value": "jane@corp.example"},
    {"placeholder": "[TEXT_2]", "type": "TEXT", "class": "", "value": "<img src=x>\n\n**[PERSON_1]**"},
]
BODY = {"chat_id": "c-7", "id": "m-7", "model": "auto", "messages": []}
pytestmark = pytest.mark.usefixtures("connections")


async def pressed(screen: Screen | None, window: Window | None, body: dict[str, Any] = BODY, accept: str = "") -> None:
    asked = request()
    asked.headers = {"accept-language": accept}
    action, _ = load("what_was_masked")
    shown = await action.action(
        body, __user__={"id": "u-1", "role": "user"}, __request__=asked, __event_emitter__=screen, __event_call__=window
    )

    assert shown is None, "nothing is added to the chat"


async def test_a_dialog_shows_placeholders_and_values_as_text(screen: Screen, gateway: Asked) -> None:
    gateway.says["masked"], window = {"masked": ENTRIES}, Window(True)

    await pressed(screen, window)

    (dialog,) = window.dialogs
    assert (dialog["type"], dialog["title"]) == ("confirmation", "What was masked in this chat")
    assert "[EMAIL_1]" in dialog["message"]
    assert "jane@corp.example" in dialog["message"]
    assert "&lt;img src=x&gt; **[PERSON_1]**" in dialog["message"]
    assert "\n" not in dialog["message"], "Markdown would begin anew behind an empty line"
    assert (screen.lines, screen.notes) == ([], [])


async def test_the_chat_is_named_and_the_person_proven_by_the_headers(gateway: Asked) -> None:
    gateway.says["masked"] = {"masked": []}

    await pressed(None, None)

    ((path, headers, body),) = gateway.calls
    assert (path, body) == ("masked", None)
    assert headers["x-sluice-chat"] == "c-7"
    assert headers["x-openwebui-user-jwt"]


@pytest.mark.parametrize(
    ("locale", "accept", "line"),
    [
        ("de-DE", "en", "In diesem Chat wurde nichts maskiert."),
        ("fr-FR", "", "Rien n'a été masqué dans ce chat."),
        ("es-ES", "", "En este chat no se enmascaró nada."),
        ("zh-CN", "", "此对话中没有内容被遮蔽。"),
        ("pt-BR", "", "Nothing in this chat was masked."),
        (None, "pt-BR,pt;q=0.9,de;q=0.8", "In diesem Chat wurde nichts maskiert."),
        ({"error": "gone"}, "", "Nothing in this chat was masked."),
    ],
)
async def test_it_speaks_the_windows_language(
    screen: Screen, gateway: Asked, locale: Any, accept: str, line: str
) -> None:
    gateway.says["masked"] = {"masked": []}

    await pressed(screen, Window(locale=locale), accept=accept)

    assert screen.notes == [line]


@pytest.mark.parametrize("answer", [None, "broken", {"masked": [{}]}, {"masked": 5}], ids=repr)
@pytest.mark.parametrize("status", [200, 403])
async def test_what_cannot_be_shown_is_said(screen: Screen, gateway: Asked, answer: Any, status: int) -> None:
    gateway.says["masked"], gateway.status, window = answer, status, Window()

    await pressed(screen, window)

    assert screen.notes == ["What was masked cannot be shown now. Try again later."]
    assert window.dialogs == []


def test_every_language_has_the_same_words() -> None:
    words = load("what_was_masked")[1].WORDS

    assert set(words) == {"en", "de", "fr", "es", "zh"}
    assert len({frozenset(table) for table in words.values()}) == 1
