"""A book with a month of a small team's calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sluice.config import Config, load
from sluice.ledger import Book
from sqlalchemy import Connection

from tests.figures import year

NOW = datetime(2026, 3, 18, 15, 0, tzinfo=UTC)
PEOPLE, GROUPS = ("u-1", "u-2", "u-3"), ("g-1", "g-2")
CONFIG = """\
model_list:
  - model_name: qwen3-8b
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: "http://127.0.0.1:11434"}
    model_info: {roles: [standard]}
  - model_name: claude-sonnet
    litellm_params: {model: anthropic/claude-sonnet-5-5, api_key: x}
    model_info: {location: cloud, roles: [frontier]}
budgets:
  - {scope: user, period: month, limit_usd: 1}
  - {scope: group, period: month, limit_usd: 5}
  - {scope: team, period: month, limit_usd: 10}
savings: {hardware: [{price_usd: 100, bought: 2026-03-01}]}
"""


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """In a file, and in PostgreSQL."""
    file = tmp_path_factory.mktemp("ledger") / "ledger.sqlite3"
    where = file if request.param == "sqlite" else request.getfixturevalue("postgres")()
    opened = Book(where, clock=lambda: NOW)
    year.write(opened, year.calls(400, PEOPLE, GROUPS, NOW, days=30))
    yield opened
    opened.close()


@pytest.fixture
def connection(book: Book) -> Iterator[Connection]:
    with book.database.reading() as connection:
        yield connection


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    path: Path = tmp_path_factory.mktemp("config") / "sluice.yaml"
    path.write_text(CONFIG, encoding="utf-8")
    return load(path, {})
