"""What a call says, for the stages that decide: its pieces, its bare question, its wishes."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from sluice.chat.piece import Piece, PieceKind
from sluice.chat.request import Call

# Open WebUI writes every retrieved passage as <source id="…" …>text</source>, whatever its template says.
# Found by splitting, since a pattern from opening to closing tag takes quadratic time on tags that do not close.
SOURCE_TAG = re.compile(r"<source\b[^<>]*>")
SOURCE_ENDS = "</source>"
SOURCE_OPENS = re.compile(r"<source\s+id=")
TEMPLATE_STARTS = "### Task:"
CONTEXT_STARTS, CONTEXT_ENDS = "<context>", "</context>"
WISH = re.compile(r"(?:\A\s*@(local|cloud)\b[ \t:,]*)|(?:\s@(local|cloud)\s*\Z)", re.IGNORECASE)

# Built-in tools of Open WebUI whose results are the person's or the team's own material.
FIRST_PARTY_TOOLS = re.compile(
    r"(knowledge|chat_files|note|memor|search_chats|view_chat|channel|view_file|skill|calendar|automation)"
)

MEDIA = {"image_url": "image", "input_image": "image", "input_audio": "audio", "video_url": "video"}


def pieces(call: Call) -> list[Piece]:
    """Every text of a call that a model would read, in order."""
    tools = _tool_names(call)
    found = [piece for message in call.messages for piece in _message_pieces(message, tools)]
    found += [Piece("tool_schema", json.dumps(tool, ensure_ascii=False)) for tool in call.tools]
    if schema := call.parameters.get("response_format"):
        found.append(Piece("tool_schema", json.dumps(schema, ensure_ascii=False)))
    if stop := call.parameters.get("stop"):
        found.append(Piece("user", stop if isinstance(stop, str) else "\n".join(stop)))
    return found


def texts(message: Mapping[str, Any]) -> str:
    """The text of a message's content, its parts joined by lines."""
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text") or "" for part in content if part.get("type") == "text")


def last_user_text(call: Call) -> str:
    """The last message of the person, as sent."""
    return next((texts(m) for m in reversed(call.messages) if m["role"] == "user"), "")


def bare_question(call: Call) -> str:
    """The person's own last words, without retrieved context. A hint only: the guard reads everything."""
    return WISH.sub("", _without_context(last_user_text(call))).strip()


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
        _media(part)
        for message in call.messages
        if isinstance(message.get("content"), list)
        for part in message["content"]
        if part.get("type") != "text"
    )


def is_tool_round(call: Call) -> bool:
    """The call continues an answer with the results of tools."""
    return call.messages[-1]["role"] in ("tool", "function")


def _without_context(text: str) -> str:
    """The text that follows the retrieval template, where there is one."""
    if not text.lstrip().startswith(TEMPLATE_STARTS):
        return text
    start = text.find(CONTEXT_STARTS)
    end = text.find(CONTEXT_ENDS, start) if start >= 0 else -1
    return text[end + len(CONTEXT_ENDS) :].lstrip() if end >= 0 else text


def _sources(text: str) -> tuple[list[str], str]:
    """The retrieved passages within a text, and what stands around them."""
    *closed, last = text.split(SOURCE_ENDS)
    documents: list[str] = []
    rest: list[str] = []
    for part in closed:
        tag = SOURCE_TAG.search(part)
        rest.append(part[: tag.start()] if tag else part + SOURCE_ENDS)
        documents += [part[tag.end() :]] if tag else []
    return documents, " ".join([*rest, last])


def _wish(message: Mapping[str, Any]) -> Literal["local", "cloud"] | None:
    match = WISH.search(_without_context(texts(message)))
    if not match:
        return None
    return "local" if (match[1] or match[2]).lower() == "local" else "cloud"


def _message_pieces(message: Mapping[str, Any], tools: Mapping[str, str]) -> Iterator[Piece]:
    role = message["role"]
    kind = _kind(message, tools)
    text = texts(message)
    documents, rest = _sources(text)
    for document in documents:
        yield Piece("document", document)
    if SOURCE_OPENS.search(text):
        # Also the text around it, and all of it where a tag does not close.
        yield Piece("document", "")
    if text:
        yield Piece(kind, rest)
    if isinstance(message.get("content"), list):
        for part in message["content"]:
            if part.get("type") != "text":
                yield Piece("media", "", _media(part))
    if reasoning := message.get("reasoning_content"):
        yield Piece("reasoning", reasoning)
    for tool_call in message.get("tool_calls") or ():
        yield Piece("arguments", json.dumps(tool_call.get("function") or {}, ensure_ascii=False))
    if role == "function" and message.get("name"):
        yield Piece("arguments", str(message["name"]))


def _kind(message: Mapping[str, Any], tools: Mapping[str, str]) -> PieceKind:
    role = message["role"]
    if role in ("tool", "function"):
        return "document" if FIRST_PARTY_TOOLS.search(_tool_name(message, tools)) else "tool_result"
    return "system" if role in ("system", "developer") else "assistant" if role == "assistant" else "user"


def _tool_name(message: Mapping[str, Any], tools: Mapping[str, str]) -> str:
    return tools.get(message.get("tool_call_id") or "") or str(message.get("name") or "")


def _tool_names(call: Call) -> dict[str, str]:
    """The name of the tool behind each tool call's id; the first one counts where an id is used twice."""
    asked = [one for message in call.messages for one in message.get("tool_calls") or ()]
    return {one.get("id") or "": (one.get("function") or {}).get("name") or "" for one in reversed(asked)}


def _media(part: Mapping[str, Any]) -> str:
    return MEDIA.get(str(part.get("type")), "file")
