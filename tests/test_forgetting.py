"""What is past its time is dropped while the gateway runs, again and again, whatever goes wrong in between."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sluice.audit import Audit, Entry
from sluice.config import LiveConfig
from sluice.engine import forget_in_time
from sluice.gateway import Records
from sluice.guard import Memory
from sluice.ledger import Book
from sluice.masking import Vault

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: "http://127.0.0.1:9"}
privacy: {mask_days: 30, audit_days: 30}
"""
TODAY = datetime.now(UTC)
OLD = TODAY - timedelta(days=31)


class Kept:
    """A vault and an audit log in one folder; both tell of a chat that something of it was masked at some time."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "vault.sqlite3"
        (folder / "sluice.yaml").write_text(CONFIG, encoding="utf-8")
        self._live = LiveConfig(folder / "sluice.yaml", {})
        self._now = TODAY
        self.vault = Vault(folder, days=30)
        self.audit = Audit(folder / "audit.sqlite3", clock=lambda: self._now)
        self.records = Records(Book(folder / "ledger.sqlite3"), Memory(folder / "guard.sqlite3"), self.audit)

    async def add(self, chat: str, at: datetime) -> None:
        with self.vault.using(("u-1", chat)) as (map, _):
            map.placeholder("PERSON", "personal", "Anna Vogel")
        self.used(chat, at)
        self._now = at
        entry = Entry(user="u-1", chat=chat, message="m", kind="chat", lane="auto", action="mask", location="cloud")
        await self.audit.record(entry)
        self._now = TODAY

    def used(self, chat: str, at: datetime) -> None:
        """Let the map of a chat have been used at that time."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        connection.execute("UPDATE maps SET used = ? WHERE chat = ?", (at.isoformat(timespec="seconds"), chat))
        connection.close()

    def a_month_passes(self, chat: str) -> None:
        self._now += timedelta(days=31)
        self.used(chat, OLD)

    def chats(self) -> tuple[list[str], int]:
        """The chats that the vault knows, and how many calls the log tells of."""
        connection = sqlite3.connect(self.file, isolation_level=None)
        chats = [chat for (chat,) in connection.execute("SELECT chat FROM maps ORDER BY chat")]
        connection.close()
        events = [json.loads(line)["event"] for line in self.audit.export_lines(None, None)]
        return chats, events.count("call")

    async def until(self, chats: tuple[list[str], int]) -> None:
        async with asyncio.timeout(20):
            while self.chats() != chats:  # noqa: ASYNC110  nobody tells a test
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def forgetting(self) -> AsyncIterator[None]:
        task = asyncio.create_task(forget_in_time(self.records, self.vault, self._live, every=0.02))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def kept(tmp_path: Path) -> AsyncIterator[Kept]:
    made = Kept(tmp_path)
    yield made
    for part in (made.records.book, made.records.memory, made.audit):
        part.close()
    made.vault.close()


async def test_what_is_old_is_dropped_at_the_start_and_every_day_after(kept: Kept) -> None:
    await kept.add("old", OLD)
    await kept.add("new", TODAY)

    async with kept.forgetting():
        await kept.until((["new"], 1))
        kept.a_month_passes("new")
        await kept.until(([], 0))


async def test_a_file_that_cannot_be_written_is_told_and_tried_again(
    kept: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    await kept.add("old", OLD)
    other = sqlite3.connect(kept.file, isolation_level=None)
    other.execute("CREATE TRIGGER broken BEFORE DELETE ON maps BEGIN SELECT RAISE(ABORT, 'no'); END")

    async with kept.forgetting():
        async with asyncio.timeout(20):
            while "What is past its time was not dropped" not in caplog.text:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        other.execute("DROP TRIGGER broken")
        other.close()
        await kept.until(([], 0))

    assert "Anna" not in caplog.text
