"""The button that asks the cloud: what is shown, what a yes does, and where nothing is sent."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest

from tests.functions.conftest import Asked, Screen, Window, request
from tests.functions.loader import load

OFFER = {
    "possible": True,
    "reasons": [],
    "model": "gpt-4.1",
    "usd": [0.00123, 0.0129],
    "prompt_tokens": 12,
    "messages": [
        {"role": "system", "content": "About placeholders."},
        {"role": "user", "content": "Is [PERSON_1] < 5?"},
    ],
}
MESSAGES = [
    {"id": "q-1", "role": "user", "content": "Is Ada < 5?"},
    {"id": "m-1", "role": "assistant", "content": "No idea."},
]
STORED = {"id": "m-1", "parentId": "q-1", "model": "auto", "modelName": "Auto", "usage": {"location": "local"}}
pytestmark = pytest.mark.usefixtures("connections")


class Chats:
    """Open WebUI's chats, in memory: `messages` by id."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.messages = {message["id"]: message for message in messages}

    async def get_message_by_id_and_message_id(self, chat: str, id: str) -> dict[str, Any] | None:
        return self.messages.get(id)

    async def upsert_message_to_chat_by_id_and_message_id(self, chat: str, id: str, message: dict[str, Any]) -> None:
        self.messages[id] = {**self.messages.get(id, {}), **message}

    @property
    def added(self) -> dict[str, Any]:
        (new,) = [message for id, message in self.messages.items() if id not in ("m-1", "q-1")]
        return new


@pytest.fixture
def chats(monkeypatch: pytest.MonkeyPatch, connections: dict[str, Any]) -> Chats:
    stored, shown = Chats(STORED), []

    async def get_event_emitter(where: dict[str, Any]) -> Any:
        async def emit(event: dict[str, Any]) -> None:
            shown.append((where["message_id"], event))

        return emit

    stored.shown = shown  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "open_webui.socket", ModuleType("open_webui.socket"))
    parts = {"models.chats": ("Chats", stored), "socket.main": ("get_event_emitter", get_event_emitter)}
    for name, (member, value) in parts.items():
        module = ModuleType(f"open_webui.{name}")
        setattr(module, member, value)
        monkeypatch.setitem(sys.modules, f"open_webui.{name}", module)
    return stored


@pytest.fixture(autouse=True)
def says(gateway: Asked) -> dict[str, Any]:
    gateway.says |= {"offer": OFFER, "consent": {"status": "remembered"}, "feedback": {"status": "booked"}}
    gateway.streams["/chat/completions"] = [
        {"event": {"type": "status", "data": {"description": "Cloud · gpt-4.1", "done": True}}},
        {"choices": [{"delta": {"role": "assistant", "content": "Yes, "}}]},
        {"choices": [{"delta": {"content": "she is."}}]},
        {"choices": [], "usage": {"cost": 0.0042, "location": "cloud"}},
    ]
    return gateway.says


async def pressed(screen: Screen, window: Window | None, messages: Any = MESSAGES) -> None:
    action, _ = load("ask_the_cloud")
    await action.action(
        {"chat_id": "c-1", "id": "m-1", "session_id": "s-1", "model": "auto", "messages": messages},
        __user__={"id": "u-1", "role": "user"},
        __request__=request(),
        __event_emitter__=screen,
        __event_call__=window,
    )


async def test_it_shows_what_would_be_sent_and_the_price_and_asks(screen: Screen, gateway: Asked, chats: Chats) -> None:
    window = Window(False)

    await pressed(screen, window)

    (dialog,) = window.dialogs
    assert dialog["type"] == "confirmation"
    assert dialog["title"] == "Ask the cloud?"
    assert "sent to gpt-4.1" in dialog["message"]
    assert "You: Is [PERSON_1] &lt; 5?" in dialog["message"]
    assert "About placeholders" not in dialog["message"]
    assert "$0.0012 to $0.013" in dialog["message"]
    assert gateway.sent("offer") == {"messages": [{"role": "user", "content": "Is Ada < 5?"}], "lane": "cloud"}


@pytest.mark.parametrize("answer", [False, None, "", {"error": "gone"}], ids=repr)
async def test_without_a_yes_nothing_is_sent(screen: Screen, gateway: Asked, chats: Chats, answer: Any) -> None:
    await pressed(screen, Window(answer))

    assert gateway.paths() == ["offer"]
    assert set(chats.messages) == {"m-1"}


async def test_with_a_yes_the_answer_stands_beside_the_local_one(screen: Screen, gateway: Asked, chats: Chats) -> None:
    await pressed(screen, Window(True))

    sent = gateway.sent("/chat/completions")
    assert sent == {"model": "sluice.cloud", "messages": [{"role": "user", "content": "Is Ada < 5?"}], "stream": True}
    added = chats.added
    assert {name: added[name] for name in ("parentId", "model", "modelName", "content", "done")} == {
        "parentId": "q-1", "model": "auto", "modelName": "Auto", "content": "Yes, she is.", "done": True,
    }  # fmt: skip
    assert added["usage"]["cost"] == 0.0042
    assert chats.messages["m-1"] == STORED
    assert screen.notes == []


