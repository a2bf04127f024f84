"""What the gateway adds to a call, and what it needs: time to the first token, time in all, memory, start.

The same client asks the same stand-in in turns, directly and through the gateway, so that what else the
machine does meets both alike. The stand-ins answer without delay: the figures are the gateway's own cost.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from tests.bench import figures
from tests.conftest import unused_port
from tests.server.process import KEY, Running, person, wait_until
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer

WARM = 20
QUESTION = "How does a sluice gate work, and why does it not leak?"
FIRST_WORDS = b"A gate"
ANSWER = Answer("A gate slides in its frame, and the water itself presses it tight. " * 4)

Ask = Callable[[str], tuple[float, float]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="./scripts/bench gateway", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--rounds", type=int, default=300, help="calls on each way")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Cloud() as cloud, Ollama() as ollama:
        cloud.script.always(ANSWER)
        ollama.script.always(ANSWER)
        running = Running(Path(folder), unused_port(), _environ(cloud, ollama))
        start = _start_up(running)
        try:
            found = {
                "machine": figures.machine(),
                "rounds": options.rounds,
                "start_up_s": start,
                "cloud": _measure(options.rounds, _direct_cloud(cloud), _through(running, "sluice.gpt")),
                "local": _measure(options.rounds, _direct_ollama(ollama), _through(running, "sluice.local")),
                "memory_mib": _memory(running.pid),
            }
        finally:
            running.stop()
    figures.show(found, as_json=options.json)


def _environ(cloud: Cloud, ollama: Ollama) -> dict[str, str]:
    return {
        **os.environ,
        "OLLAMA_BASE_URL": ollama.url,
        "OPENAI_API_BASE": cloud.openai_base,
        "OPENAI_API_KEY": "sk-bench",
    }


def _start_up(running: Running) -> dict[str, float]:
    began = time.perf_counter()
    running.start(ready=False)
    listens = time.perf_counter() - began
    wait_until(lambda: running.get("/readyz").status_code == 200, "the gateway is ready")
    return {"listens": round(listens, 2), "ready": round(time.perf_counter() - began, 2)}


def _measure(rounds: int, direct: Ask, through: Ask) -> dict[str, Any]:
    """Ask on both ways in turns. Each question is new, so that the guard reads it anew."""
    for number in range(WARM):
        direct(_question(-number))
        through(_question(-number))
    pairs = [(direct(_question(number)), through(_question(number))) for number in range(1, rounds + 1)]
    return {name: _compared([(d[i], t[i]) for d, t in pairs]) for i, name in enumerate(("first_token", "request"))}


def _compared(pairs: list[tuple[float, float]]) -> dict[str, Any]:
    direct, through = figures.spread([d for d, _ in pairs]), figures.spread([t for _, t in pairs])
    return {
        "direct": direct,
        "through": through,
        "added": figures.spread([t - d for d, t in pairs]),
        "ratio_p50": round(through["p50_ms"] / direct["p50_ms"], 2),
        "ratio_p95": round(through["p95_ms"] / direct["p95_ms"], 2),
    }


def _question(number: int) -> str:
    return f"{QUESTION} Variation {number}."


def _direct_cloud(cloud: Cloud) -> Ask:
    headers = {"Authorization": "Bearer sk-bench"}
    return _asker(f"{cloud.openai_base}/chat/completions", headers, {"model": "gpt-4.1"})


def _direct_ollama(ollama: Ollama) -> Ask:
    return _asker(f"{ollama.url}/api/chat", {}, {"model": "qwen3:8b"})


def _through(running: Running, model: str) -> Ask:
    headers = {"Authorization": f"Bearer {KEY}", **person()}
    return _asker(f"{running.url}/chat/completions", headers, {"model": model})


def _asker(url: str, headers: Mapping[str, str], body: Mapping[str, Any]) -> Ask:
    client = httpx.Client(timeout=60, trust_env=False)

    def ask(question: str) -> tuple[float, float]:
        sent = {**body, "messages": [{"role": "user", "content": question}], "stream": True}
        began, first, seen = time.perf_counter(), 0.0, b""
        with client.stream("POST", url, json=sent, headers=headers) as answer:
            answer.raise_for_status()
            for piece in answer.iter_raw():
                seen += piece
                if not first and FIRST_WORDS in seen:
                    first = time.perf_counter() - began
        return first, time.perf_counter() - began

    return ask


def _memory(pid: int) -> dict[str, float]:
    """Of the gateway and each process that it started."""
    found = {"gateway": figures.resident_mib(pid)}
    for child in figures.children(pid):
        kind = "resource tracker" if "resource_tracker" in figures.command(child) else "guard worker"
        found[kind] = round(found.get(kind, 0.0) + figures.resident_mib(child), 1)
    return found


if __name__ == "__main__":
    main()
