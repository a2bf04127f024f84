"""Every text of a call that a model would read, in pieces for the guard: what is not here must not be sent."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sluice.chat.piece import Piece, PieceKind
from sluice.chat.reading import media_kind, texts
from sluice.chat.request import Call

# Open WebUI writes every retrieved passage as <source id="…" …>text</source>, whatever its template says.
# Found by splitting, since a pattern from opening to closing tag takes quadratic time on tags that do not close.
SOURCE_TAG = re.compile(r"<source\b[^<>]*>")
SOURCE_ENDS = "</source>"
SOURCE_OPENS = re.compile(r"<source\s+id=")

# Built-in tools of Open WebUI whose results are the person's or the team's own material.
FIRST_PARTY_TOOLS = re.compile(
    r"(knowledge|chat_files|note|memor|search_chats|view_chat|channel|view_file|skill|calendar|automation)"
)

# However often a text was put into JSON, what stands behind the backslashes is the same sign.
ESCAPE = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|([nrtbf\"'/]))")
SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


def pieces(call: Call) -> list[Piece]:
    """The pieces in order. A text with escapes comes twice: as it is, and as a model understands it."""
    return [reading for piece in _pieces(call) for reading in _readings(piece)]


def _pieces(call: Call) -> Iterator[Piece]:
    tools = _tool_names(call)
    for message in call.messages:
        yield from _message_pieces(message, tools)
    for tool in call.tools:
        yield Piece("tool_schema", _json(tool))
    for name in ("response_format", "tool_choice"):
        if value := call.parameters.get(name):
            yield Piece("user", _json(value))
    if stop := call.parameters.get("stop"):
        yield Piece("user", stop if isinstance(stop, str) else "\n".join(stop))


def _readings(piece: Piece) -> Iterable[Piece]:
    if "\\" not in piece.text:
        return (piece,)
    plain = ESCAPE.sub(_sign, piece.text)
    return (piece,) if plain == piece.text else (piece, Piece(piece.kind, plain))


def _sign(match: re.Match[str]) -> str:
    if code := match[1]:
        sign = chr(int(code, 16))
        return sign if not "\ud800" <= sign <= "\udfff" else "\ufffd"
    return SIGNS.get(match[2], match[2])


def _message_pieces(message: Mapping[str, Any], tools: Mapping[str, str]) -> Iterator[Piece]:
    role = message["role"]
    text = texts(message)
    documents, rest = _sources(text)
    for document in documents:
        yield Piece("document", document)
    if SOURCE_OPENS.search(text):
        # Also the text around it, and all of it where a tag does not close.
        yield Piece("document", "")
    if text:
        yield Piece(_kind(message, tools), rest)
    if isinstance(message.get("content"), list):
        for part in message["content"]:
            yield from _part_pieces(part)
    if reasoning := message.get("reasoning_content"):
        yield Piece("reasoning", reasoning)
    for tool_call in message.get("tool_calls") or ():
        yield Piece("arguments", _json(tool_call.get("function") or {}))
    if role == "function" and message.get("name"):
        yield Piece("arguments", str(message["name"]))


def _part_pieces(part: Mapping[str, Any]) -> Iterator[Piece]:
    if part["type"] == "text":
        return
    yield Piece("media", "", media_kind(part))
    if name := (part.get("file") or {}).get("filename"):
        yield Piece("arguments", str(name))


def _sources(text: str) -> tuple[list[str], str]:
    """The retrieved passages within a text, and what stands around them, their tags included."""
    *closed, last = text.split(SOURCE_ENDS)
    documents: list[str] = []
    rest: list[str] = []
    for part in closed:
        tag = SOURCE_TAG.search(part)
        rest.append(part[: tag.end()] if tag else part + SOURCE_ENDS)
        documents += [part[tag.end() :]] if tag else []
    return documents, " ".join([*rest, last])


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


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
