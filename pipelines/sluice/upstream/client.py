"""Call one model through LiteLLM and stream its answer as plain values."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sluice.config import Deployment
from sluice.config.schema import Routing
from sluice.upstream.failures import ended_early, explain, filtered, silent
from sluice.upstream.naming import title
from sluice.upstream.quiet_litellm import litellm

# Ollama reloads a model when its context size changes, so sizes come in few steps.
NUM_CTX_STEPS = (4096, 8192, 16384, 32768, 65536, 131072, 262144)
ANSWER_ROOM = 2048
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider reported them, in the words of OpenAI's API."""

    prompt_tokens: int
    completion_tokens: int
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def total_tokens(self) -> int:
        return self.prompt_tokens + self.completion_tokens


@dataclass(frozen=True, slots=True)
class Delta:
    """A piece of an answer. `tool_calls` are in OpenAI's delta form, with `index`."""

    content: str = ""
    reasoning: str = ""
    tool_calls: Sequence[Mapping[str, Any]] = ()
    logprobs: Mapping[str, Any] | None = None
    finish_reason: str | None = None
    usage: Usage | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.content or self.reasoning or self.tool_calls or self.finish_reason or self.usage)


def num_ctx(needed: int, window: int) -> int:
    """The context to ask of Ollama for a prompt of so many tokens, within the model's window."""
    wanted = needed + ANSWER_ROOM
    return min(window, next((step for step in NUM_CTX_STEPS if step >= wanted), wanted))


async def stream(
    deployment: Deployment,
    messages: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, Any],
    routing: Routing,
) -> AsyncGenerator[Delta, None]:
    """Yield the answer as it comes. Closing the iterator closes the call at the provider.

    Raises UpstreamError, also when the stream ends without a finish reason or falls silent.
    """
    name = title(deployment)
    loop = asyncio.get_running_loop()
    deadline = loop.time() + routing.first_token_seconds
    try:
        async with asyncio.timeout_at(deadline):
            answer = await litellm().acompletion(**_arguments(deployment, messages, parameters, routing))
    except TimeoutError:
        raise silent(name, routing.first_token_seconds) from None
    except Exception as error:  # LiteLLM raises its own tree and more; whatever it is, this model failed
        raise explain(error, name) from None
    try:
        async for delta in _deltas(answer, name, routing, deadline):
            yield delta
    finally:
        with contextlib.suppress(Exception):  # closing a broken stream may fail; the call is over either way
            await answer.aclose()


async def _deltas(answer: Any, name: str, routing: Routing, deadline: float) -> AsyncGenerator[Delta, None]:
    """What comes, without what is empty. The finish comes last, once it is sure that it is the provider's own."""
    loop, chunks = asyncio.get_running_loop(), aiter(answer)
    wait, finish = routing.first_token_seconds, Delta()
    while True:
        try:
            async with asyncio.timeout_at(deadline):
                chunk = await anext(chunks)
        except StopAsyncIteration:
            break
        except Exception as error:  # as above: any failure here is this model's
            if _is_finished(answer, finish):
                break  # the answer is whole; only what it took may stay unknown
            raise (silent(name, wait) if isinstance(error, TimeoutError) else explain(error, name)) from None
        delta = _delta(chunk)
        if delta.finish_reason:
            finish, delta = delta, replace(delta, finish_reason=None)
        if not delta.is_empty:
            yield delta
            wait, deadline = routing.idle_seconds, loop.time() + routing.idle_seconds
    if finish.finish_reason == "content_filter":
        raise filtered(name)
    if not _is_finished(answer, finish):
        raise ended_early(name)
    yield Delta(finish_reason=finish.finish_reason)


def _is_finished(answer: Any, finish: Delta) -> bool:
    """LiteLLM makes up a finish reason where the provider sent none: its own record tells the truth."""
    return bool(finish.finish_reason) and getattr(answer, "received_finish_reason", "stop") is not None


def _arguments(
    deployment: Deployment,
    messages: Sequence[Mapping[str, Any]],
    parameters: Mapping[str, Any],
    routing: Routing,
) -> dict[str, Any]:
    arguments = {
        **deployment.params,
        **parameters,
        "model": deployment.model,
        "messages": list(messages),
        "stream": True,
        "stream_options": {"include_usage": True},
        "timeout": routing.first_token_seconds + routing.idle_seconds,
        "num_retries": 0,
        "max_retries": 0,
        "drop_params": True,
        "no-log": True,
        # Else LiteLLM looks into every tool for MCP servers of its proxy, which it would call itself.
        "_skip_mcp_handler": True,
    }
    if deployment.declared == "local" or deployment.api_base:
        # Else LiteLLM takes the key of OpenAI from the environment and shows it to that server.
        arguments.setdefault("api_key", NO_KEY)
    limits = [arguments.pop(name) for name in ("max_tokens", "max_completion_tokens") if arguments.get(name)]
    return {**arguments, "max_tokens": min(limits)} if limits else arguments


def _delta(chunk: Any) -> Delta:
    choice = chunk.choices[0] if getattr(chunk, "choices", None) else None
    delta = getattr(choice, "delta", None)
    return Delta(
        content=getattr(delta, "content", None) or "",
        reasoning=getattr(delta, "reasoning_content", None) or "",
        tool_calls=[_tool_call(one) for one in getattr(delta, "tool_calls", None) or ()],
        logprobs=_plain(getattr(choice, "logprobs", None)),
        finish_reason=getattr(choice, "finish_reason", None),
        usage=_usage(getattr(chunk, "usage", None)),
    )


def _tool_call(one: Any) -> Mapping[str, Any]:
    plain = one.model_dump(exclude_none=True)
    function = plain.get("function") or {}
    return {
        "index": plain.get("index", 0),
        **({"id": plain["id"], "type": "function"} if plain.get("id") else {}),
        "function": {key: function[key] for key in ("name", "arguments") if function.get(key) is not None},
    }


def _usage(usage: Any) -> Usage | None:
    if usage is None:
        return None
    plain = usage.model_dump(exclude_none=True)
    details = {key: value for key, value in plain.items() if key.endswith("_details") and value}
    return Usage(int(plain.get("prompt_tokens") or 0), int(plain.get("completion_tokens") or 0), details)


def _plain(value: Any) -> Mapping[str, Any] | None:
    plain: Mapping[str, Any] | None = value.model_dump(exclude_none=True) if hasattr(value, "model_dump") else value
    return plain
