"""What a call says, for the stages that decide: its bare question, its media, its tools."""

import re
from collections.abc import Mapping
from typing import Any

from sluice.chat.own_words import own_words, texts
from sluice.chat.request import Call
from sluice.chat.tokens import prompt_tokens
from sluice.chat.wishes import without_wish

UNSPACED = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
MEDIA = {"image_url": "image", "input_audio": "audio", "video_url": "video"}


def last_user_text(call: Call) -> str:
    """The last message of the person, as sent."""
    return next((texts(m) for m in reversed(call.messages) if m["role"] == "user"), "")


def bare_question(call: Call) -> str:
    """The person's own last words, without retrieved context. A hint only: the guard reads everything."""
    said = next((own_words(m) for m in reversed(call.messages) if m["role"] == "user"), "")
    return without_wish(said).strip()


def history(call: Call) -> list[Mapping[str, Any]]:
    """The messages before the newest one of the person, without those of the system."""
    newest = max((n for n, m in enumerate(call.messages) if m["role"] == "user"), default=0)
    return [message for message in call.messages[:newest] if message["role"] not in ("system", "developer")]


def history_tokens(call: Call) -> int:
    """How many tokens were said before the newest question, at most."""
    return prompt_tokens(history(call))


def word_count(text: str) -> int:
    """How many words a text has; two signs of scripts without spaces count as one."""
    return len(text.split()) + len(UNSPACED.findall(text)) // 2


def media_kinds(call: Call) -> frozenset[str]:
    """Kinds of content other than text: image, audio, video, file."""
    return frozenset(
        media_kind(part)
        for message in call.messages
        if isinstance(message.get("content"), list)
        for part in message["content"]
        if part["type"] != "text"
    )


def media_kind(part: Mapping[str, Any]) -> str:
    """What a content part is, if it is not text."""
    return MEDIA.get(part["type"], "file")


def is_tool_round(call: Call) -> bool:
    """The call continues an answer with the results of tools."""
    return call.messages[-1]["role"] in ("tool", "function")


def goes_on(call: Call) -> bool:
    """The call goes on with an answer that was begun: by the results of tools, or where it stopped."""
    return is_tool_round(call) or call.messages[-1]["role"] == "assistant"


def uses_tools(call: Call) -> bool:
    """Whether the conversation really uses tools: it called one, got a result, or must call one.

    Schemas say nothing: Open WebUI puts its built-in ones into every chat.
    """
    must = call.parameters.get("tool_choice") not in (None, "auto", "none")
    return must or any(m["role"] in ("tool", "function") or m.get("tool_calls") for m in call.messages)
