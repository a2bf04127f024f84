"""Every fault of the local model beside every fault of the cloud: what comes of a call, by a rule written down first.

The rule: models are asked in the order of the chain. A fault takes so many calls and says nothing, or half of the
answer. Whoever says all of it ends the call. A private call asks nobody in the cloud. Nothing is said twice.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from sluice.audit import Audit
from sluice.errors import SluiceError
from sluice.gateway import Records
from sluice.guard import Memory
from sluice.ledger import Book
from sluice.masking import Vault
from sluice.upstream import Delta

from tests.gateway.conftest import KNOWN, Answered, Rig
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.record import Received
from tests.standins.script import (
    HANG,
    OUT_OF_MEMORY,
    SERVER_ERROR,
    UNAUTHORIZED,
    Answer,
    Failure,
    Reply,
    ToolCall,
    rate_limited,
)

LIMIT = 1.0  # seconds without a token, where one side says nothing; else it is not reached on the slowest machine
AT_ONCE = 4  # cells: more would be slow to read what came in time
LONGEST = 20.0  # seconds for any cell: two limits and a retry, on a slow machine
TEXT = "A gate slides in its frame, and the water itself presses it tight against the sill."
MISSING = Failure(404, "model 'qwen3:8b' not found, try pulling it first")
TOOL = {"type": "function", "function": {"name": "look_up", "parameters": {"type": "object", "properties": {}}}}
WANTED = (ToolCall("look_up", {"word": "gate"}),)
CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {{model: "ollama_chat/qwen3:8b", api_base: "{ollama}"}}
    model_info: {{roles: [standard, small], max_parallel: 100}}
  - model_name: gpt
    litellm_params: {{model: openai/gpt-4.1, api_base: "{cloud}/v1", api_key: sk-canary}}
    model_info: {{location: cloud, roles: [cloud, frontier]}}
routing: {{first_token_seconds: {limit}, idle_seconds: {limit}, retries: 1, small_threshold: 0}}
"""


@dataclass(frozen=True)
class Fault:
    """How a side fails: `calls` it receives of one try at it, and whether it says half of an answer first."""

    calls: int
    reply: Reply | None = None  # None where nobody is there to answer, or where it answers well
    says_half: bool = False
    answers: bool = False


LOCAL = {
    "down": Fault(0),
    "hung": Fault(1, HANG),
    "slow first token": Fault(1, Answer(TEXT, delay_before=LIMIT * 3)),
    "dies mid-stream": Fault(1, says_half=True),
    "model missing": Fault(1, MISSING),
    "out of memory": Fault(1, OUT_OF_MEMORY),
}
CLOUD = {
    "up": Fault(1, answers=True),
    "429 with Retry-After": Fault(1, rate_limited(7)),
    "500": Fault(2, SERVER_ERROR),
    "hung": Fault(1, HANG),
    "dies mid-stream": Fault(1, says_half=True),
    "invalid key": Fault(1, UNAUTHORIZED),
    "DNS gone": Fault(0),
}


@dataclass(frozen=True)
class Cell:
    """One call; its number names it on every record."""

    number: int
    lane: str  # auto asks the local model first, cloud the cloud's
    private: bool
    stream: bool
    tools: bool

    @property
    def mark(self) -> str:
        return f"cell-{self.number}."


def cells() -> list[Cell]:
    """Private calls on auto alone: where they go does not depend on the lane, which other tests show."""
    kinds = [("auto", True), ("auto", False), ("cloud", False)]
    made = itertools.product(kinds, (True, False), (True, False))
    return [Cell(number, *kind, stream, tools) for number, (kind, stream, tools) in enumerate(made, start=1)]


@dataclass(frozen=True)
class Expected:
    """What the rule says of a cell."""

    answers: str  # the model that finishes; empty for an error
    calls: Mapping[str, int]
    outcomes: tuple[tuple[str, str], ...]
    half: bool  # a person sees half of the answer before the rest or the error
    continued: bool


def expected(cell: Cell, local: Fault, cloud: Fault) -> Expected:
    """Compute what must come of a cell from the rule alone."""
    sides = {"qwen": local} if cell.private else {"qwen": local, "gpt": cloud}
    order = list(sides) if cell.lane == "auto" else ["gpt", "qwen"]
    calls, outcomes, half = {"qwen": 0, "gpt": 0}, [], False
    for name in order:
        fault = sides[name]
        calls[name] = fault.calls
        if fault.answers:
            return Expected(name, calls, (*outcomes, (name, "finished")), half, half)
        says_words = fault.says_half and not cell.tools
        # A side that is not there is one try all the same; one that is asked twice is two.
        outcomes += [(name, "cut" if says_words else "failed")] * max(1, fault.calls)
        half = half or (says_words and cell.stream)
    return Expected("", calls, tuple(outcomes), half, False)


@dataclass
class Bench:
    """Both sides with their faults, and what was written down; every cell has a gateway of its own on them."""

    ollama: Ollama
    cloud: Cloud
    records: Records
    vault: Vault
    folder: Path
    rigs: list[Rig] = field(default_factory=list)

    def rig(self, cell: Cell, local_fault: str, cloud_fault: str) -> Rig:
        path = self.folder / f"{cell.number}.yaml"
        # In tests no name is looked up outside, so that every name is gone.
        cloud = "http://nowhere.example:9" if cloud_fault == "DNS gone" else self.cloud.url
        limit = LIMIT if {local_fault, cloud_fault} & {"hung", "slow first token"} else 10
        path.write_text(CONFIG.format(ollama=self.ollama.url, cloud=cloud, limit=limit), encoding="utf-8")
        return Rig(self.cloud, self.ollama, path, self.records, self.vault)


