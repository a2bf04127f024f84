"""Let the real gateway restore what a scripted cloud answers: the whole way, streams and tools included."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sluice.masking import Map

from tests.bench.answers.spellings import Case, cases, is_stray
from tests.conftest import unused_port
from tests.server.process import CONFIG, Running, person
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer, ToolCall

_MODEL = "gpt"
_ASKED = (
    "Please write to Anna Vogel, anna.vogel@bau.example, phone +49 30 23125017, Lindenstraße 12, 10115 Berlin."
    " Mr. Vogel waits."
)
_DATA = re.compile(r"^data: (\{.*\})$", re.MULTILINE)


def measure(*, every: int) -> dict[str, Any]:
    """How many answers came back right; one in so many of all cases is tried."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Cloud() as cloud,
        Ollama() as ollama,
        Running(Path(folder), unused_port(), _environ(cloud, ollama), CONFIG) as running,
    ):
        chat = _Chat(running, cloud)
        map = chat.begin()
        tried = list(cases(map))[::every]
        wrong = [case for number, case in enumerate(tried) if not chat.is_right(case, map, number)]
        return {
            "values_masked": len(map),
            "answers": len(tried),
            "wrong": len(wrong),
            "wrong_by_spelling": sorted({f"{case.spelling}, {case.place}" for case in wrong}),
        }


class _Chat:
    """One chat of one person, whose answers come in pieces of one to seven characters."""

    def __init__(self, running: Running, cloud: Cloud) -> None:
        self._running, self._cloud = running, cloud
        self._headers = person()

    def begin(self) -> Map:
        """Send something private, and return what stands for it."""
        self._cloud.script.next(Answer("Noted."))
        self._running.ask(_ASKED, _MODEL, headers=self._headers)
        map = Map()
        for one in self._running.get("/sluice/v1/masked", headers=self._headers).json()["masked"]:
            if map.placeholder(one["type"], one["class"], one["value"]) != one["placeholder"]:
                raise AssertionError("The gateway numbers placeholders in another way than its own map.")
        return map

    def is_right(self, case: Case, map: Map, number: int) -> bool:
        if case.tool:
            call = ToolCall("write", json.loads(case.said))
            self._cloud.script.next(Answer("", tool_calls=(call,), piece=1 + number % 7))
            return bool(json.loads(self._streamed("arguments")) == json.loads(case.read))
        self._cloud.script.next(Answer(case.said, piece=1 + number % 7))
        read = self._streamed("content") if number % 2 else self._whole()
        return read == case.read and not is_stray(read, map)

    def _ask(self, **more: Any) -> Any:
        messages = [{"role": "user", "content": _ASKED}, {"role": "assistant", "content": "Noted."}]
        again = [*messages, {"role": "user", "content": "Go on."}]
        return self._running.ask("", _MODEL, headers=self._headers, messages=again, **more)

    def _whole(self) -> str:
        return str(self._ask().json()["choices"][0]["message"]["content"])

    def _streamed(self, field: str) -> str:
        return "".join(_said(json.loads(data), field) for data in _DATA.findall(self._ask(stream=True).text))


def _said(chunk: Mapping[str, Any], field: str) -> str:
    deltas = [choice.get("delta") or {} for choice in chunk.get("choices") or ()]
    if field == "content":
        return "".join(delta.get("content") or "" for delta in deltas)
    return "".join(call["function"].get(field) or "" for call in _calls(deltas))


def _calls(deltas: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for delta in deltas:
        yield from delta.get("tool_calls") or ()


def _environ(cloud: Cloud, ollama: Ollama) -> dict[str, str]:
    addresses = {"OLLAMA_BASE_URL": ollama.url, "OPENAI_API_BASE": cloud.openai_base, "OPENAI_API_KEY": cloud.key}
    return {**os.environ, **addresses}
