"""An Ollama on loopback: https://github.com/ollama/ollama/blob/main/docs/api.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.standins.ollama_window import DEFAULT_NUM_CTX, Seen, cut, needed
from tests.standins.record import Received, Record
from tests.standins.script import Answer, Failure, ToolCall, Usage, limited, pieces, shaped, tokens
from tests.standins.serving import Standin, Wire, main, pace

VERSION = "0.13.1"
WHEN = "2025-11-01T09:00:00.000000Z"


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model that this Ollama lists; with `remote_host` it runs elsewhere under a local-looking name."""

    name: str
    context_length: int = 32768
    capabilities: tuple[str, ...] = ("completion", "tools")
    family: str = "qwen3"
    size: int = 5_225_388_164
    parameter_size: str = "8.2B"
    remote_host: str = ""
    remote_model: str = ""

    @property
    def remote(self) -> dict[str, str]:
        if not self.remote_host:
            return {}
        return {"remote_model": self.remote_model, "remote_host": self.remote_host}

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    @property
    def details(self) -> dict[str, Any]:
        return {
            "parent_model": "",
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": "Q4_K_M",
        }


STANDARD = LocalModel("qwen3:8b", 40960, ("completion", "tools", "thinking"))
SMALL = LocalModel("qwen2.5:3b", 32768, family="qwen2", size=1_929_912_432, parameter_size="3.1B")
CODER = LocalModel("qwen2.5-coder:7b", 32768, ("completion", "tools", "insert"), family="qwen2")
VISION = LocalModel("gemma3:4b", 131072, ("completion", "vision"), family="gemma3", parameter_size="4.3B")
REMOTE = LocalModel(
    "gpt-oss:120b-cloud",
    131072,
    ("completion", "tools", "thinking"),
    family="gptoss",
    size=384,
    remote_host="https://ollama.com:443",
    remote_model="gpt-oss:120b",
)


class Ollama(Standin):
    """Serves the listed models; `seen` holds what each call left for the model to read."""

    def __init__(
        self,
        port: int = 0,
        record: Record | None = None,
        models: tuple[LocalModel, ...] = (STANDARD, SMALL, CODER, VISION),
    ) -> None:
        super().__init__(port, record)
        self.models = {model.name: model for model in models}
        self.seen: list[Seen] = []
        self._loaded: dict[str, int] = {}

    async def respond(self, received: Received, wire: Wire) -> None:
        route = (received.method, received.path.partition("?")[0])
        if route in (("GET", "/"), ("HEAD", "/")):
            await wire.whole(200, b"Ollama is running", kind="text/plain; charset=utf-8")
        elif route == ("GET", "/api/version"):
            await wire.json(200, {"version": VERSION})
        elif route == ("GET", "/api/tags"):
            await wire.json(200, {"models": [_listed(model) for model in self.models.values()]})
        elif route == ("GET", "/api/ps"):
            await wire.json(200, {"models": [self._running(name) for name in self._loaded]})
        elif route in (("POST", "/api/show"), ("POST", "/api/chat"), ("POST", "/api/generate")):
            await self._on_model(route[1], received, wire)
        else:
            await wire.whole(404, b"404 page not found", kind="text/plain")

    async def _on_model(self, path: str, received: Received, wire: Wire) -> None:
        try:
            body = received.json
        except ValueError as error:
            await _fail(wire, 400, str(error))
            return
        model = self._named(str(body.get("model") or body.get("name") or ""))
        if model is None:
            await _fail(wire, 404, f"model '{body.get('model')}' not found")
        elif path == "/api/show":
            await wire.json(200, _shown(model))
        else:
            await self._answer(path, model, body, wire)

    def _named(self, name: str) -> LocalModel | None:
        return self.models.get(name) or self.models.get(f"{name}:latest")

    def _running(self, name: str) -> dict[str, Any]:
        model = self.models[name]
        listed = {"name": name, "model": name, "size": model.size, "digest": model.digest}
        loaded = {"expires_at": "2099-01-01T00:00:00Z", "size_vram": 0, "context_length": self._loaded[name]}
        return listed | {"details": model.details} | loaded

    async def _answer(self, path: str, model: LocalModel, body: Mapping[str, Any], wire: Wire) -> None:
        missing = _missing_capability(model, body)
        if missing:
            await _fail(wire, 400, f'"{model.name}" does not support {missing}')
            return
        reply = self.script.take(body)
        if isinstance(reply, Failure):
            await _fail(wire, reply.status, reply.message, reply)
            return
        messages = _messages(path, body)
        num_ctx = min((body.get("options") or {}).get("num_ctx") or DEFAULT_NUM_CTX, model.context_length)
        self._loaded[model.name] = num_ctx
        tools = body.get("tools") or []
        if body.get("truncate") is False and needed(messages, tools) > num_ctx:
            await _fail(wire, 400, "the input length exceeds the context length")
            return
        seen = cut(model.name, messages, tools, num_ctx)
        self.seen.append(seen)
        lines = _lines(path, body, reply, seen)
        await _send(wire, lines, reply, stream=body.get("stream", True), path=path)


