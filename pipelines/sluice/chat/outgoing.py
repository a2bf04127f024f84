"""What a model gets to see of a call: an allow-list of fields for each kind of destination."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from sluice.chat.request import Call
from sluice.chat.wishes import without_wish

Destination = Literal["ollama", "local", "cloud"]

MESSAGE_FIELDS = frozenset({"role", "content", "tool_calls", "tool_call_id"})
PART_FIELDS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"type", "text"}),
    "image_url": frozenset({"type", "image_url"}),
    "input_audio": frozenset({"type", "input_audio"}),
    "file": frozenset({"type", "file"}),
    "video_url": frozenset({"type", "video_url"}),
}
STANDARD = frozenset(
    {
        "temperature", "top_p", "max_tokens", "max_completion_tokens", "stop", "seed", "frequency_penalty",
        "presence_penalty", "logit_bias", "logprobs", "top_logprobs", "response_format", "reasoning_effort",
        "verbosity", "tools", "tool_choice", "parallel_tool_calls",
    }
)  # fmt: skip
PARAMETERS: Mapping[Destination, frozenset[str]] = {
    "cloud": STANDARD,
    "local": STANDARD | {"top_k", "min_p", "repeat_penalty"},
    "ollama": STANDARD | {"top_k", "min_p", "repeat_penalty", "keep_alive"},
}


def messages_for(call: Call, destination: Destination) -> list[dict[str, Any]]:
    """The conversation as the destination may read it. Reasoning of earlier turns stays on the machine."""
    fields = MESSAGE_FIELDS | {"reasoning_content"} if destination != "cloud" else MESSAGE_FIELDS
    return [_message(message, fields, destination) for message in call.messages]


def parameters_for(call: Call, destination: Destination) -> dict[str, Any]:
    """The parameters that the destination may get. Tools that a provider would run itself are none of them."""
    sent = {key: value for key, value in call.parameters.items() if key in PARAMETERS[destination]}
    if "tools" in sent:
        sent["tools"] = [_tool(tool) for tool in call.tools if tool.get("function")]
    return {key: value for key, value in sent.items() if key != "tools" or value}


def _message(message: Mapping[str, Any], fields: frozenset[str], destination: Destination) -> dict[str, Any]:
    sent = {key: value for key, value in message.items() if key in fields}
    if isinstance(sent.get("content"), list):
        sent["content"] = [_part(part) for part in sent["content"]]
    if sent["role"] == "user":
        sent["content"] = _without_wish(sent.get("content", ""))
    if calls := sent.get("tool_calls"):
        sent["tool_calls"] = [_tool_call(one, destination) for one in calls]
    sent.setdefault("content", None if sent.get("tool_calls") else "")
    return sent


def _part(part: Mapping[str, Any]) -> dict[str, Any]:
    allowed = PART_FIELDS[part["type"]]
    return {key: value for key, value in part.items() if key in allowed}


def _without_wish(content: Any) -> Any:
    if isinstance(content, str):
        return without_wish(content)
    return [{**part, "text": without_wish(part["text"])} if part.get("text") else part for part in content or []]


def _tool(tool: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": tool["function"]}


def _tool_call(tool_call: Mapping[str, Any], destination: Destination) -> dict[str, Any]:
    function = tool_call.get("function") or {}
    arguments = function.get("arguments")
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments or {}, ensure_ascii=False)
    if destination == "ollama":
        arguments = _as_object(arguments)
    return {
        "id": tool_call.get("id") or "",
        "type": "function",
        "function": {"name": function.get("name") or "", "arguments": arguments},
    }


def _as_object(arguments: str) -> str:
    """Ollama takes arguments as an object, so a model's broken JSON is handed back as one."""
    try:
        parsed = json.loads(arguments or "{}")
    except ValueError:
        parsed = None
    return arguments or "{}" if isinstance(parsed, dict) else json.dumps({"arguments": arguments})
