"""Cut a conversation to a context window the way Ollama does, without a word to the caller.

The rules are those of `chatPrompt` in Ollama's `server/prompt.go` (drop the oldest messages, keep system
messages and the last one, never part a tool result from the call that it answers) and of `NewSequence` in
its runner (what is still too long loses its middle, the first four tokens stay).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.standins.script import tokens

DEFAULT_NUM_CTX = 4096
NUM_KEEP = 4
IMAGE_TOKENS = 768

Chat = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What the model saw of a call after the cut."""

    model: str
    messages: tuple[Mapping[str, Any], ...]
    prompt: str
    tokens: int
    num_ctx: int
    was_cut: bool


def cut(model: str, messages: Chat, tools: Sequence[Any], num_ctx: int) -> Seen:
    """Return what fits into `num_ctx` tokens."""
    kept = _fitting(messages, tools, num_ctx)
    pieces = tokens(render(kept, tools))
    room = num_ctx - _image_tokens(kept)
    was_cut = len(kept) < len(messages) or len(pieces) > room
    if len(pieces) > room:
        tail = max(0, room - NUM_KEEP)
        pieces = pieces[:NUM_KEEP] + pieces[len(pieces) - tail :]
    return Seen(model, tuple(kept), "".join(pieces), len(pieces) + _image_tokens(kept), num_ctx, was_cut)


def needed(messages: Chat, tools: Sequence[Any]) -> int:
    """Tokens that the whole conversation takes."""
    return len(tokens(render(messages, tools))) + _image_tokens(messages)


def render(messages: Chat, tools: Sequence[Any]) -> str:
    """The prompt in a plain chat template."""
    head = f"<tools>{json.dumps(tools)}</tools>\n" if tools else ""
    turns = [f"<|{m['role']}|>\n{_said(m)}<|end|>\n" for m in messages]
    return head + "".join(turns) + "<|assistant|>\n"


def _said(message: Mapping[str, Any]) -> str:
    calls = message.get("tool_calls")
    return (message.get("content") or "") + (json.dumps(calls) if calls else "")


def _fitting(messages: Chat, tools: Sequence[Any], num_ctx: int) -> list[Mapping[str, Any]]:
    kept: list[Mapping[str, Any]] = list(messages)
    for number in range(len(messages)):
        start = _tool_block_start(messages, number)
        kept = [m for m in messages[:start] if m["role"] == "system"] + list(messages[start:])
        if needed(kept, tools) <= num_ctx:
            break
    return kept


def _tool_block_start(messages: Chat, number: int) -> int:
    if messages[number]["role"] != "tool":
        return number
    start = number
    while start > 0 and messages[start - 1]["role"] == "tool":
        start -= 1
    asked = start > 0 and messages[start - 1]["role"] == "assistant" and messages[start - 1].get("tool_calls")
    return start - 1 if asked else number


def _image_tokens(messages: Chat) -> int:
    return IMAGE_TOKENS * sum(len(message.get("images") or ()) for message in messages)
