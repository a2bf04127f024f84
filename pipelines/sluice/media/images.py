"""Look at the pictures of a call and cover parts of them, in a process that lives only while there is work."""

import asyncio
import os
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import blake2b

from sluice.errors import GuardFailed
from sluice.guard.workers import START_LIMIT, Refusal, Workers
from sluice.media import workshop
from sluice.media.values import Box, Cover, Picture
from sluice.media.workshop import Done, Look, Paint

Work = Callable[[Sequence[Look | Paint]], list[Done] | Refusal]
IDLE = 300.0  # seconds without a picture after which the process ends: it holds some 500 MB
_KEPT = 128 * 1024 * 1024  # bytes of pictures that are remembered


class Images:
    """Pictures are remembered by a salted hash, since a conversation sends its own again with every turn.

    `time_limit` is in seconds for one picture. Looking and painting raise GuardFailed where that cannot be done.
    """

    def __init__(self, time_limit: float = 30.0, *, idle: float = IDLE, work: Work = workshop.work) -> None:
        self._time_limit = time_limit
        self._idle = idle
        self._workers: Workers[Look | Paint, Done] = Workers(work, 1, time_limit)
        self._known = _Known()
        self._tasks: dict[bytes, asyncio.Task[Done]] = {}
        self._ending: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None

    async def look(self, url: str, *, faces: bool) -> Done:
        """Return the picture behind a `data:` URL without its metadata, and what is seen in it."""
        return await self._done(Look(url, faces), url, faces)

    async def paint(self, picture: Picture, covers: Sequence[Cover], blurs: Sequence[Box]) -> Done:
        """Return the picture with parts of it covered, and what can still be read in it."""
        return await self._done(Paint(picture, tuple(covers), tuple(blurs)), picture.data, covers, blurs)

    @property
    def is_awake(self) -> bool:
        """Whether the process runs, or may be about to."""
        return bool(self._tasks) or self._ending is not None

    async def close(self) -> None:
        """End the process; whoever still waits for a picture is told that it failed."""
        self._rest()
        running = list(self._tasks.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, *([self._closing] if self._closing else ()), return_exceptions=True)
        self._rest()
        await self._workers.close()

    async def _done(self, job: Look | Paint, *content: object) -> Done:
        key = await asyncio.to_thread(self._known.key, *content)
        if known := self._known.get(key):
            return known
        task = self._tasks.get(key) or self._begun(key, job)
        try:
            # Not taken down by a caller who leaves: that would cost the process.
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise GuardFailed("was closed before it could finish") from None
            raise

    def _begun(self, key: bytes, job: Look | Paint) -> "asyncio.Task[Done]":
        self._rest()
        task = self._tasks[key] = asyncio.create_task(self._run(job))
        task.add_done_callback(partial(self._finished, key))
        return task

    async def _run(self, job: Look | Paint) -> Done:
        if self._closing is not None:
            await asyncio.shield(self._closing)
        # The process may have to start first, and several may wait for their turn.
        deadline = asyncio.get_running_loop().time() + START_LIMIT
        (done,) = await self._workers.run([job], deadline)
        return done

    def _finished(self, key: bytes, task: "asyncio.Task[Done]") -> None:
        self._tasks.pop(key, None)
        if not task.cancelled() and task.exception() is None:
            self._known.add(key, task.result())
        if not self._tasks:
            self._ending = asyncio.get_running_loop().call_later(self._idle, self._end)

    def _rest(self) -> None:
        """Forget that the process was about to end."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _end(self) -> None:
        self._ending = None
        self._closing = asyncio.get_running_loop().create_task(self._workers.close())
        self._closing.add_done_callback(self._ended)

    def _ended(self, _: "asyncio.Task[None]") -> None:
        self._closing = None


class _Known:
    """What came of pictures before, the least recently used forgotten first."""

    def __init__(self) -> None:
        self._salt = os.urandom(16)
        self._done: OrderedDict[bytes, Done] = OrderedDict()
        self._bytes = 0

    def key(self, *content: object) -> bytes:
        hashed = blake2b(key=self._salt, digest_size=16)
        for one in content:
            data = one if isinstance(one, bytes) else str(one).encode("utf-8", "surrogatepass")
            hashed.update(len(data).to_bytes(8, "big") + data)
        return hashed.digest()

    def get(self, key: bytes) -> Done | None:
        if key in self._done:
            self._done.move_to_end(key)
        return self._done.get(key)

    def add(self, key: bytes, done: Done) -> None:
        self._bytes += len(done.picture.data) if key not in self._done else 0
        self._done[key] = done
        while self._bytes > _KEPT and len(self._done) > 1:
            _, forgotten = self._done.popitem(last=False)
            self._bytes -= len(forgotten.picture.data)
