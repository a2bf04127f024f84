"""Put the stages together for one process, and take them down again."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sluice.config import Config, LiveConfig
from sluice.gateway import Gateway
from sluice.guard import Guard, default_policy
from sluice.ledger import Book
from sluice.switches import Switches
from sluice.upstream import Fleet, quiet_litellm

log = logging.getLogger("sluice.engine")


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts of a running gateway."""

    live: LiveConfig
    fleet: Fleet
    guard: Guard
    book: Book
    gateway: Gateway


def guard_of(config: Config) -> Guard:
    """A guard by the configuration's policy; what it does not say is decided with care."""
    privacy = config.privacy
    return Guard(
        {**default_policy(), **privacy.actions},
        allow=privacy.allow,
        time_limit=privacy.time_limit_seconds,
        max_chars=privacy.max_characters,
        workers=privacy.workers,
    )


@asynccontextmanager
async def running(
    path: Path, data: Path, environ: Mapping[str, str], switches: Callable[[], Switches]
) -> AsyncIterator[Engine]:
    """Start every part, and stop them in reverse order."""
    live = LiveConfig(path, environ)
    async with AsyncExitStack() as stack:
        book = Book(data / "ledger.sqlite3")
        stack.push_async_callback(asyncio.to_thread, book.close)
        stack.push_async_callback(quiet_litellm.close)
        fleet = Fleet(live.current)
        guard = guard_of(live.current)
        await guard.start()
        stack.push_async_callback(guard.close)
        live.on_change(fleet.configure)
        tasks = [asyncio.create_task(work) for work in (live.watch(), fleet.watch(), _warm())]
        stack.push_async_callback(_cancel, tasks)
        yield Engine(live, fleet, guard, book, Gateway(live, fleet, guard, book, switches))


async def _warm() -> None:
    """Import LiteLLM before the first call needs it."""
    await asyncio.to_thread(quiet_litellm.litellm)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
