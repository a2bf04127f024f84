"""What is left of answers when the local model is busy or a provider fails: fairness, completeness, own cost.

Ten people ask one slow local model at once, one of them for much more than the others. Fifty conversations go on while
one of two providers fails in turns: an error, a limit, an answer that breaks off. The stand-ins say what they are told,
so that the figures are the gateway's. Fairness is Jain's index over what people waited for their first answer, without
the greedy one: 1 where all waited alike; in a line of ten, one after the other, it is about 0.77.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sluice.config import parse
from sluice.upstream import Fleet, Line, Rank

from tests.bench import figures
from tests.conftest import unused_port
from tests.server.process import KEY, Running, person
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import SERVER_ERROR, Answer, Reply, rate_limited

PEOPLE = 10
GREEDY = 6  # questions that one of them asks at once; the others ask one each
TALKS = 50
TURNS = 4
TEXT = "A gate slides in its frame, and the water itself presses it tight against the sill of stone."
SLOW = Answer("word " * 20, piece=5, delay_between=0.02)
CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: os.environ/OLLAMA_BASE_URL}
    model_info: {roles: [standard, small]}
  - model_name: flapping
    litellm_params: {model: openai/gpt-4.1, api_base: os.environ/FLAPPING_BASE, api_key: sk-bench}
    model_info: {location: cloud, roles: [cloud]}
  - model_name: steady
    litellm_params: {model: openai/gpt-4.1, api_base: os.environ/STEADY_BASE, api_key: sk-bench}
    model_info: {location: cloud, roles: [cloud, frontier]}
routing: {first_token_seconds: 20, idle_seconds: 20, local_parallel: 1, cooldown_seconds: 1}
privacy: {time_limit_seconds: 100}
"""


