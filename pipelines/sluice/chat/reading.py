"""What a call says, for the stages that decide: its bare question, its wishes, its turns."""

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Literal

from sluice.chat.request import Call

# What Open WebUI retrieved stands before the person's own words, between these.
RETRIEVED_ENDS = ("</context>", "</source>")
WISH = re.compile(r"(?:\A\s*@(local|cloud)\b[ \t:,]*)|(?:\s@(local|cloud)\s*\Z)", re.IGNORECASE)
LOCAL_LINE = re.compile(r"^\s*@local\b", re.IGNORECASE | re.MULTILINE)

MEDIA = {"image_url": "image", "input_audio": "audio", "video_url": "video"}


def texts(message: Mapping[str, Any]) -> str:
    """The text of a message's content, its parts joined by lines."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text") or "" for part in content)


def last_user_text(call: Call) -> str:
    """The last message of the person, as sent."""
    return next((texts(m) for m in reversed(call.messages) if m["role"] == "user"), "")


def bare_question(call: Call) -> str:
    """The person's own last words, without retrieved context. A hint only: the guard reads everything."""
    return WISH.sub("", _own_words(last_user_text(call))).strip()


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


def turns(call: Call, salt: bytes) -> list[str]:
    """A key for the conversation up to each message of the person: the same in all later calls of its branch.

    Retrieved context is left out, since Open WebUI adds it to the newest message only.
    """
    running = hashlib.blake2b(key=salt, digest_size=16)
    keys = []
    for message in call.messages:
        if message["role"] == "user":
            running.update(_own_words(texts(message)).strip().encode() + b"\0")
            keys.append(running.copy().hexdigest())
    return keys


def _own_words(text: str) -> str:
    """What follows the last of the retrieved material; all of it where there is none."""
    end = max(text.rfind(tag) + len(tag) if tag in text else 0 for tag in RETRIEVED_ENDS)
    return text[end:].lstrip() if end else text


def _wish(message: Mapping[str, Any]) -> Literal["local", "cloud"] | None:
    text = texts(message)
    if LOCAL_LINE.search(text):
        return "local"
    match = WISH.search(_own_words(text))
    if not match:
        return None
    return "local" if (match[1] or match[2]).lower() == "local" else "cloud"
