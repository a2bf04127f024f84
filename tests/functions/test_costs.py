"""The button that shows what a chat and a person cost."""

from typing import Any

import pytest

from tests.functions.conftest import Asked, Screen, Window, request
from tests.functions.loader import load

ANSWERS = {"calls": 3, "cost": 0.0123, "saved": 0.5, "tokens": 5000, "unpriced": 0}
NOTHING = {"calls": 12, "cost": 0.0, "saved": 0.0, "tokens": 900, "unpriced": 0}
FOUND = {
    "chat": {"answers": ANSWERS, "tasks": NOTHING},
    "today": ANSWERS,
    "month": ANSWERS | {"cost": 1234.5, "calls": 1234, "unpriced": 1},
    "budgets": [{"period": "month", "spent": 3.2, "limit": 20.0, "renews": "2026-12-01"}],
    "baseline": "claude-<sonnet>",
}
pytestmark = pytest.mark.usefixtures("connections")


async def pressed(window: Window | None, screen: Screen) -> None:
    button, _ = load("costs")
    await button.action(
        {"chat_id": "c-1", "id": "m-1"},
        __user__={"id": "u-1", "role": "user"},
        __request__=request(),
        __event_emitter__=screen,
        __event_call__=window,
    )


async def test_it_shows_chat_tasks_today_and_month_apart(screen: Screen, gateway: Asked) -> None:
    gateway.says["usage/chat"] = FOUND
    window = Window()

    await pressed(window, screen)

    (dialog,) = window.dialogs
    shown = dialog["message"]
    assert dialog["title"] == "Costs"
    for part in ("This chat, answers", "$0.0123", "$0.5000", ">12<", "$1,234.50 + price unknown", "1,234",
                 "Your budget for this month: $3.20 of $20, renews on 2026-12-01."):  # fmt: skip
        assert part in shown
    assert "claude-&lt;sonnet&gt;" in shown
    assert gateway.calls[-1][1]["x-sluice-chat"] == "c-1"


async def test_it_speaks_the_persons_language_and_currency(screen: Screen, gateway: Asked) -> None:
    gateway.says["usage/chat"] = FOUND | {"currency": {"code": "EUR", "per_usd": 0.5}}
    window = Window(locale="de-DE")

    await pressed(window, screen)

    assert window.dialogs[0]["title"] == "Kosten"
    assert "617,25 EUR" in window.dialogs[0]["message"]


@pytest.mark.parametrize("said", [None, {}, {"chat": {}}], ids=repr)
async def test_what_cannot_be_shown_is_told(screen: Screen, gateway: Asked, said: Any) -> None:
    gateway.says["usage/chat"] = said
    window = Window()

    await pressed(window, screen)

    assert window.dialogs == []
    assert screen.notes == ["The costs cannot be shown now. Try again later."]
