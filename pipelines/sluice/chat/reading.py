"""What a call says, for the stages that decide: its bare question, its wishes."""

import re
from collections.abc import Mapping
from typing import Any, Literal

from sluice.chat.own_words import own_words, texts
from sluice.chat.request import Call

WISH = re.compile(r"(?:\A\s*@(local|cloud)\b[ \t:,]*)|(?:\s@(local|cloud)\s*\Z)", re.IGNORECASE)
# On any line, since what an admin's own templates put around the words does not unsay it.
LOCAL_LINE = re.compile(r"^[^\S\n]*+@local\b|[^\S\n]@local[^\S\n]*+$", re.IGNORECASE | re.MULTILINE)

MEDIA = {"image_url": "image", "input_audio": "audio", "video_url": "video"}


def last_user_text(call: Call) -> str:
    """The last message of the person, as sent."""
    return next((texts(m) for m in reversed(call.messages) if m["role"] == "user"), "")


def bare_question(call: Call) -> str:
    """The person's own last words, without retrieved context. A hint only: the guard reads everything."""
    said = next((own_words(m) for m in reversed(call.messages) if m["role"] == "user"), "")
    return WISH.sub("", said).strip()


def wish(call: Call) -> Literal["local", "cloud"] | None:
    """`@local` or `@cloud` at the start or the end of a message of the person.

    `@local` holds for the whole conversation, because its message is part of every later call;
    `@cloud` only for the message that says it.
    """
    wishes = [_wish(message) for message in call.messages if message["role"] == "user"]
    if "local" in wishes:
        return "local"
    return wishes[-1] if wishes else None


def without_wish(text: str) -> str:
    """The text as a model should read it."""
    return WISH.sub("", text)


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


def _wish(message: Mapping[str, Any]) -> Literal["local", "cloud"] | None:
    if LOCAL_LINE.search(texts(message)):
        return "local"
    match = WISH.search(own_words(message))
    if not match:
        return None
    return "local" if (match[1] or match[2]).lower() == "local" else "cloud"
