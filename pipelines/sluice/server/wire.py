"""Write a gateway's events as OpenAI's API does: chunks of a stream, or one whole answer."""

import json
import time
import uuid
from collections.abc import Mapping
from typing import Any

from sluice.gateway import End, Event, Status
from sluice.server.door import error_body
from sluice.upstream import Delta

DONE = b"data: [DONE]\n\n"


class Chunks:
    """Turns events into server-sent events. Status lines go to Open WebUI only: they break other clients."""

    def __init__(self, model: str, *, with_status: bool, with_usage: bool) -> None:
        self._head = {"id": f"chatcmpl-{uuid.uuid4().hex}", "created": int(time.time()), "model": model}
        self._with_status = with_status
        self._with_usage = with_usage
        self._role: Mapping[str, str] = {"role": "assistant"}

    def of(self, event: Event) -> bytes:
        """The bytes of an event; none for one that this caller does not get."""
        if isinstance(event, Status):
            data = {"type": "status", "data": {"description": event.text, "done": event.done}}
            return _data({"event": data}) if self._with_status else b""
        if isinstance(event, End):
            return self._usage(event) + DONE
        return self._delta(event)

    def _delta(self, delta: Delta) -> bytes:
        body: dict[str, Any] = {**self._role}
        if delta.content:
            body["content"] = delta.content
        if delta.reasoning:
            body["reasoning_content"] = delta.reasoning
        if delta.tool_calls:
            body["tool_calls"] = list(delta.tool_calls)
        if not delta.finish_reason and body == self._role:
            return b""
        self._role = {}
        choice = {"index": 0, "delta": body, "logprobs": delta.logprobs, "finish_reason": delta.finish_reason}
        return _data({**self._head, "object": "chat.completion.chunk", "choices": [choice]})

    def _usage(self, end: End) -> bytes:
        if not self._with_usage:
            return b""
        return _data({**self._head, "object": "chat.completion.chunk", "choices": [], "usage": dict(end.usage)})


def failure(sentence: str, code: str) -> bytes:
    """The event that ends a stream which broke off; no [DONE] follows."""
    return _data(error_body(sentence, code))


class Whole:
    """Collects a stream into one chat completion."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._content: list[str] = []
        self._reasoning: list[str] = []
        self._calls: dict[int, dict[str, Any]] = {}
        self._logprobs: list[Any] = []
        self._finish_reason: str | None = None
        self._usage: Mapping[str, Any] = {}

    def add(self, event: Event) -> None:
        if isinstance(event, Delta):
            self._content.append(event.content)
            self._reasoning.append(event.reasoning)
            self._finish_reason = event.finish_reason or self._finish_reason
            self._logprobs += (event.logprobs or {}).get("content") or ()
            for call in event.tool_calls:
                self._add_call(call)
        elif isinstance(event, End):
            self._usage = event.usage

    def _add_call(self, call: Mapping[str, Any]) -> None:
        known = self._calls.setdefault(
            call["index"], {"id": "", "type": "function", "function": {"name": "", "arguments": ""}}
        )
        known["id"] = call.get("id") or known["id"]
        known["function"]["name"] += call["function"].get("name", "")
        known["function"]["arguments"] += call["function"].get("arguments", "")

    def body(self) -> dict[str, Any]:
        content, reasoning = "".join(self._content), "".join(self._reasoning)
        message: dict[str, Any] = {"role": "assistant", "content": content or (None if self._calls else "")}
        if reasoning:
            message["reasoning_content"] = reasoning
        if self._calls:
            message["tool_calls"] = [self._calls[index] for index in sorted(self._calls)]
        return {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": self._model,
            "choices": [
                {
                    "index": 0,
                    "message": message,
                    "logprobs": {"content": self._logprobs} if self._logprobs else None,
                    "finish_reason": self._finish_reason,
                }
            ],
            "usage": dict(self._usage),
        }


def _data(value: Mapping[str, Any]) -> bytes:
    return b"data: " + json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n\n"