@pytest.fixture
def bench(tmp_path: Path, ollama: Ollama, cloud: Cloud) -> Iterator[Bench]:
    records = Records(
        Book(tmp_path / "ledger.sqlite3"), Memory(tmp_path / "guard.sqlite3"), Audit(tmp_path / "audit.sqlite3")
    )
    yield Bench(ollama, cloud, records, Vault(tmp_path), tmp_path)
    records.book.close()


def scripted(fault: Fault) -> Any:
    """What a side answers to any call: its fault, or as much as it says of the answer from where it stands."""

    def answer(body: Mapping[str, Any]) -> Reply:
        if fault.reply is not None:
            return fault.reply
        dying = {"ending": "die", "chunks_before_ending": 3} if fault.says_half else {}
        if body.get("tools"):
            # Ollama sends a call of a tool in one piece, so that it may die after a whole one.
            return Answer("", tool_calls=WANTED, **(dying and {**dying, "chunks_before_ending": _after_call(body)}))
        said = [message["content"] for message in body["messages"] if message["role"] == "assistant"]
        return Answer(TEXT[len(said[-1]) :].lstrip() if said else TEXT, piece=12, **dying)

    return answer


def _after_call(body: Mapping[str, Any]) -> int:
    return 1 if "options" in body else 3


async def ask(rig: Rig, cell: Cell, free: asyncio.Semaphore) -> tuple[Answered, float]:
    text = f"{'MARKED ' if cell.private else ''}{cell.mark} How?"
    messages: list[dict[str, Any]] = [{"role": "user", "content": text}]
    more: dict[str, Any] = {}
    if cell.tools:
        call = {"id": "c1", "type": "function", "function": {"name": "look_up", "arguments": '{"word": "sill"}'}}
        messages += [
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "c1", "content": "the foot of a gate"},
        ]
        more = {"tools": [TOOL]}
    caller = replace(KNOWN, user=f"u-{cell.number}", chat=f"c-{cell.number}")
    seen: list[Any] = []
    error: SluiceError | None = None
    async with free:
        began = time.monotonic()
        try:
            async for event in rig.events("", cell.lane, caller, messages=messages, stream=cell.stream, **more):
                seen.append(event)
        except SluiceError as caught:
            error = caught
        return Answered(seen, error), time.monotonic() - began


def received(chats: list[Received], cell: Cell) -> int:
    return sum(cell.mark in chat.body.decode() for chat in chats)


@pytest.mark.parametrize("cloud_fault", CLOUD)
@pytest.mark.parametrize("local_fault", LOCAL)
async def test_a_call_comes_to_what_the_rule_says(
    bench: Bench, local_fault: str, cloud_fault: str, network_attempts: list[str]
) -> None:
    local, cloud = LOCAL[local_fault], CLOUD[cloud_fault]
    bench.ollama.script.always(scripted(local))
    bench.cloud.script.always(scripted(cloud))
    rigs = {cell: bench.rig(cell, local_fault, cloud_fault) for cell in cells()}
    await asyncio.gather(*(rig.fleet.look() for rig in rigs.values()))
    if local_fault == "down":
        bench.ollama.stop()

    free = asyncio.Semaphore(AT_ONCE)
    answers = await asyncio.gather(*(ask(rig, cell, free) for cell, rig in rigs.items()))

    network_attempts.clear()
    rows = next(iter(rigs.values())).bookings()
    chats = {"qwen": bench.ollama.record.chats(), "gpt": bench.cloud.record.chats()}
    for cell, (answered, seconds) in zip(rigs, answers, strict=True):
        rule = expected(cell, local, cloud)
        booked = [row for row in rows if row["chat"] == f"c-{cell.number}"]
        where = f"{cell} {answered.error} {answered.events}"
        assert {name: received(all_, cell) for name, all_ in chats.items()} == rule.calls, where
        assert tuple((row["model"], row["outcome"]) for row in booked) == rule.outcomes, where
        assert seconds < LONGEST, where
        _check_what_is_seen(cell, answered, rule, where)
        _check_cost(answered, booked, where)
    sent = bench.cloud.record.text()
    assert "MARKED" not in sent
    assert not any(cell.mark in sent for cell in cells() if cell.private)


def _check_what_is_seen(cell: Cell, answered: Answered, rule: Expected, where: str) -> None:
    if not rule.answers:
        assert answered.error is not None, where
        assert not answered.tool_calls, where
        assert bool(answered.text) is rule.half, where
        assert TEXT.startswith(answered.text), where
        assert ("Nothing was sent to the cloud." in str(answered.error)) is cell.private, where
        return
    assert answered.error is None, where
    assert ("continued after: " in answered.status) is rule.continued, where
    assert answered.usage["deployment"] == rule.answers, where
    finishes = [event.finish_reason for event in answered.events if isinstance(event, Delta) and event.finish_reason]
    if cell.tools:
        assert [(one["name"], json.loads(one["arguments"])) for one in answered.tool_calls] == [
            ("look_up", {"word": "gate"})
        ], where
        assert finishes == ["tool_calls"], where
    else:
        assert answered.text == TEXT, where
        assert finishes == ["stop"], where


def _check_cost(answered: Answered, booked: list[dict[str, Any]], where: str) -> None:
    """What fails before its first piece and what is local costs nothing; the rest is shown as it is booked."""
    for row in booked:
        assert row["cost"] == 0 or row["location"] == "cloud", where
        assert row["outcome"] != "finished" or row["location"] == "local" or row["cost"] > 0, where
        assert row["outcome"] != "cut" or row["location"] == "local" or row["cost"] > 0, where
    if answered.error is None:
        assert answered.usage["cost"] == pytest.approx(sum(row["cost"] for row in booked) / 1e12), where
