"""Speak Anthropic's Messages API: https://docs.anthropic.com/en/api/messages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.standins.record import Received
from tests.standins.script import Answer, Failure, Script, ToolCall, Usage, limited, pieces, tokens
from tests.standins.serving import Wire, pace

KNOWN_FIELDS = frozenset(
    {"model", "messages", "max_tokens", "cache_control", "container", "context_management", "mcp_servers"}
    | {"metadata", "output_config", "output_format", "service_tier", "stop_sequences", "stream", "system"}
    | {"temperature", "thinking", "tool_choice", "tools", "top_k", "top_p", "inference_geo", "speed"}
)
STOP_REASONS = {
    "stop": "end_turn",
    "length": "max_tokens",
    "tool_calls": "tool_use",
    "content_filter": "refusal",
}


async def respond(received: Received, wire: Wire, script: Script) -> None:
    """Answer one call of `/v1/messages`."""
    failure = _refusal(received)
    body = received.json if failure is None else {}
    reply = failure or script.take(body)
    if isinstance(reply, Failure):
        await wire.whole(reply.status, _error_body(reply), reply.headers)
        return
    received.billed = _message(body, reply)["usage"]
    if body.get("stream"):
        await _stream(body, reply, wire)
    else:
        await pace(reply, 0)
        await wire.json(200, _message(body, reply))


def _refusal(received: Received) -> Failure | None:
    headers = received.headers
    if not (headers.get("x-api-key") or headers.get("authorization")):
        return Failure(401, "x-api-key header is required", "authentication_error")
    if "anthropic-version" not in headers:
        return _invalid("anthropic-version: header is required")
    try:
        body = received.json
    except ValueError:
        return _invalid("The request body is not valid JSON")
    for name in ("model", "messages", "max_tokens"):
        if not body.get(name):
            return _invalid(f"{name}: Field required")
    unknown = sorted(set(body) - KNOWN_FIELDS)
    if unknown:
        return _invalid(f"{unknown[0]}: Extra inputs are not permitted")
    if "temperature" in body and "top_p" in body:
        return _invalid("`temperature` and `top_p` cannot both be specified for this model. Please use only one.")
    return _tool_order(body["messages"])


def _tool_order(messages: list[Mapping[str, Any]]) -> Failure | None:
    expected: set[str] = set()
    for number, message in enumerate(messages):
        results = {block["tool_use_id"] for block in _blocks(message, "tool_result")}
        if results - expected:
            return _invalid(f"messages.{number}: unexpected `tool_use_id` found in `tool_result` blocks")
        if expected - results:
            return _invalid(
                f"messages.{number - 1}: `tool_use` ids were found without `tool_result` blocks immediately after"
            )
        expected = {block["id"] for block in _blocks(message, "tool_use")}
    return None


def _blocks(message: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    content = message.get("content")
    return [block for block in content if block.get("type") == kind] if isinstance(content, list) else []


def _invalid(message: str) -> Failure:
    return Failure(400, message, "invalid_request_error")


def _error_body(failure: Failure) -> bytes:
    if failure.raw is not None:
        return failure.raw
    error = {"type": _error_type(failure), "message": failure.message}
    return json.dumps({"type": "error", "error": error, "request_id": "req_standin"}).encode()


def _error_type(failure: Failure) -> str:
    return "api_error" if failure.kind == "server_error" else failure.kind


def _text(body: Mapping[str, Any], answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    return "" if answer.tool_calls else f"Cloud answer to {len(body['messages'])} messages."


def _content(answer: Answer, text: str) -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = []
    if answer.reasoning:
        content.append({"type": "thinking", "thinking": answer.reasoning, "signature": "c3RhbmRpbg=="})
    if text:
        content.append({"type": "text", "text": text})
    return content + [_tool_use(call, number) for number, call in enumerate(answer.tool_calls)]


def _tool_use(call: ToolCall, number: int) -> dict[str, Any]:
    name = call.id or f"toolu_{call.name}_{number}"
    return {"type": "tool_use", "id": name, "name": call.name, "input": dict(call.arguments)}


def _stop_reason(answer: Answer, was_cut: bool) -> str:
    if answer.finish_reason:
        return STOP_REASONS.get(answer.finish_reason, answer.finish_reason)
    return "tool_use" if answer.tool_calls else "max_tokens" if was_cut else "end_turn"


def _usage(body: Mapping[str, Any], answer: Answer, text: str) -> dict[str, int]:
    prompt = len(tokens(json.dumps([body.get("system", ""), body["messages"]])))
    counts = answer.usage or Usage(prompt, len(tokens(text + answer.reasoning)))
    return {
        "input_tokens": counts.prompt,
        "cache_creation_input_tokens": counts.cache_write,
        "cache_read_input_tokens": counts.cache_read,
        "output_tokens": counts.completion,
    }


def _message(body: Mapping[str, Any], answer: Answer) -> dict[str, Any]:
    text, was_cut = limited(_text(body, answer), body["max_tokens"])
    return {
        "id": "msg_standin",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": _content(answer, text),
        "stop_reason": _stop_reason(answer, was_cut),
        "stop_sequence": None,
        "usage": _usage(body, answer, text),
    }


async def _stream(body: Mapping[str, Any], answer: Answer, wire: Wire) -> None:
    await wire.start(200, "text/event-stream; charset=utf-8")
    for sent, event in enumerate(_events(body, answer)):
        if not await pace(answer, sent):
            break
        await wire.write(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode())
    await wire.end()


def _events(body: Mapping[str, Any], answer: Answer) -> Iterator[dict[str, Any]]:
    message = _message(body, answer)
    opening = message | {"content": [], "stop_reason": None, "usage": message["usage"] | {"output_tokens": 1}}
    yield {"type": "message_start", "message": opening}
    yield {"type": "ping"}
    for index, block in enumerate(message["content"]):
        yield from _block_events(index, block, answer.piece)
    delta = {"stop_reason": message["stop_reason"], "stop_sequence": None}
    yield {"type": "message_delta", "delta": delta, "usage": message["usage"]}
    yield {"type": "message_stop"}


def _block_events(index: int, block: Mapping[str, Any], size: int) -> Iterator[dict[str, Any]]:
    kind = block["type"]
    if kind == "text":
        empty: dict[str, Any] = {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces(block["text"], size)]
    elif kind == "thinking":
        empty = {"type": "thinking", "thinking": "", "signature": ""}
        deltas = [{"type": "thinking_delta", "thinking": piece} for piece in pieces(block["thinking"], size)]
        deltas.append({"type": "signature_delta", "signature": block["signature"]})
    else:
        empty = {**block, "input": {}}
        parts = ["", *pieces(json.dumps(block["input"]), 8)]
        deltas = [{"type": "input_json_delta", "partial_json": part} for part in parts]
    yield {"type": "content_block_start", "index": index, "content_block": empty}
    for delta in deltas:
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}