async def test_the_cloud_is_asked_once_the_window_shows_where_the_answer_comes(
    screen: Screen, gateway: Asked, chats: Chats
) -> None:
    ran: list[tuple[str, bool]] = []

    class Slow(Window):
        async def __call__(self, event: dict[str, Any]) -> Any:
            if event["type"] == "execute":
                ran.append((event["data"]["code"], "/chat/completions" in gateway.paths()))
            return await super().__call__(event)

    await pressed(screen, Slow(True))

    assert [asked for code, asked in ran if f"message-{chats.added['id']}" in code] == [False]


async def test_it_is_booked_under_the_new_message_and_as_feedback_under_the_old(
    screen: Screen, gateway: Asked, chats: Chats
) -> None:
    await pressed(screen, Window(True))

    by_path = {path: headers for path, headers, _ in gateway.calls}
    assert by_path["/chat/completions"]["x-sluice-message"] == chats.added["id"]
    assert by_path["feedback"]["x-sluice-message"] == "m-1"
    assert gateway.sent("feedback") == {"signal": "asked_cloud"}


async def test_the_page_shows_it_while_it_comes(screen: Screen, chats: Chats) -> None:
    await pressed(screen, Window(True))

    shown = chats.shown  # type: ignore[attr-defined]
    assert {id for id, _ in shown} == {chats.added["id"]}
    assert [event["type"] for _, event in shown] == [
        "chat:reload", "status", "status", "chat:message:delta", "chat:message:delta", "status",
        "chat:completion",
    ]  # fmt: skip
    assert shown[-1][1]["data"] == {name: chats.added[name] for name in ("content", "done", "usage")}
    lines = [event["data"]["description"] for _, event in shown if event["type"] == "status"]
    assert lines == ["Asking gpt-4.1", "Cloud · gpt-4.1", "Cloud · gpt-4.1 · $0.0042"]


async def test_what_must_stay_is_refused_in_words(
    screen: Screen, gateway: Asked, says: dict[str, Any], chats: Chats
) -> None:
    says["offer"], window = {"possible": False, "reasons": ["a key or password"]}, Window(True)

    await pressed(screen, window)

    assert window.dialogs == []
    assert screen.notes == ["This stays on this machine: a key or password"]
    assert gateway.paths() == ["offer"]


async def test_what_policy_asks_about_is_named_and_agreed_to_first(
    screen: Screen, gateway: Asked, says: dict[str, Any], chats: Chats
) -> None:
    says["offer"] = {**OFFER, "asks": [{"name": "cv.pdf", "kind": "document"}], "challenge": "signed"}
    window = Window(True)

    await pressed(screen, window)

    assert "let go of: cv.pdf" in window.dialogs[0]["message"]
    assert gateway.sent("consent") == {"challenge": "signed", "choice": "masked"}
    assert gateway.paths() == ["offer", "consent", "/chat/completions", "feedback"]


async def test_where_the_cloud_answered_already_a_better_model_is_asked(
    screen: Screen, gateway: Asked, chats: Chats
) -> None:
    chats.messages["m-1"] = {**STORED, "usage": {"location": "cloud"}}

    await pressed(screen, Window(True))

    assert gateway.sent("offer")["lane"] == "frontier"
    assert gateway.sent("/chat/completions")["model"] == "sluice.frontier"


@pytest.mark.parametrize(
    ("messages", "stored", "says_so"),
    [(MESSAGES, False, "Only a saved chat"), (MESSAGES[1:], True, "There is no question")],
    ids=["a temporary chat", "no question"],
)
async def test_where_there_is_nothing_to_ask_it_says_so(
    screen: Screen, gateway: Asked, chats: Chats, messages: Any, stored: bool, says_so: str
) -> None:
    if not stored:
        chats.messages.clear()

    await pressed(screen, Window(True), messages)

    assert screen.notes[0].startswith(says_so)
    assert gateway.paths() == []


async def test_a_refusal_of_the_gateway_stands_in_the_new_message(screen: Screen, gateway: Asked, chats: Chats) -> None:
    gateway.streams["/chat/completions"] = [{"error": {"message": "gpt-4.1 is busy (429).", "code": "upstream_error"}}]

    await pressed(screen, Window(True))

    assert chats.added["error"] == {"content": "gpt-4.1 is busy (429)."}
    assert chats.added["done"] is True


@pytest.mark.parametrize("broken", ["offer", "/chat/completions"])
async def test_a_gateway_that_fails_is_said(screen: Screen, gateway: Asked, chats: Chats, broken: str) -> None:
    gateway.failing = {broken}

    await pressed(screen, Window(True))

    failed = "The cloud was not asked: the gateway did not answer. Try again later."
    assert screen.notes == [failed]
    assert broken == "offer" or chats.added["error"] == {"content": failed}


async def test_without_a_window_nobody_can_say_yes(screen: Screen, gateway: Asked, chats: Chats) -> None:
    await pressed(screen, None)

    assert gateway.paths() == ["offer"]


def test_every_language_has_the_same_words() -> None:
    words = load("ask_the_cloud")[1].WORDS

    assert set(words) == {"en", "de", "fr", "es", "zh"}
    assert len({frozenset(table) for table in words.values()}) == 1
