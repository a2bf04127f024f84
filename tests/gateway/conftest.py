"""A gateway between a stand-in Ollama and a stand-in cloud, with a guard that reads words in capitals."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sluice.audit import Audit
from sluice.chat import read_call
from sluice.config import LiveConfig
from sluice.errors import SluiceError, UpstreamError
from sluice.gateway import End, Event, Exit, Gateway, Records, Status
from sluice.guard import Memory
from sluice.identity import Caller
from sluice.ledger import Book, reading
from sluice.masking import Vault
from sluice.routing import Calibration
from sluice.switches import Switches
from sluice.upstream import Delta, Fleet

from tests.billed import flat
from tests.fakes import FakeGuard
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.upstream.conftest import _close_litellm, _warm_litellm  # noqa: F401

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {{model: "ollama_chat/qwen3:8b", api_base: "{ollama}"}}
    model_info: {{roles: [standard]}}
  - model_name: tiny
    litellm_params: {{model: "ollama_chat/qwen2.5:3b", api_base: "{ollama}"}}
    model_info: {{roles: [small], max_input_tokens: 4096}}
  - model_name: gpt
    litellm_params: {{model: openai/gpt-4.1, api_base: "{cloud}/v1", api_key: sk-canary}}
    model_info: {{location: cloud, roles: [cloud]}}
  - model_name: sonnet
    litellm_params: {{model: anthropic/claude-sonnet-5-5, api_base: "{cloud}", api_key: sk-canary}}
    model_info: {{location: cloud, roles: [frontier]}}
routing: {{{routing}}}
{more}
"""
KNOWN = Caller(user="u-1", chat="c-1", message="m-1")


@dataclass
class Answered:
    """The events of one answer, by kind."""

    events: list[Event]
    error: SluiceError | None = None

    @property
    def tool_calls(self) -> list[dict[str, Any]]:
        """Each call of a tool, put together from its pieces."""
        calls: dict[int, dict[str, Any]] = {}
        for event in self.events:
            for piece in event.tool_calls if isinstance(event, Delta) else ():
                known = calls.setdefault(piece["index"], {"name": "", "arguments": ""})
                for key in known:
                    known[key] += piece["function"].get(key, "")
        return list(calls.values())

    @property
    def text(self) -> str:
        return "".join(event.content for event in self.events if isinstance(event, Delta))

    @property
    def status(self) -> str:
        return " ".join(event.text for event in self.events if isinstance(event, Status))

    @property
    def usage(self) -> dict[str, Any]:
        (end,) = [event for event in self.events if isinstance(event, End)]
        return dict(end.usage)


@dataclass
class Rig:
    """Everything that a gateway needs, built on stand-ins. Change `switches` and `calibration` between calls."""

    cloud: Cloud
    ollama: Ollama
    path: Path
    records: Records
    vault: Vault
    guard: FakeGuard = field(default_factory=FakeGuard)
    switches: Switches = field(default_factory=Switches)
    calibration: Calibration = field(default_factory=Calibration)

    def __post_init__(self) -> None:
        self.live = LiveConfig(self.path, {})
        self.fleet = Fleet(self.live.current)
        self.live.on_change(self.fleet.configure)
        guard: Any = self.guard
        exit = Exit(lambda: guard, self.vault, lambda: self.live.current.privacy)
        self.gateway = Gateway(
            self.live,
            self.fleet,
            lambda: guard,
            exit,
            self.records,
            lambda: self.switches,
            lambda: self.calibration,
        )

    @property
    def book(self) -> Book:
        return self.records.book

    def events(self, text: str, lane: str = "auto", caller: Caller = KNOWN, **more: Any) -> AsyncIterator[Event]:
        messages = more.pop("messages", [{"role": "user", "content": text}])
        call = read_call({"model": f"sluice.{lane}", "messages": messages, **more})
        return self.gateway.answer(call, caller)

    async def ask(self, text: str, lane: str = "auto", caller: Caller = KNOWN, **more: Any) -> Answered:
        async with aclosing(self.events(text, lane, caller, **more)) as events:  # type: ignore[type-var]
            return Answered([event async for event in events])

    async def read(self, text: str, lane: str = "auto", **more: Any) -> Answered:
        """Ask and read the answer as it is written; an error ends it."""
        seen: list[Event] = []
        error: SluiceError | None = None
        try:
            async for event in self.events(text, lane, stream=True, **more):
                seen.append(event)
        except SluiceError as caught:
            error = caught
        return Answered(seen, error)

    def fails(self, name: str, kind: str = "down") -> None:
        """Let a model have failed a moment ago."""
        error = UpstreamError("It failed.", status=502, kind=kind)
        self.fleet.circuits.failed(self.fleet.deployment(name), error, self.live.current.routing)

    def bookings(self) -> list[dict[str, Any]]:
        """All bookings as flat rows, the first one first; nothing can be booked after this."""
        self.book.close()
        again = Book(self.path.parent / "ledger.sqlite3")
        with again.database.reading() as connection:
            found = reading.recent(connection, limit=None)
        again.close()
        return [flat(booking) for booking in reversed(found)]


@pytest.fixture
async def make_rig(tmp_path: Path, cloud: Cloud, ollama: Ollama) -> Callable[..., Rig]:
    def make(more: str = "", **routing: Any) -> Rig:
        path = tmp_path / "sluice.yaml"
        settings = {"first_token_seconds": 5, "idle_seconds": 5, "retries": 0, "small_threshold": 0, **routing}
        also = ", ".join(f"{name}: {value}" for name, value in settings.items())
        path.write_text(CONFIG.format(ollama=ollama.url, cloud=cloud.url, more=more, routing=also), encoding="utf-8")
        records = Records(
            Book(tmp_path / "ledger.sqlite3"), Memory(tmp_path / "guard.sqlite3"), Audit(tmp_path / "audit.sqlite3")
        )
        return Rig(cloud, ollama, path, records, Vault(tmp_path))

    return make


@pytest.fixture
async def rig(make_rig: Callable[..., Rig]) -> AsyncIterator[Rig]:
    made = make_rig("")
    await made.fleet.look()
    yield made
    made.bookings()
