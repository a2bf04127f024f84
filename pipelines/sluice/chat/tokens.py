"""Estimate tokens without a tokenizer, on the safe side: a prompt that is thought to fit does fit."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

# Byte-level tokenizers spend about one token on a digit or a mark, one on three to five letters of a Latin
# word (fewer where capitals mix in, as in encoded data), up to one on two bytes of the scripts they know
# well, and up to one on each byte of all others. Measured against the cl100k and o200k tokenizers, the
# estimate is above the true count on prose in many scripts, on code, numbers and encoded data.
LETTERS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
MARKS = re.compile(r"[0-9!-/:-@\[-`{-~\x00-\x08\x0e-\x1f\x7f]")
SPACES = re.compile(r"[\t-\r]\s*| \s+")
WELL_KNOWN = re.compile(
    "[\u00a0-\u024f"  # Latin
    "\u0400-\u04ff"  # Cyrillic
    "\u0900-\u097f"  # Devanagari
    "\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef"  # Chinese and Japanese
    "\uac00-\ud7af]+"  # Korean
)
LETTERS_PER_TOKEN = 3
CAPITALS_PER_TOKEN = 2
SPACES_PER_TOKEN = 8
WELL_KNOWN_BYTES_PER_TOKEN = 2
LONGEST = 1_000_000  # characters; a longer text fits nowhere, so its bytes are bound enough and quickly counted
MESSAGE_TOKENS = 8
IMAGE_TOKENS = 1_100


def text_tokens(text: str) -> int:
    """The most tokens a text is likely to have."""
    if len(text) > LONGEST:
        return len(text.encode())
    spaces = sum(1 + len(run) // SPACES_PER_TOKEN for run in SPACES.findall(text))
    ascii_tokens = sum(map(_word_tokens, LETTERS.findall(text))) + len(MARKS.findall(text)) + spaces
    return ascii_tokens if text.isascii() else ascii_tokens + _other_tokens(text)


def prompt_tokens(messages: Iterable[Mapping[str, Any]], schemas: Iterable[Mapping[str, Any]] = ()) -> int:
    """The most tokens a prompt is likely to have, with its schemas; each image counts as a usual one."""
    described = sum(text_tokens(json.dumps(schema, ensure_ascii=False)) for schema in schemas)
    return described + sum(_message_tokens(message) for message in messages)


def _word_tokens(word: str) -> int:
    return 1 + (len(word) // CAPITALS_PER_TOKEN if word.isupper() else (len(word) - 1) // LETTERS_PER_TOKEN)


def _other_tokens(text: str) -> int:
    known = sum(len(run.encode()) for run in WELL_KNOWN.findall(text))
    rest = sum(len(char.encode()) for char in WELL_KNOWN.sub("", text) if not char.isascii())
    return rest - (-known // WELL_KNOWN_BYTES_PER_TOKEN)


def _message_tokens(message: Mapping[str, Any]) -> int:
    content = message.get("content") or ""
    parts = content if isinstance(content, list) else [{"type": "text", "text": content}]
    calls = message.get("tool_calls")
    return (
        MESSAGE_TOKENS
        + sum(_part_tokens(part) for part in parts)
        + text_tokens(message.get("reasoning_content") or "")
        + (text_tokens(json.dumps(calls, ensure_ascii=False)) if calls else 0)
    )


def _part_tokens(part: Mapping[str, Any]) -> int:
    return text_tokens(part.get("text") or "") if part.get("type") == "text" else IMAGE_TOKENS
