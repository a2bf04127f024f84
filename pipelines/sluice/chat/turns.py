"""Name the turns of a conversation, so that what was said of one is found again in all later calls of its branch."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from sluice.chat.own_words import own_words, possible_words
from sluice.chat.request import Call

# Lines that an admin's own templates may put before or behind a person's words.
MOST_ADDED = 40
# A text is named from its first line on and from its last, so that lines added at either end can be taken off.
FORWARD, BACKWARD = b"forward\0", b"backward\0"


def turns(call: Call, salt: bytes) -> list[str]:
    """Return keys for the conversation up to each message of the person, those of the newest message last."""
    return [key for before, message in _said(call, salt) for key in _names(before, own_words(message))]


def newest_turn(call: Call, salt: bytes) -> list[str]:
    """Return all keys by which a later call may know the newest turn.

    In the newest message the person's words stand among what Open WebUI adds, in later calls they stand alone.
    While tools run it may even add messages, so the turn is all that the person seems to have said since the last
    answer.
    """
    unanswered = islice(_said(call, salt), _answered(call), None)
    keys = (key for before, message in unanswered for key in _possible_names(before, message))
    return list(dict.fromkeys(keys))


def branch(call: Call, salt: bytes) -> str:
    """Return one key for the conversation up to its newest question: the same when that is asked once more."""
    running = hashlib.blake2b(key=salt[:64], digest_size=16)
    for message in call.messages:
        if message["role"] == "user":
            running.update(own_words(message).encode() + b"\0")
    return running.hexdigest()


def _said(call: Call, salt: bytes) -> Iterator[tuple["hashlib.blake2b", Mapping[str, Any]]]:
    """Each message of the person, with a hash of those before it."""
    running = hashlib.blake2b(key=salt[:64], digest_size=16)
    for message in call.messages:
        if message["role"] == "user":
            yield running, message
            running.update("\n".join(_lines(own_words(message))).encode() + b"\0")


def _answered(call: Call) -> int:
    """How many messages of the person stand before the last answer that is more than a call of tools."""
    count = answered = 0
    for message in call.messages:
        count += message["role"] == "user"
        if message["role"] == "assistant" and not message.get("tool_calls"):
            answered = count
    return answered if answered < count else max(count - 1, 0)


def _names(before: "hashlib.blake2b", text: str) -> Iterator[str]:
    lines = _lines(text)
    yield from _running(before, FORWARD, lines, 0)
    yield from _running(before, BACKWARD, reversed(lines), 0)


def _possible_names(before: "hashlib.blake2b", message: Mapping[str, Any]) -> Iterator[str]:
    for text in dict.fromkeys(possible_words(message)):
        lines = _lines(text)
        yield from _running(before, FORWARD, lines, MOST_ADDED)
        yield from _running(before, BACKWARD, reversed(lines), MOST_ADDED)


def _running(before: "hashlib.blake2b", order: bytes, lines: Iterable[str], added: int) -> Iterator[str]:
    """The keys of these lines: of all of them, and without up to so many of the last."""
    running = before.copy()
    running.update(order)
    kept = deque([running.copy()], maxlen=added + 1)
    for number, line in enumerate(lines):
        running.update(line.encode() + b"\0")
        if not number:
            kept.clear()
        kept.append(running.copy())
    return (one.hexdigest() for one in kept)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if not line.isspace() and line]