@dataclass
class Heard:
    """What one caller got; times are in seconds from the question."""

    text: str = ""
    statuses: list[str] = field(default_factory=list)
    first: float = 0.0
    total: float = 0.0
    error: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(prog="./scripts/bench availability", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Cloud() as flapping, Cloud() as steady, Ollama() as ollama:
        ollama.script.always(SLOW)
        flapping.script.always(_flapping())
        steady.script.always(_goes_on)
        environ = {
            **os.environ,
            "OLLAMA_BASE_URL": ollama.url,
            "FLAPPING_BASE": flapping.openai_base,
            "STEADY_BASE": steady.openai_base,
        }
        with Running(Path(folder), unused_port(), environ, CONFIG) as running:
            before = figures.resident_mib(running.pid)
            found = {
                "machine": figures.machine(),
                "ten_people_one_slow_model": asyncio.run(_ten_people(running)),
                "fifty_conversations_one_provider_flapping": asyncio.run(_fifty_talks(running)),
                "memory_mib": {"before": before, "after": figures.resident_mib(running.pid)},
                "own_cost": _own_cost(),
            }
        found["fifty_conversations_one_provider_flapping"] |= {
            "calls_to_flapping": len(flapping.record.chats()),
            "calls_to_steady": len(steady.record.chats()),
        }
    figures.show(found, as_json=options.json)


def _goes_on(body: Mapping[str, Any]) -> Reply:
    said = [str(one["content"]) for one in body["messages"] if one["role"] == "assistant"]
    going_on = body["messages"][-1]["content"].startswith("Your last message was cut off")
    return Answer(TEXT[len(said[-1]) :] if going_on else TEXT, piece=12, delay_between=0.01)


def _flapping() -> Callable[[Mapping[str, Any]], Reply]:
    dies = Answer(TEXT, piece=12, delay_between=0.01, ending="die", chunks_before_ending=4)
    faults = itertools.cycle([None, SERVER_ERROR, dies, rate_limited(1), None, dies])

    def answer(body: Mapping[str, Any]) -> Reply:
        return next(faults) or _goes_on(body)

    return answer


async def _ten_people(running: Running) -> dict[str, Any]:
    async with _client(running) as client:
        asked = [f"u-{number}" for number in range(PEOPLE) for _ in range(GREEDY if number == 0 else 1)]
        alone = await _ask(client, "sluice.local", "u-alone", [_question(0)])
        heard = await asyncio.gather(
            *(_ask(client, "sluice.local", user, [_question(at)]) for at, user in enumerate(asked, start=1))
        )
    waits = [one.first for one, user in zip(heard, asked, strict=True) if user != "u-0"]
    greedy = [one.first for one, user in zip(heard, asked, strict=True) if user == "u-0"]
    return {
        "people": PEOPLE,
        "questions": len(asked),
        "answered": sum(one.text == alone.text and not one.error for one in heard),
        "saw_their_place": sum(any("in line" in status for status in one.statuses) for one in heard),
        "alone_s": round(alone.total, 2),
        "longest_wait_of_nine_s": round(max(waits), 2),
        "last_wait_of_the_greedy_one_s": round(max(greedy), 2),
        "fairness_of_nine": round(sum(waits) ** 2 / (len(waits) * sum(wait**2 for wait in waits)), 3),
        "nine_were_served_before_the_second_answer_of_the_greedy_one": max(waits) < sorted(greedy)[1] + alone.total,
    }


async def _fifty_talks(running: Running) -> dict[str, Any]:
    async with _client(running) as client:
        began = time.perf_counter()
        talks = await asyncio.gather(*(_talk(client, number) for number in range(TALKS)))
        took = time.perf_counter() - began
    answers = [answer for talk in talks for answer in talk]
    return {
        "answers": len(answers),
        "whole": sum(answer.text == TEXT for answer in answers),
        "answered_locally": sum("Local" in " ".join(answer.statuses) for answer in answers),
        "errors": sum(bool(answer.error) for answer in answers),
        "continued_in_mid_stream": sum("continued after" in " ".join(answer.statuses) for answer in answers),
        "first_token": figures.spread([answer.first for answer in answers]),
        "request": figures.spread([answer.total for answer in answers]),
        "answers_per_s": round(len(answers) / took, 1),
    }


async def _talk(client: httpx.AsyncClient, number: int) -> list[Heard]:
    messages: list[dict[str, str]] = []
    heard = []
    for turn in range(TURNS):
        messages.append(_question(1000 + number * TURNS + turn))
        heard.append(await _ask(client, "sluice.flapping", f"u-talk-{number}", messages))
        messages.append({"role": "assistant", "content": heard[-1].text})
    return heard


def _question(number: int) -> dict[str, str]:
    return {"role": "user", "content": f"How does a sluice gate work? Variation {number}."}


def _client(running: Running) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return httpx.AsyncClient(base_url=running.url, timeout=300, trust_env=False, limits=limits)


async def _ask(client: httpx.AsyncClient, model: str, user: str, messages: list[dict[str, str]]) -> Heard:
    heard, began = Heard(), time.perf_counter()
    headers = {"Authorization": f"Bearer {KEY}", **person(user)}
    body = {"model": model, "messages": messages, "stream": True}
    async with client.stream("POST", "/chat/completions", json=body, headers=headers) as answer:
        async for line in answer.aiter_lines():
            if line.startswith("data: {"):
                _take(heard, json.loads(line.removeprefix("data: ")), time.perf_counter() - began)
    heard.total = time.perf_counter() - began
    return heard


def _take(heard: Heard, event: Mapping[str, Any], seconds: float) -> None:
    if "event" in event:
        heard.statuses.append(event["event"]["data"]["description"])
    if "error" in event:
        heard.error = str(event["error"])
    for choice in event.get("choices") or ():
        heard.first = heard.first or seconds
        heard.text += choice["delta"].get("content") or ""


def _own_cost() -> dict[str, float]:
    """What the state of all models costs a call, in microseconds, with twenty models and a line of a hundred."""
    entries = [
        f"{{model_name: m{n}, litellm_params: {{model: openai/gpt-4.1, api_base: 'http://127.0.0.1:{9000 + n}/v1'}}}}"
        for n in range(20)
    ]
    fleet = Fleet(parse(f"model_list: [{', '.join(entries)}]", Path("sluice.yaml"), {}))
    line = Line(1)
    for number in range(100):
        line.join(f"u-{number}", Rank.PERSON)
    return {
        "candidates_us": _microseconds(fleet.candidates),
        "breakers_us": _microseconds(lambda: [fleet.circuits.why_not(one) for one in fleet.deployments]),
        "line_of_100_us": _microseconds(lambda: line.leave(line.join("one more", Rank.PERSON))),
    }


def _microseconds(work: Callable[[], Any], rounds: int = 200) -> float:
    work()
    began = time.perf_counter()
    for _ in range(rounds):
        work()
    return round((time.perf_counter() - began) / rounds * 1e6, 1)


if __name__ == "__main__":
    main()
