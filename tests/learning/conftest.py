"""A team's history in a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sluice.cli import main
from sluice.ledger import Book, Closing, Feedback, Opening, Signal, Tokens, pico

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: "http://127.0.0.1:9"}
    model_info: {roles: [standard]}
  - model_name: gpt
    litellm_params: {model: openai/gpt-4.1, api_key: sk-canary}
    model_info: {location: cloud, roles: [cloud, frontier]}
"""
NOW = datetime.now(UTC)


@dataclass
class Team:
    """Books what a team asked, and runs the command line on it."""

    folder: Path
    book: Book
    config: Path
    asked: int = 0

    def asks(self, estimate: float | None, kind: str = "chat", *, times: int = 1, **more: Any) -> None:
        """Book so many questions of Auto, each in a chat of its own unless one is named."""
        signal: Signal | None = more.pop("signal", None)
        booked_as = more.pop("booked_as", "chat")
        days, cost = more.pop("days_ago", 1), Decimal(more.pop("usd", 0))
        for _ in range(times):
            self.asked += 1
            ids = {"user": "u-1", "chat": f"c-{self.asked}", "message": f"m-{self.asked}"}
            opening = Opening(kind=booked_as, lane="auto", model="qwen", location="local", **ids)
            opening = replace(opening, task_kind=kind, complexity=estimate, **more)
            closing = Closing("finished", Tokens(1000, 500), "reported", pico(cost), 0)
            self.book.add(opening, closing, NOW - timedelta(days=days))
            if signal:
                given = Feedback("u-1", opening.chat, opening.message, signal, kind, "auto", "qwen", "local", estimate)
                self.book.note(given)

    def runs(self, *arguments: str) -> Result:
        environ = {"SLUICE_CONFIG": str(self.config), "SLUICE_DATA": str(self.folder)}
        return CliRunner().invoke(main, arguments, env=environ)

    def configures(self, text: str) -> None:
        self.config.write_text(CONFIG + text, encoding="utf-8")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    book = Book(tmp_path / "ledger.sqlite3")
    team = Team(tmp_path, book, tmp_path / "sluice.yaml")
    team.configures("")
    yield team
    book.close()
