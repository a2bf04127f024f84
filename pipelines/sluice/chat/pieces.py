"""Every text of a call that a model would read, in pieces for the guard: what is not here must not be sent."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from hashlib import blake2b
from typing import Any

from sluice.chat.own_words import texts
from sluice.chat.piece import Piece, PieceKind
from sluice.chat.reading import media_kind
from sluice.chat.request import Call
from sluice.chat.tools import brings_own_material

Asked = tuple[str, str]  # a tool's name and the arguments it was called with

# Open WebUI writes every retrieved passage as <source id="…" …>text</source>, whatever its template says.
# Found by splitting, since a pattern from opening to closing tag takes quadratic time on tags that do not close.
# The template's own instructions speak of such tags: without an id, or as an example in brackets.
SOURCE_TAG = re.compile(r"(?<!\(e\.g\., )<source\s+id=[^<>]*>")
SOURCE_ENDS = "</source>"
SOURCE_OPENS = re.compile(r"(?<!\(e\.g\., )<source\s+id=")
SOURCE_NAME = re.compile(r"""\bname=["']([^"'<>]{1,300})["']""")

# Ids as providers and Open WebUI make them; anything else might be a text.
USUAL_ID = re.compile(
    r"(?:(?:call|toolu|fc)_[A-Za-z0-9_-]{1,58}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
)

# However often a text was put into JSON, what stands behind the backslashes is the same sign.
# A run is taken whole, with or without a sign, since looking again from each backslash takes quadratic time.
ESCAPE = re.compile(r"\\++(?:u([0-9a-fA-F]{4})|([nrtbf\"'/]))?")
SIGNS = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


def pieces(call: Call, public_sources: Sequence[str] = ()) -> list[Piece]:
    """The pieces in order. A text with escapes comes twice: as it is, and as a model understands it.

    `public_sources` are patterns of names: what comes from such a file is nobody's own.
    """
    return [
        replace(reading, public=_is_public(reading.name, public_sources))
        for piece in _pieces(call)
        for reading in _readings(piece)
    ]


def _is_public(name: str, patterns: Sequence[str]) -> bool:
    return bool(name) and any(fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _pieces(call: Call) -> Iterator[Piece]:
    tools = _tools_asked(call)
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
    return (piece,) if plain == piece.text else (piece, replace(piece, text=plain))


def _sign(match: re.Match[str]) -> str:
    if code := match[1]:
        sign = chr(int(code, 16))
        return sign if not "\ud800" <= sign <= "\udfff" else "\ufffd"
    return SIGNS.get(match[2], match[2]) if match[2] else match[0]


def _message_pieces(message: Mapping[str, Any], tools: Mapping[str, Asked]) -> Iterator[Piece]:
    yield from _text_pieces(message, tools)
    if isinstance(message.get("content"), list):
        for part in message["content"]:
            yield from _part_pieces(part)
    if reasoning := message.get("reasoning_content"):
        yield Piece("reasoning", reasoning)
    for tool_call in message.get("tool_calls") or ():
        yield Piece("arguments", _json(tool_call.get("function") or {}))
        yield from _id_pieces(tool_call.get("id") or "")
    yield from _id_pieces(message.get("tool_call_id") or "")
    if message["role"] == "function" and message.get("name"):
        yield Piece("arguments", str(message["name"]))


def _text_pieces(message: Mapping[str, Any], tools: Mapping[str, Asked]) -> Iterator[Piece]:
    text = texts(message)
    documents, rest = _sources(text)
    for name, document in documents:
        yield Piece("document", document, name=name)
    if len(SOURCE_OPENS.findall(text)) > len(documents):
        # A tag that does not close: all of the text around it may be the document.
        yield Piece("document", "")
    if not text:
        return
    kind = _kind(message, tools)
    if kind == "document":
        name = _asked(message, tools)[0]
        yield Piece(kind, rest, name=name, source=_fetched(name, rest))
    else:
        yield Piece(kind, rest)


def _fetched(tool: str, text: str) -> str:
    """What names one result of a tool: a consent to it opens nothing else that the tool can bring."""
    return f"{tool}\0{blake2b(text.encode(), digest_size=16).hexdigest()}"


def _id_pieces(id: str) -> Iterator[Piece]:
    if id and not USUAL_ID.fullmatch(id):
        yield Piece("arguments", id)


def _part_pieces(part: Mapping[str, Any]) -> Iterator[Piece]:
    if part["type"] == "text":
        return
    name = (part.get("file") or {}).get("filename")
    image = (part.get("image_url") or {}).get("url") or ""
    yield Piece("media", "", media_kind(part), name=str(name or ""), data=image)
    if name:
        yield Piece("arguments", str(name))


def _sources(text: str) -> tuple[list[tuple[str, str]], str]:
    """The retrieved passages within a text with their names, and what stands around them, their tags included."""
    *closed, last = text.split(SOURCE_ENDS)
    documents: list[tuple[str, str]] = []
    rest: list[str] = []
    for part in closed:
        tag = SOURCE_TAG.search(part)
        rest.append(part[: tag.end()] if tag else part + SOURCE_ENDS)
        documents += [(_source_name(tag[0]), part[tag.end() :])] if tag else []
    return documents, " ".join([*rest, last])


def _source_name(tag: str) -> str:
    name = SOURCE_NAME.search(tag)
    return name[1] if name else ""


def _kind(message: Mapping[str, Any], tools: Mapping[str, Asked]) -> PieceKind:
    role = message["role"]
    if role in ("tool", "function"):
        return "document" if brings_own_material(*_asked(message, tools)) else "tool_result"
    return "system" if role in ("system", "developer") else "assistant" if role == "assistant" else "user"


def _asked(message: Mapping[str, Any], tools: Mapping[str, Asked]) -> Asked:
    name, arguments = tools.get(message.get("tool_call_id") or "", ("", ""))
    return name or str(message.get("name") or ""), arguments


def _tools_asked(call: Call) -> dict[str, Asked]:
    """The tool behind each tool call's id; the first one counts where an id is used twice."""
    asked = [one for message in call.messages for one in message.get("tool_calls") or ()]
    return {one.get("id") or "": _tool(one.get("function") or {}) for one in reversed(asked)}


def _tool(function: Mapping[str, Any]) -> Asked:
    return function.get("name") or "", _json(function.get("arguments") or "")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
