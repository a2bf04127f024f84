"""Speak OpenAI's chat completions: https://platform.openai.com/docs/api-reference/chat."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from tests.standins.record import Received
from tests.standins.script import Answer, Failure, Script, ToolCall, Usage, limited, pieces, shaped, tokens
from tests.standins.serving import Wire, pace

KNOWN_FIELDS = frozenset(
    {"model", "messages", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "n"}
    | {"max_tokens", "max_completion_tokens", "metadata", "modalities", "parallel_tool_calls", "prediction"}
    | {"presence_penalty", "prompt_cache_key", "reasoning_effort", "response_format", "safety_identifier"}
    | {"seed", "service_tier", "stop", "store", "stream", "stream_options", "temperature", "tool_choice"}
    | {"tools", "top_logprobs", "top_p", "user", "verbosity", "web_search_options"}
)
CREATED = 1_750_000_000


def model_list(names: Iterable[str]) -> dict[str, Any]:
    """What `GET /v1/models` says."""
    entries = [{"id": name, "object": "model", "created": CREATED, "owned_by": "standin"} for name in names]
    return {"object": "list", "data": entries}


async def respond(received: Received, wire: Wire, script: Script) -> None:
    """Answer one call of `/v1/chat/completions`."""
    failure = _refusal(received)
    body = received.json if failure is None else {}
    reply = failure or script.take(body)
    if isinstance(reply, Failure):
        await wire.whole(reply.status, _error_body(reply), reply.headers)
        return
    received.billed = _usage(body, reply, limited(_text(body, reply), _limit(body))[0])
    if body.get("stream"):
        await _stream(body, reply, wire)
    else:
        await _whole(body, reply, wire)


def _refusal(received: Received) -> Failure | None:
    key = received.headers.get("authorization", "").removeprefix("Bearer").strip()
    if not key:
        return Failure(401, "You didn't provide an API key.", "invalid_request_error")
    try:
        body = received.json
    except ValueError:
        return _invalid("We could not parse the JSON body of your request.")
    if not isinstance(body, dict) or not body.get("model") or not body.get("messages"):
        return _invalid("you must provide a model parameter and messages")
    unknown = sorted(set(body) - KNOWN_FIELDS)
    if unknown:
        return _invalid(f"Unrecognized request argument supplied: {unknown[0]}", "unknown_parameter")
    return _tool_order(body["messages"])


def _tool_order(messages: list[Mapping[str, Any]]) -> Failure | None:
    open_calls: set[str] = set()
    for message in messages:
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in open_calls:
                return _invalid(
                    "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'."
                )
            open_calls.discard(message["tool_call_id"])
        elif open_calls:
            break
        else:
            open_calls = {call["id"] for call in message.get("tool_calls") or ()}
    if open_calls:
        return _invalid(
            "An assistant message with 'tool_calls' must be followed by tool messages responding to each "
            f"'tool_call_id'. The following tool_call_ids did not have response messages: {min(open_calls)}"
        )
    return None


def _invalid(message: str, code: str | None = None) -> Failure:
    return Failure(400, message, "invalid_request_error", code)


def _error_body(failure: Failure) -> bytes:
    if failure.raw is not None:
        return failure.raw
    error = {"message": failure.message, "type": failure.kind, "param": None, "code": failure.code}
    return json.dumps({"error": error}).encode()


def _text(body: Mapping[str, Any], answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    if answer.tool_calls:
        return ""
    plain = f"Cloud answer to {len(body['messages'])} messages."
    wanted = body.get("response_format") or {}
    if wanted.get("type") in ("json_object", "json_schema"):
        return shaped(plain, wanted.get("json_schema", {}).get("schema"))
    return plain


def _finish(answer: Answer, was_cut: bool) -> str:
    if answer.finish_reason:
        return answer.finish_reason
    return "tool_calls" if answer.tool_calls else "length" if was_cut else "stop"


def _limit(body: Mapping[str, Any]) -> int | None:
    return body.get("max_completion_tokens") or body.get("max_tokens")


def _usage(body: Mapping[str, Any], answer: Answer, text: str) -> dict[str, Any]:
    prompt = len(tokens(json.dumps(body["messages"])))
    counts = answer.usage or Usage(prompt, len(tokens(text + answer.reasoning)))
    return {
        "prompt_tokens": counts.prompt,
        "completion_tokens": counts.completion,
        "total_tokens": counts.prompt + counts.completion,
        "prompt_tokens_details": {"cached_tokens": counts.cache_read, "audio_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": len(tokens(answer.reasoning)), "audio_tokens": 0},
    }


def _calls(answer: Answer) -> list[dict[str, Any]]:
    return [_call(call, number) for number, call in enumerate(answer.tool_calls)]


def _call(call: ToolCall, number: int) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
    return {"id": call.id or f"call_{call.name}_{number}", "type": "function", "function": function}


async def _whole(body: Mapping[str, Any], answer: Answer, wire: Wire) -> None:
    await pace(answer, 0)
    text, was_cut = limited(_text(body, answer), _limit(body))
    message: dict[str, Any] = {"role": "assistant", "content": text or None, "refusal": None}
    if answer.reasoning:
        message["reasoning_content"] = answer.reasoning
    if answer.tool_calls:
        message["tool_calls"] = _calls(answer)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(answer, was_cut)}
    envelope = _envelope(body, "chat.completion")
    await wire.json(200, envelope | {"choices": [choice], "usage": _usage(body, answer, text)})


def _envelope(body: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-standin", "object": kind, "created": CREATED, "model": body["model"]}


async def _stream(body: Mapping[str, Any], answer: Answer, wire: Wire) -> None:
    await wire.start(200, "text/event-stream; charset=utf-8")
    sent = 0
    async for event in _events(body, answer):
        if not await pace(answer, sent):
            await wire.end()
            return
        await wire.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        sent += 1
    await wire.write(b"data: [DONE]\n\n")
    await wire.end()


async def _events(body: Mapping[str, Any], answer: Answer) -> AsyncIterator[dict[str, Any]]:
    text, was_cut = limited(_text(body, answer), _limit(body))
    envelope = _envelope(body, "chat.completion.chunk")
    wants_usage = bool((body.get("stream_options") or {}).get("include_usage"))
    if wants_usage:
        envelope["usage"] = None
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"reasoning_content": piece} for piece in pieces(answer.reasoning, answer.piece)]
    deltas += [{"content": piece} for piece in pieces(text, answer.piece)]
    for number, call in enumerate(_calls(answer)):
        deltas += _call_deltas(number, call)
    for delta in deltas:
        yield envelope | {"choices": [_choice(delta, None)]}
    yield envelope | {"choices": [_choice({}, _finish(answer, was_cut))]}
    if wants_usage:
        yield envelope | {"choices": [], "usage": _usage(body, answer, text)}


def _choice(delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
    return {"index": 0, "delta": dict(delta), "logprobs": None, "finish_reason": finish}


def _call_deltas(number: int, call: Mapping[str, Any]) -> list[dict[str, Any]]:
    arguments = call["function"]["arguments"]
    head = {**call, "index": number, "function": {"name": call["function"]["name"], "arguments": ""}}
    rest = [{"index": number, "function": {"arguments": piece}} for piece in pieces(arguments, 8)]
    return [{"tool_calls": [part]} for part in [head, *rest]]
