"""The embedded model gets plain texts, whatever shape a chat has."""

import json
from collections.abc import MutableMapping
from typing import Any

import pytest
from sluice.workstation.embedded import plain_chat, with_plain_chats


@pytest.mark.parametrize(
    ("message", "plain"),
    [
        pytest.param({"role": "user", "content": "hi"}, {"role": "user", "content": "hi"}, id="text"),
        pytest.param(
            {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "image_url"}, {"text": "b"}]},
            {"role": "user", "content": "a\n\nb"},
            id="parts",
        ),
        pytest.param(
            {"role": "assistant", "content": None, "tool_calls": [{"function": {"name": "weather"}}]},
            {"role": "assistant", "content": "(Called weather.)"},
            id="tool call",
        ),
        pytest.param(
            {"role": "tool", "tool_call_id": "1", "content": "sunny"},
            {"role": "user", "content": "The tool answered: sunny"},
            id="tool answer",
        ),
        pytest.param({"role": "developer", "content": "x"}, {"role": "user", "content": "x"}, id="unknown role"),
    ],
)
def test_messages_become_a_role_and_a_text(message: dict[str, Any], plain: dict[str, str]) -> None:
    assert plain_chat({"messages": [message]})["messages"] == [plain]


def test_tools_are_left_out_and_the_rest_stays() -> None:
    body = {"messages": [], "tools": [{}], "tool_choice": "auto", "temperature": 0.5, "stream": True}

    assert plain_chat(body) == {"messages": [], "temperature": 0.5, "stream": True}


@pytest.mark.parametrize(
    ("sent", "received"),
    [
        (b'{"messages": [{"role": "user", "content": ["x"]}]}', {"messages": [{"role": "user", "content": ""}]}),
        (b"not json", b"not json"),
        (b'{"no": "messages"}', b'{"no": "messages"}'),
    ],
    ids=["rewritten", "broken", "other"],
)
async def test_the_server_gets_the_rewritten_body_whole(sent: bytes, received: Any) -> None:
    seen: list[bytes] = []
    scopes: list[MutableMapping[str, Any]] = []

    async def server(scope: Any, receive: Any, send: Any) -> None:
        scopes.append(scope)
        seen.append((await receive())["body"])

    pieces = [{"body": sent[:3], "more_body": True}, {"body": sent[3:]}]

    async def receive() -> Any:
        return pieces.pop(0)

    scope = {"type": "http", "path": "/v1/chat/completions", "headers": [(b"content-length", b"1")]}
    await with_plain_chats(server)(scope, receive, None)  # type: ignore[arg-type]

    assert (json.loads(seen[0]) if isinstance(received, dict) else seen[0]) == received
    assert dict(scopes[0]["headers"])[b"content-length"] == str(len(seen[0])).encode()
