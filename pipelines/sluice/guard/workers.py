"""Do heavy work on private data in processes of their own, so that it never holds up the event loop.

A worker that hangs is killed, one that dies is replaced, and neither tells more than that it failed.
"""

import asyncio
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from sluice.errors import GuardFailed
from sluice.guard.process import Process
from sluice.guard.values import Detector, Dictionary, Finding, ModelMissing

START_LIMIT = 120.0  # seconds for a worker to load its model, on a slow disk too

Job = tuple[str, bool]  # a text, and whether names are looked for in it
Factory = Callable[[], Detector]
J = TypeVar("J")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a worker answers in place of findings: a sentence of ours, never an exception's."""

    why: str


def default_detector(dictionary: Dictionary = Dictionary()) -> Detector:  # noqa: B008 - it is frozen
    """Return the detector of this package, which also knows what stands in an organisation's dictionary."""
    # Imported here, in the worker: the gateway's own process needs no language model.
    from sluice.guard.detect import TextDetector

    return TextDetector(dictionary)


class Workers(Generic[J, R]):
    """One or more worker processes that do some work, `find_all` for texts.

    The work is called with jobs and returns what comes of each, or a refusal; with none it loads what it needs.
    """

    def __init__(self, work: Callable[[Sequence[J]], list[R] | Refusal], count: int, time_limit: float) -> None:
        pickle.dumps(work)  # One that cannot be sent fails here, not in the worker.
        self._lanes = [_Lane(work, time_limit) for _ in range(max(1, count))]
        self._free: asyncio.Queue[_Lane[J, R]] = asyncio.Queue()
        self._warming: set[asyncio.Task[None]] = set()
        self._started = False

    def start(self) -> None:
        """Begin to load the models; jobs that come earlier wait for them."""
        if not self._started:
            self._started = True
            for lane in self._lanes:
                self._warm(lane)

    async def loaded(self) -> None:
        """Wait until every worker has its models, or it is known what keeps it from loading."""
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
        """Whether at least one worker can take a job."""
        return any(lane.state == "ready" for lane in self._lanes)

    @property
    def state(self) -> str:
        """What the best worker is: "ready", "starting", or what is missing."""
        states = [lane.state for lane in self._lanes]
        return next((state for state in ("ready", "starting") if state in states), states[0])

    async def run(self, jobs: Sequence[J], deadline: float) -> list[R]:
        """Return what comes of each job; raise GuardFailed if that is not to be had.

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
            done = await lane.run(jobs)
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
        return done

    def _warm(self, lane: "_Lane[J, R]") -> None:
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


class _Lane(Generic[J, R]):
    """One worker process of its own, so that killing it ends nobody else's job, and the next one in its place."""

    def __init__(self, work: Callable[[Sequence[J]], list[R] | Refusal], time_limit: float) -> None:
        self.state = "starting"
        self._work = work
        self._time_limit = time_limit
        self._process: Process[J, list[R] | Refusal] | None = None
        self._dying: Process[J, list[R] | Refusal] | None = None

    async def warm(self) -> None:
        """Load the models; what keeps it from loading becomes the state."""
        self.state = "starting"
        try:
            await self._answer([], START_LIMIT)
        except GuardFailed as error:
            self.state = f"the guard {error.why}"
        except _WorkerLost as error:
            self.state = f"the guard {error}"

    async def run(self, jobs: Sequence[J]) -> list[R]:
        return await self._answer(jobs, self._time_limit if self.state == "ready" else START_LIMIT)

    async def _answer(self, jobs: Sequence[J], limit: float) -> list[R]:
        try:
            async with asyncio.timeout(limit):
                self._process = self._process or Process(self._work)
                answer = await self._process.answer(jobs)
        except TimeoutError:
            self.kill()
            raise _WorkerLost("could not finish in time") from None
        except Exception:  # The process is gone or was never made; either way the call stays local.
            self.kill()
            raise _WorkerLost("lost its worker process") from None
        if isinstance(answer, Refusal):
            raise GuardFailed(answer.why)
        self.state = "ready"
        return answer

    def kill(self) -> None:
        """End the process at once, whatever it is doing."""
        process, self._process = self._process, None
        if process is not None:
            self.state = "starting"
            process.kill()
            self._dying = process

    async def closed(self) -> None:
        """Wait until the killed process is gone."""
        if self._dying is not None:
            await self._dying.gone()


@cache
def _detector(factory: Factory) -> Detector:
    return factory()


def find_all(factory: Factory, jobs: Sequence[Job]) -> list[list[Finding]] | Refusal:
    """Find what is private in texts, in the worker process. An exception may quote the text, so none gets out."""
    try:
        detector = _detector(factory)
    except ModelMissing as error:
        return Refusal(f"could not start, because {error}")
    except Exception:
        return Refusal("could not start")
    try:
        return [detector.find(text, names=names) for text, names in jobs]
    except MemoryError:
        return Refusal("ran out of memory")
    except Exception:  # Fails closed: the caller keeps the call local.
        return Refusal("could not read this")
