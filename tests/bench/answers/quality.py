"""Have a real model do the same tasks with real values, with our placeholders, and with a plain `<PERSON>`."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sluice.chat import read_call
from sluice.guard import CLASS_OF, Finding
from sluice.masking import Map, mask_call, restore

from tests.bench.guarding import corpora
from tests.conftest import unused_port
from tests.server.process import ROOT, wait_until

TASKS = corpora.OWN / "tasks.jsonl"
_SERVER = ROOT / "pipelines" / "sluice" / "workstation" / "embedded.py"
_MOST_TOKENS = 64
_STRAY = re.compile(r"\[?\b[A-Z]{2,12}_\d|<[A-Z_]{3,20}>")


@dataclass(frozen=True, slots=True)
class Task:
    """What a model is asked, where something private stands in it, and what a right answer holds and does not."""

    id: str
    kind: str
    text: str
    findings: tuple[Finding, ...]
    contains: tuple[str, ...]
    absent: tuple[str, ...] = ()

    def is_met(self, answer: str) -> bool:
        """Whether an answer is right, whatever its case and spaces."""
        said = _plain(answer)
        return all(_plain(one) in said for one in self.contains) and not any(_plain(one) in said for one in self.absent)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as the person reads it, and as the model wrote it."""

    task: str
    way: str
    read: str
    written: str


Ask = Callable[[Sequence[Mapping[str, Any]]], str]
Messages = list[dict[str, Any]]


def tasks() -> list[Task]:
    """Return all tasks, in order."""
    return [_task(row) for row in corpora.rows(TASKS)]


def measure(python: Path, kept: Path | None) -> dict[str, Any]:
    """Figures for each way, of a model that this python starts; answers in the file `kept` are not asked again."""
    done = {(one.task, one.way): one for one in _kept(kept)}
    with _model(python) as ask:
        for task in tasks():
            for way, sent in _WAYS.items():
                if (task.id, way) not in done:
                    messages, read = sent(task)
                    written = ask(messages)
                    done[task.id, way] = Answered(task.id, way, read(written), written)
                    _keep(kept, done[task.id, way])
    return figures(tasks(), list(done.values()))


def figures(asked: Sequence[Task], answers: Sequence[Answered]) -> dict[str, Any]:
    """How many tasks were met in each way, by kind, and in how many the ways differ."""
    by_task = {task.id: task for task in asked}
    met = {(one.task, one.way): by_task[one.task].is_met(one.read) for one in answers}
    kinds = Counter(task.kind for task in asked)
    ways: dict[str, Any] = {way: _of_way(way, met, by_task, kinds) for way in _WAYS}
    for way in ways:
        ways[way]["stray_placeholders"] = sum(bool(_STRAY.search(one.read)) for one in answers if one.way == way)
    return {
        "tasks": len(asked),
        "model": "SmolLM2-135M-Instruct, temperature 0",
        **ways,
        "masked_against_unmasked": _pairs(met, by_task, "masked", "unmasked"),
        "plain_against_unmasked": _pairs(met, by_task, "plain", "unmasked"),
        "masked_against_plain": _pairs(met, by_task, "masked", "plain"),
    }


def _of_way(
    way: str, met: Mapping[tuple[str, str], bool], asked: Mapping[str, Task], kinds: Counter[str]
) -> dict[str, Any]:
    right = Counter(asked[task].kind for (task, each), is_met in met.items() if each == way and is_met)
    return {"met": right.total(), **{kind: f"{right[kind]} of {number}" for kind, number in sorted(kinds.items())}}


def _pairs(met: Mapping[tuple[str, str], bool], asked: Mapping[str, Task], one: str, other: str) -> str:
    better = sum(met[task, one] and not met[task, other] for task in asked)
    worse = sum(met[task, other] and not met[task, one] for task in asked)
    return f"{better} better, {worse} worse, {len(asked) - better - worse} the same"


def _unmasked(task: Task) -> tuple[Messages, Callable[[str], str]]:
    return [{"role": "user", "content": task.text}], str


def _masked(task: Task) -> tuple[Messages, Callable[[str], str]]:
    map = Map()
    call = read_call({"model": "sluice.cloud", "messages": [{"role": "user", "content": task.text}]})
    masked = mask_call(call, lambda text: task.findings if text == task.text else (), map)
    return [dict(message) for message in masked.call.messages], lambda answer: restore(answer, map)


def _plainly(task: Task) -> tuple[Messages, Callable[[str], str]]:
    """As filters do that know types only; what they give back is the value of a type where there is only one."""
    values = {f"<{one.type}>": task.text[one.start : one.end] for one in task.findings}
    text = task.text
    for placeholder, value in values.items():
        text = text.replace(value, placeholder)

    def read(answer: str) -> str:
        for placeholder, value in values.items():
            answer = answer.replace(placeholder, value)
        return answer

    return [{"role": "user", "content": text}], read


_WAYS: Mapping[str, Callable[[Task], tuple[Messages, Callable[[str], str]]]] = {
    "unmasked": _unmasked,
    "masked": _masked,
    "plain": _plainly,
}


@contextmanager
def _model(python: Path) -> Iterator[Ask]:
    """The embedded model on a port of its own, on one thread."""
    port = unused_port()
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    process = subprocess.Popen([python, _SERVER, "--port", str(port), "--threads", "1"], env=environ)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=300, trust_env=False) as client:
        try:
            wait_until(lambda: _answers(client), "the model answers", 180)
            yield lambda messages: _asked(client, messages)
        finally:
            process.terminate()
            process.wait(30)


def _answers(client: httpx.Client) -> bool:
    try:
        return client.get("/v1/models").status_code == 200
    except httpx.TransportError:
        return False


def _asked(client: httpx.Client, messages: Sequence[Mapping[str, Any]]) -> str:
    body = {"messages": list(messages), "temperature": 0, "max_tokens": _MOST_TOKENS, "seed": 1}
    return str(
        client.post("/v1/chat/completions", json=body).raise_for_status().json()["choices"][0]["message"]["content"]
    )


def _task(row: Mapping[str, Any]) -> Task:
    text, spans = corpora.marked(row["text"])
    found = tuple(Finding(span.type, CLASS_OF[span.type], span.start, span.end, 1.0) for span in spans)
    return Task(row["id"], row["kind"], text, found, tuple(row["contains"]), tuple(row.get("absent", ())))


def _kept(file: Path | None) -> list[Answered]:
    return [Answered(**row) for row in corpora.rows(file)] if file and file.exists() else []


def _keep(file: Path | None, answered: Answered) -> None:
    if file:
        row = {"task": answered.task, "way": answered.way, "read": answered.read, "written": answered.written}
        with file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