def _missing_capability(model: LocalModel, body: Mapping[str, Any]) -> str:
    wanted = {"tools": bool(body.get("tools")), "thinking": bool(body.get("think"))}
    return next((name for name, asked in wanted.items() if asked and name not in model.capabilities), "")


def _messages(path: str, body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    if path == "/api/chat":
        return list(body.get("messages") or [])
    return [{"role": "user", "content": body.get("prompt", ""), "images": body.get("images") or []}]


def _text(body: Mapping[str, Any], answer: Answer, seen: Seen) -> str:
    if answer.text is not None:
        return answer.text
    if answer.tool_calls:
        return ""
    plain = f"Local answer to {len(seen.messages)} messages."
    form = body.get("format")
    return shaped(plain, form if isinstance(form, dict) else None) if form else plain


def _lines(path: str, body: Mapping[str, Any], answer: Answer, seen: Seen) -> list[dict[str, Any]]:
    most = (body.get("options") or {}).get("num_predict")
    text, was_cut = limited(_text(body, answer, seen), most)
    thinking = answer.reasoning if body.get("think", True) else ""
    parts: list[dict[str, Any]] = [{"thinking": piece} for piece in pieces(thinking, answer.piece)]
    parts += [{"content": piece} for piece in pieces(text, answer.piece)]
    parts += [{"tool_calls": [_call(call)]} for call in answer.tool_calls]
    base = {"model": seen.model, "created_at": WHEN}
    lines = [base | _said(path, part) | {"done": False} for part in parts]
    reason = answer.finish_reason or ("length" if was_cut else "stop")
    counts = answer.usage or Usage(seen.tokens, len(tokens(text + thinking)))
    return [*lines, base | _said(path, {}) | {"done": True, "done_reason": reason} | _statistics(counts)]


def _said(path: str, part: Mapping[str, Any]) -> dict[str, Any]:
    if path == "/api/generate":
        return {"response": part.get("content", "")}
    return {"message": {"role": "assistant", "content": "", **part}}


def _call(call: ToolCall) -> dict[str, Any]:
    return {"function": {"name": call.name, "arguments": dict(call.arguments)}}


def _statistics(counts: Usage) -> dict[str, int]:
    return {
        "total_duration": 2_000_000_000,
        "load_duration": 100_000_000,
        "prompt_eval_count": counts.prompt,
        "prompt_eval_duration": 400_000_000,
        "eval_count": counts.completion,
        "eval_duration": 1_500_000_000,
    }


async def _send(wire: Wire, lines: list[dict[str, Any]], answer: Answer, *, stream: bool, path: str) -> None:
    if not stream:
        await pace(answer, 0)
        await wire.json(200, _joined(lines, path))
        return
    await wire.start(200, "application/x-ndjson")
    for sent, line in enumerate(lines):
        if not await pace(answer, sent):
            break
        await wire.write(json.dumps(line).encode() + b"\n")
    await wire.end()


def _joined(lines: list[dict[str, Any]], path: str) -> dict[str, Any]:
    if path == "/api/generate":
        return lines[-1] | {"response": "".join(line["response"] for line in lines)}
    said = [line["message"] for line in lines]
    message: dict[str, Any] = {"role": "assistant", "content": "".join(part["content"] for part in said)}
    thinking = "".join(part.get("thinking", "") for part in said)
    calls = [call for part in said for call in part.get("tool_calls", ())]
    message |= {"thinking": thinking} if thinking else {}
    message |= {"tool_calls": calls} if calls else {}
    return lines[-1] | {"message": message}


def _listed(model: LocalModel) -> dict[str, Any]:
    entry = {"name": model.name, "model": model.name, "modified_at": WHEN, "size": model.size}
    return entry | {"digest": model.digest, "details": model.details} | model.remote


def _shown(model: LocalModel) -> dict[str, Any]:
    info = {
        "general.architecture": model.family,
        "general.parameter_count": 8_190_735_360,
        f"{model.family}.context_length": model.context_length,
        f"{model.family}.embedding_length": 4096,
        f"{model.family}.block_count": 36,
        f"{model.family}.attention.head_count": 32,
        f"{model.family}.attention.head_count_kv": 8,
        f"{model.family}.attention.key_length": 128,
        f"{model.family}.attention.value_length": 128,
    }
    shown = {
        "modelfile": f"FROM {model.name}\n",
        "parameters": "temperature 0.6",
        "template": "{{ .Prompt }}",
    }
    facts = {"details": model.details, "model_info": info, "capabilities": list(model.capabilities)}
    return shown | facts | {"modified_at": WHEN} | model.remote


async def _fail(wire: Wire, status: int, message: str, failure: Failure | None = None) -> None:
    if failure is not None and failure.raw is not None:
        await wire.whole(status, failure.raw, failure.headers)
        return
    await wire.json(status, {"error": message}, failure.headers if failure else None)


if __name__ == "__main__":
    main(Ollama, "A stand-in for Ollama that records what it receives and cuts prompts like the real one.")
