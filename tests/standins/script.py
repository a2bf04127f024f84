"""Say what a stand-in answers next."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Ending = Literal["done", "no_done", "die", "hang"]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the scripted model wants to be run."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts to report; cached ones are part of the prompt for OpenAI and beside it for Anthropic."""

    prompt: int
    completion: int
    cache_read: int = 0
    cache_write: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a model.

    `text` None means a fixed sentence that names how many messages came. Delays are in seconds.
    `ending` other than "done" applies after `chunks_before_ending` pieces: "no_done" closes the
    stream properly but without its last event, "die" drops the connection, "hang" sends nothing more.
    """

    text: str | None = None
    piece: int = 16
    delay_before: float = 0.0
    delay_between: float = 0.0
    reasoning: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage | None = None
    finish_reason: str | None = None
    ending: Ending = "done"
    chunks_before_ending: int = 2


@dataclass(frozen=True, slots=True)
class Failure:
    """An answer that is an error; `raw` replaces the provider's usual error body."""

    status: int
    message: str
    kind: str = "server_error"
    code: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


UNAUTHORIZED = Failure(401, "Incorrect API key provided.", "authentication_error", "invalid_api_key")
SERVER_ERROR = Failure(500, "The server had an error while processing your request.")
OVERLOADED = Failure(529, "Overloaded", "overloaded_error")
MALFORMED = Failure(200, "", raw=b'{"id": "chatcmpl-broken", "choices": [{"index": 0, "mess')
TOO_LONG = Failure(
    400,
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. "
    "Please reduce the length of the messages.",
    "invalid_request_error",
    "context_length_exceeded",
)
OUT_OF_MEMORY = Failure(500, "model requires more system memory (6.1 GiB) than is available (3.4 GiB)")
HANG = Answer(ending="hang", chunks_before_ending=0)


def rate_limited(retry_after: float = 1) -> Failure:
    """A 429 that names the seconds to wait, as providers do."""
    return Failure(
        429,
        "Rate limit reached for requests.",
        "rate_limit_error",
        "rate_limit_exceeded",
        {"retry-after": f"{retry_after:g}"},
    )


Reply = Answer | Failure
Applies = Callable[[Mapping[str, Any]], bool]
Answers = Callable[[Mapping[str, Any]], Reply]


def echo(body: Mapping[str, Any]) -> Answer:
    """Answer with what the person said last, as the model read it."""
    said = [message["content"] for message in body["messages"] if message["role"] == "user"][-1]
    return Answer(said if isinstance(said, str) else "\n".join(part.get("text", "") for part in said))


class Script:
    """What comes next: the first rule that applies, else the queue, else the standing reply."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[tuple[Applies, Reply]] = []
        self._queue: deque[Reply | Answers] = deque()
        self._standing: Reply | Answers = Answer()

    def next(self, *replies: Reply | Answers) -> None:
        """Queue replies, each used once, or what makes a reply from its call."""
        with self._lock:
            self._queue.extend(replies)

    def always(self, reply: Reply | Answers) -> None:
        """Set what is answered when nothing is queued, or what makes the answer from the call."""
        with self._lock:
            self._standing = reply

    def when(self, applies: Applies, reply: Reply) -> None:
        """Answer calls whose body fulfils `applies` with `reply`, ahead of the queue."""
        with self._lock:
            self._rules.append((applies, reply))

    def reset(self) -> None:
        """Back to plain answers."""
        with self._lock:
            self._rules.clear()
            self._queue.clear()
            self._standing = Answer()

    def take(self, body: Mapping[str, Any]) -> Reply:
        """Return the reply for this call and use it up where it was queued."""
        with self._lock:
            for applies, reply in self._rules:
                if applies(body):
                    return reply
            reply = self._queue.popleft() if self._queue else self._standing
            return reply(body) if callable(reply) else reply


# A stated, simple tokenizer: words in pieces of six letters, numbers in pieces of three digits, every
# other sign alone. English text comes out near four characters a token, as with real tokenizers.
_TOKEN = re.compile(r" ?[A-Za-z]{1,6}| ?\d{1,3}|\s+|.", re.DOTALL)


def tokens(text: str) -> list[str]:
    """Split text into the tokens that the stand-ins count; joined they are the text again."""
    return _TOKEN.findall(text)


def limited(text: str, most: int | None) -> tuple[str, bool]:
    """Return the text within `most` tokens and whether it had to be cut."""
    pieces = tokens(text)
    if most is None or most < 0 or len(pieces) <= most:
        return text, False
    return "".join(pieces[:most]), True


def pieces(text: str, size: int) -> list[str]:
    """Cut text into stream pieces of `size` characters."""
    return [text[start : start + size] for start in range(0, len(text), max(1, size))]


def sample_of(schema: Mapping[str, Any]) -> Any:
    """Return the plainest value that a JSON schema admits, for answers with a response format."""
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type", "object")
    if kind == "object":
        return {name: sample_of(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample_of(schema.get("items", {"type": "string"}))]
    return {"string": "sample", "integer": 1, "number": 1.5, "boolean": True}.get(str(kind))


def shaped(text: str, schema: Mapping[str, Any] | None) -> str:
    """Return the text as a JSON answer, of the schema's form when there is one."""
    return json.dumps({"answer": text} if not schema else sample_of(schema))
