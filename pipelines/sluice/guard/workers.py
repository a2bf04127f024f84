"""Run a detector in processes of its own, so that long texts never hold up the event loop.

A worker that hangs is killed, one that dies is replaced, and neither tells more than that it failed.
"""

import asyncio
import logging
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from sluice.errors import GuardFailed
from sluice.guard.values import Detector, Finding, ModelMissing

START_LIMIT = 120.0  # seconds for a worker to load its model, on a slow disk too

Job = tuple[str, bool]  # a text, and whether names are looked for in it
Factory = Callable[[], Detector]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a worker answers in place of findings: a sentence of ours, never an exception's."""

    why: str


def default_detector() -> Detector:
    """Return the detector of this package."""
    # Imported here, in the worker: the gateway's own process needs neither spaCy nor Presidio.
    from sluice.guard.detect import TextDetector

    return TextDetector()


class Workers:
    """One or more worker processes, each with a detector of its own."""

    def __init__(self, factory: Factory, count: int, time_limit: float) -> None:
        pickle.dumps(factory)  # One that cannot be sent fails here, not in a thread of the pool.
        self._lanes = [_Lane(factory, time_limit) for _ in range(max(1, count))]
        self._free: asyncio.Queue[_Lane] = asyncio.Queue()
        self._warming: set[asyncio.Task[None]] = set()
        self._started = False

    def start(self) -> None:
        """Begin to load the detectors; jobs that come earlier wait for them."""
        if not self._started:
            self._started = True
            for lane in self._lanes:
                self._warm(lane)

    async def loaded(self) -> None:
        """Wait until every worker has its detector, or it is known what keeps it from loading."""
        await asyncio.gather(*self._warming, return_exceptions=True)

    async def close(self) -> None:
        """End every worker at once."""
        self._started = False
        for task in self._warming:
            task.cancel()
        for lane in self._lanes:
            lane.kill()
        await asyncio.gather(*self._warming, *(lane.closed() for lane in self._lanes), return_exceptions=True)
        self._free = asyncio.Queue()

    @property
    def ready(self) -> bool:
        """Whether at least one worker can take a text."""
        return any(lane.state == "ready" for lane in self._lanes)

    @property
    def state(self) -> str:
        """What the best worker is: "ready", "starting", or what is missing."""
        states = [lane.state for lane in self._lanes]
        return next((state for state in ("ready", "starting") if state in states), states[0])

    async def run(self, jobs: Sequence[Job], deadline: float) -> list[list[Finding]]:
        """Return the findings of each job; raise GuardFailed if that is not to be had.

        `deadline` (of the loop's clock) is for getting a worker. Once a job runs it has the whole
        time limit, so that a busy hour does not get healthy workers killed.
        """
        self.start()
        try:
            async with asyncio.timeout_at(deadline):
                lane = await self._free.get()
        except TimeoutError:
            raise GuardFailed("could not finish in time") from None
        try:
            findings = await lane.run(jobs)
        except _WorkerLost as error:
            self._warm(lane)
            raise GuardFailed(str(error)) from None
        except asyncio.CancelledError:
            lane.kill()
            raise
        except GuardFailed:
            self._free.put_nowait(lane)
            raise
        self._free.put_nowait(lane)
        return findings

    def _warm(self, lane: "_Lane") -> None:
        if not self._started:
            return

        async def warm() -> None:
            await lane.warm()
            self._free.put_nowait(lane)

        task = asyncio.create_task(warm())
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)


class _WorkerLost(Exception):
    """The process is gone and the next job needs a new one."""


class _Lane:
    """One worker process: a pool of one, so that killing it ends nobody else's job."""

    def __init__(self, factory: Factory, time_limit: float) -> None:
        self.state = "starting"
        self._factory = factory
        self._time_limit = time_limit
        self._pool: ProcessPoolExecutor | None = None
        self._dying: ProcessPoolExecutor | None = None

    async def warm(self) -> None:
        """Load the detector; what keeps it from loading becomes the state."""
        self.state = "starting"
        try:
            await self._submit([], START_LIMIT)
        except GuardFailed as error:
            self.state = f"the guard {error.why}"
        except _WorkerLost as error:
            self.state = f"the guard {error}"

    async def run(self, jobs: Sequence[Job]) -> list[list[Finding]]:
        return await self._submit(jobs, self._time_limit if self.state == "ready" else START_LIMIT)

    async def _submit(self, jobs: Sequence[Job], limit: float) -> list[list[Finding]]:
        try:
            answer = await asyncio.wait_for(asyncio.wrap_future(self._future(jobs)), limit)
        except TimeoutError:
            self.kill()
            raise _WorkerLost("could not finish in time") from None
        except Exception:  # The pool is broken or was never made; either way the call stays local.
            self.kill()
            raise _WorkerLost("lost its worker process") from None
        if isinstance(answer, Refusal):
            raise GuardFailed(answer.why)
        self.state = "ready"
        return answer

    def _future(self, jobs: Sequence[Job]) -> Future[list[list[Finding]] | Refusal]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _prepare)
        return self._pool.submit(_analyse, self._factory, list(jobs))

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        pool, self._pool = self._pool, None
        if pool is None:
            return
        self.state = "starting"
        # The executor offers no public way to end a running job before Python 3.14.
        for process in list((pool._processes or {}).values()):
            with suppress(OSError, ValueError):
                process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
        self._dying = pool

    async def closed(self) -> None:
        """Wait until the killed process is gone."""
        if self._dying is not None:
            await asyncio.to_thread(self._dying.shutdown, wait=True)


def _prepare() -> None:
    """Make the worker process fit to read private text: silent, without network, not outliving its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    sys.addaudithook(_refuse_network)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _refuse_network(event: str, _: object) -> None:
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"):
        raise PermissionError("a guard worker has no network")


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(0)


@cache
def _detector(factory: Factory) -> Detector:
    return factory()


def _analyse(factory: Factory, jobs: Sequence[Job]) -> list[list[Finding]] | Refusal:
    """Do the jobs in the worker process. An exception may quote the text, so none gets out."""
    try:
        detector = _detector(factory)
    except ModelMissing as error:
        return Refusal(f"could not start, because {error}")
    except Exception:
        return Refusal("could not start")
    try:
        return [detector.find(text, names=names) for text, names in jobs]
    except Exception:  # Fails closed: the caller keeps the call local.
        return Refusal("could not read this")
