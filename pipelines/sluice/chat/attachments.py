"""What a call carries besides text: pictures, recordings, films and files, and what may stand in their place."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sluice.chat.reading import media_kind
from sluice.chat.request import Call


@dataclass(frozen=True, slots=True)
class Attachment:
    """One part of a message that is not text. `data` is a `data:` URL or base64, as the kind has it, or empty."""

    kind: str  # image, audio, video or file
    data: str = ""
    format: str = ""  # of a recording, such as wav
    name: str = ""


def attachments(call: Call) -> list[Attachment]:
    """Return what a call carries, each once, in order."""
    return list(
        dict.fromkeys(
            _attachment(part) for message in call.messages for part in _parts(message) if part["type"] != "text"
        )
    )


def with_pictures(call: Call, urls: Mapping[Attachment, str]) -> Call:
    """Return the call with other pictures in place of these."""
    return _changed(call, {one: {"image_url": {"url": url}} for one, url in urls.items()})


def with_texts(call: Call, texts: Mapping[Attachment, str]) -> Call:
    """Return the call with texts in place of these attachments."""
    return _changed(call, {one: {"type": "text", "text": text} for one, text in texts.items()})


def without_attachments(call: Call) -> Call:
    """Return the call with nothing but its texts."""
    return with_texts(call, dict.fromkeys(attachments(call), ""))


def _changed(call: Call, changes: Mapping[Attachment, Mapping[str, Any]]) -> Call:
    if not changes:
        return call
    return replace(call, messages=tuple(_message(message, changes) for message in call.messages))


def _message(message: Mapping[str, Any], changes: Mapping[Attachment, Mapping[str, Any]]) -> Mapping[str, Any]:
    if not isinstance(message.get("content"), list):
        return message
    return {**message, "content": [_part(part, changes) for part in message["content"]]}


def _part(part: Mapping[str, Any], changes: Mapping[Attachment, Mapping[str, Any]]) -> Mapping[str, Any]:
    change = changes.get(_attachment(part)) if part["type"] != "text" else None
    if change is None:
        return part
    if "image_url" in change:
        return {**part, "image_url": {**part["image_url"], **change["image_url"]}}
    return change


def _attachment(part: Mapping[str, Any]) -> Attachment:
    kind = media_kind(part)
    if kind == "image":
        return Attachment(kind, part["image_url"]["url"])
    if kind == "audio":
        sound = part.get("input_audio") or {}
        return Attachment(kind, str(sound.get("data") or ""), str(sound.get("format") or ""))
    file = part.get("file") or {}
    return Attachment(kind, str(file.get("file_data") or ""), name=str(file.get("filename") or ""))


def _parts(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return content if isinstance(content, list) else []
