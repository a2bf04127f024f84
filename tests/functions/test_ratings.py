"""What is told of thumbs and edits: one word for each answer, by the person whose it is."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import jwt
import pytest

from tests.functions.conftest import SECRET, Asked, request
from tests.functions.loader import load

PERSON = {"id": "u-1", "name": "Ada", "email": "ada@corp.example", "role": "user", "type": "user"}
pytestmark = pytest.mark.usefixtures("connections")


def rating(value: Any, chat: str = "c-1", message: str = "m-1") -> Any:
    return SimpleNamespace(data={"rating": value, "comment": "awful"}, meta={"chat_id": chat, "message_id": message})


def chat(*messages: dict[str, Any]) -> Any:
    return SimpleNamespace(chat={"history": {"messages": {message["id"]: message for message in messages}}})


@pytest.fixture(autouse=True)
def stored(monkeypatch: pytest.MonkeyPatch, connections: dict[str, Any], gateway: Asked) -> dict[str, Any]:
    """What Open WebUI keeps, by id."""
    kept: dict[str, Any] = {}

    class Rows:
        async def get_feedback_by_id(self, id: str) -> Any:
            return kept.get(id)

        get_chat_by_id = get_feedback_by_id

    for name, member in (("feedbacks", "Feedbacks"), ("chats", "Chats")):
        module = ModuleType(f"open_webui.models.{name}")
        setattr(module, member, Rows())
        monkeypatch.setitem(sys.modules, module.__name__, module)
    gateway.says["feedback"] = {"status": "booked"}
    return kept


async def told(name: str, subject: str = "s-1", actor: Any = PERSON, **valves: Any) -> None:
    function, _ = load("ratings")
    function.valves = function.Valves(**valves)
    await function.event({"event": name, "actor": actor, "subject": {"id": subject}}, request())


@pytest.mark.parametrize(("value", "signal"), [(1, "thumbs_up"), (-1, "thumbs_down")])
@pytest.mark.parametrize("name", ["feedback.created", "feedback.updated"])
async def test_a_thumb_is_told_by_one_word_and_its_message(
    gateway: Asked, stored: dict[str, Any], name: str, value: int, signal: str
) -> None:
    stored["s-1"] = rating(value)

    await told(name)

    ((path, headers, body),) = gateway.calls
    assert (path, body) == ("feedback", {"signal": signal})
    assert (headers["x-sluice-chat"], headers["x-sluice-message"]) == ("c-1", "m-1")


async def test_it_is_told_as_the_person_who_said_so(gateway: Asked, stored: dict[str, Any]) -> None:
    stored["s-1"] = rating(1)

    await told("feedback.created")

    ((_, headers, _),) = gateway.calls
    claims = jwt.decode(headers["x-openwebui-user-jwt"], SECRET, algorithms=["HS256"], issuer="open-webui")
    assert claims["sub"] == "u-1"


@pytest.mark.parametrize("value", [None, 0, 7, "1", "great"], ids=repr)
async def test_what_is_no_thumb_is_not_told(gateway: Asked, stored: dict[str, Any], value: Any) -> None:
    stored["s-1"] = rating(value)

    await told("feedback.updated")

    assert gateway.calls == []


async def test_edited_answers_are_told_and_nothing_else_of_the_chat(gateway: Asked, stored: dict[str, Any]) -> None:
    stored["c-9"] = chat(
        {"id": "q-1", "role": "user", "content": "new", "originalContent": "old"},
        {"id": "m-1", "role": "assistant", "content": "as it came"},
        {"id": "m-2", "role": "assistant", "content": "changed", "originalContent": "as it came"},
        {"id": "m-3", "role": "assistant", "content": "the same", "originalContent": "the same"},
    )

    await told("chat.updated", "c-9")

    ((_, headers, body),) = gateway.calls
    assert (headers["x-sluice-chat"], headers["x-sluice-message"], body) == ("c-9", "m-2", {"signal": "edited"})


async def test_edits_can_be_left_out(gateway: Asked, stored: dict[str, Any]) -> None:
    stored["c-9"] = chat({"id": "m-2", "role": "assistant", "content": "changed", "originalContent": "as it came"})

    await told("chat.updated", "c-9", edits=False)

    assert gateway.calls == []


@pytest.mark.parametrize(
    ("name", "actor"),
    [("feedback.created", None), ("feedback.deleted", PERSON), ("chat.finished", PERSON), ("auth.login", PERSON)],
)
async def test_other_events_and_nobodys_are_left_alone(
    gateway: Asked, stored: dict[str, Any], name: str, actor: Any
) -> None:
    stored["s-1"] = rating(1)

    await told(name, actor=actor)

    assert gateway.calls == []


async def test_a_gateway_that_is_down_breaks_nothing(gateway: Asked, stored: dict[str, Any]) -> None:
    stored["s-1"], gateway.failing = rating(1), {"feedback"}

    await told("feedback.created")

    assert gateway.paths() == ["feedback"]


async def test_what_is_gone_is_not_told(gateway: Asked) -> None:
    await told("feedback.created")
    await told("chat.updated")

    assert gateway.calls == []
