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
    guards: "LiveGuard"
    book: Book
    gateway: Gateway

    @property
    def guard(self) -> Guard:
        return self.guards.current


class LiveGuard:
    """The guard of the policy in force. A changed policy gets a new guard; the old one ends its calls first."""

    def __init__(self, config: Config) -> None:
        self._privacy = config.privacy
        self._replacing: set[asyncio.Task[None]] = set()
        self.current = guard_of(config)

    async def start(self) -> None:
        await self.current.start()

    def follow(self, config: Config) -> None:
        """Take a new configuration; nothing happens where its policy is the same."""
        if config.privacy == self._privacy:
            return
        self._privacy = config.privacy
        old, self.current = self.current, guard_of(config)
        task = asyncio.create_task(self._replace(old, config.privacy.time_limit_seconds))
        self._replacing.add(task)
        task.add_done_callback(self._replacing.discard)

    async def close(self) -> None:
        for task in self._replacing:
            task.cancel()
        await asyncio.gather(*self._replacing, return_exceptions=True)
        await self.current.close()

    async def _replace(self, old: Guard, seconds: float) -> None:
        try:
            await self.current.start()
            await asyncio.sleep(seconds)
        finally:
            await old.close()


def guard_of(config: Config) -> Guard:
    """A guard by the configuration's policy; what it does not say is decided with care."""
    privacy = config.privacy
    return Guard(
        {**default_policy(), **{str(name): action for name, action in privacy.actions.items()}},
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
        guards = LiveGuard(live.current)
        await guards.start()
        stack.push_async_callback(guards.close)
        live.on_change(fleet.configure)
        live.on_change(guards.follow)
        tasks = [asyncio.create_task(work) for work in (live.watch(), _watch(fleet))]
        stack.push_async_callback(_cancel, tasks)
        yield Engine(live, fleet, guards, book, Gateway(live, fleet, lambda: guards.current, book, switches))


async def _watch(fleet: Fleet) -> None:
    """Import LiteLLM before the first call needs it, and only then look at the servers.

    The import takes seconds in which answers are read so late that a server would seem not to answer.
    """
    await asyncio.to_thread(quiet_litellm.litellm)
    await fleet.watch()


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
