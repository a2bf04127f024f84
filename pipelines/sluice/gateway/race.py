"""Have a second model asked where the first one is slow to begin; who begins first, answers."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from sluice.errors import UpstreamError
from sluice.gateway.events import Status
from sluice.upstream import Delta

Runner = TypeVar("Runner")
Events = AsyncGenerator[Status | Delta, None]


@dataclass(slots=True)
class Race(Generic[Runner]):
    """`start` begins a runner's answer, `another` names the next runner if there is one.

    `lost` is told each failure but that of the last one running, which is raised.
    """

    start: Callable[[Runner], Events]
    another: Callable[[], Runner | None]
    lost: Callable[[Runner, UpstreamError], None]
    after: float  # seconds without an answer
    _running: dict["asyncio.Task[Status | Delta | None]", tuple[Runner, Events]] = field(default_factory=dict)

    async def run(self, first: Runner) -> AsyncGenerator[tuple[Runner, Status | Delta], None]:
        """Yield the winner's events, and before it has begun everybody's status lines."""
        self._enter(first)
        try:
            async with aclosing(self._until_begun()) as begun:
                async for runner, event, rest in begun:
                    if rest is None:
                        yield runner, event
                        continue
                    async with aclosing(rest):
                        yield runner, event
                        await self._stop()
                        async for more in rest:
                            yield runner, more
        finally:
            await self._stop()

    async def _until_begun(self) -> AsyncGenerator[tuple[Runner, Status | Delta, Events | None], None]:
        """Every event up to the first of an answer, which comes with the rest of that answer."""
        loop = asyncio.get_running_loop()
        hedge_at: float | None = loop.time() + self.after
        while self._running:
            wait = None if hedge_at is None else max(0.0, hedge_at - loop.time())
            done, _ = await asyncio.wait(self._running, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            if not done:
                hedge_at = None
                self._enter(self.another())
            for task in done:
                runner, events = self._running.pop(task)
                event = self._event(task, runner)
                if event is None:
                    continue
                if isinstance(event, Delta):
                    yield runner, event, events
                    return
                # Before the yield: who stops reading there finds everybody among the running, and closes them.
                self._follow(runner, events)
                yield runner, event, None

    def _event(self, task: "asyncio.Task[Status | Delta | None]", runner: Runner) -> Status | Delta | None:
        """What a runner brought; None from one that is out of the race while another still runs."""
        try:
            return task.result()
        except UpstreamError as error:
            if not self._running:
                raise
            self.lost(runner, error)
            return None

    def _enter(self, runner: Runner | None) -> None:
        if runner is not None:
            self._follow(runner, self.start(runner))

    def _follow(self, runner: Runner, events: Events) -> None:
        self._running[asyncio.ensure_future(anext(events, None))] = (runner, events)

    async def _stop(self) -> None:
        """Cancel whoever is still running; their calls are closed and booked."""
        running, self._running = self._running, {}
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        for _, events in running.values():
            await events.aclose()
