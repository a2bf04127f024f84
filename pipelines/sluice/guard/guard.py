"""Decide whether a call may leave the machine; if that cannot be decided, it may not."""

import asyncio
import logging
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b

from sluice.chat.piece import Piece
from sluice.errors import GuardFailed
from sluice.guard.joined import across
from sluice.guard.policy import Policy, Terms, decide, unfinished
from sluice.guard.spans import without_allowed
from sluice.guard.values import Finding, Verdict
from sluice.guard.workers import Factory, Job, Workers, default_detector, find_all

logger = logging.getLogger(__name__)

_NO_TERMS = Terms()
_BATCH = 20_000  # characters sent to a worker at once: half a second's work, then others get their turn

Found = dict[bytes, tuple[Finding, ...]]


class Guard:
    """Reads what a call would send and says what may happen to it.

    `policy_for` gives the policy of somebody in these groups; `allow` are strings that are never a finding,
    `is_wrong` tells findings that an admin called wrong alarms. `time_limit` is in seconds for one call,
    `max_chars` counts all pieces of a call. Texts are remembered by a salted hash of their content, so a
    conversation costs what is new in it.
    """

    def __init__(
        self,
        policy_for: Callable[[frozenset[str]], Policy],
        *,
        allow: Sequence[str] = (),
        is_wrong: Callable[[str, Finding], bool] = lambda text, finding: False,
        time_limit: float = 10.0,
        max_chars: int = 400_000,
        workers: int = 1,
        cache_entries: int = 20_000,
        detector: Factory = default_detector,
    ) -> None:
        self._policy_for = policy_for
        self._allow = tuple(allow)
        self._is_wrong = is_wrong
        self._time_limit = time_limit
        self._max_chars = max_chars
        self._workers = Workers(partial(find_all, detector), workers, time_limit)
        self._known = _Known(cache_entries)
        self._running: dict[bytes, asyncio.Task[Found]] = {}

    async def start(self) -> None:
        """Begin to load the workers; calls made before they are ready wait within the time limit."""
        self._workers.start()

    async def loaded(self) -> None:
        """Wait until the workers are ready or have failed, however long that takes."""
        await self._workers.loaded()

    async def close(self) -> None:
        """End the workers; calls still being read come back as unfinished."""
        running = set(self._running.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await self._workers.close()

    @property
    def ready(self) -> bool:
        """Whether texts can be read now."""
        return self._workers.ready

    def status(self) -> str:
        """Return "ready", "starting" or a sentence that says what is missing."""
        return self._workers.state

    async def inspect(self, text: str) -> list[Finding]:
        """Return what is found in one text; raise GuardFailed if it could not be read."""
        return list((await self.findings([text]))[text])

    async def findings(self, texts: Iterable[str], *, names: bool = True) -> dict[str, tuple[Finding, ...]]:
        """Return what is found in each text; raise GuardFailed if one could not be read."""
        return await self._read_all((text, names) for text in texts)

    async def judge(
        self, pieces: Sequence[Piece], terms: Terms = _NO_TERMS, known: Sequence[Sequence[Finding]] = ()
    ) -> Verdict:
        """Return what may happen to a call made of these pieces; never raises for what is in them.

        `known` are findings that the caller adds to those of each piece.
        """
        try:
            found = await self.read(pieces)
        except GuardFailed as error:
            return unfinished(error.why, pieces, terms.salt)
        split = await asyncio.to_thread(across, [piece.text for piece in pieces if piece.kind == "user"])
        findings = [*found, *known, [joined.finding for joined in split]]
        return decide(pieces, findings, self._policy_for(terms.groups), terms)

    async def read(self, pieces: Sequence[Piece]) -> list[tuple[Finding, ...]]:
        """Return the findings of each piece; raise GuardFailed if one could not be read."""
        named = await self._read_all((piece.text, True) for piece in pieces if _has_names(piece))
        plain = await self._read_all((piece.text, False) for piece in pieces if not _has_names(piece))
        return [(named if _has_names(piece) else plain)[piece.text] for piece in pieces]

    async def _read_all(self, jobs: Iterable[Job]) -> dict[str, tuple[Finding, ...]]:
        wanted = dict.fromkeys(jobs)
        keys = {job: self._known.key(job) for job in wanted if job[0]}
        found = await self._find({key: job for job, key in keys.items()})
        return {text: self._right(text, found[keys[text, names]]) if text else () for text, names in wanted}

    def _right(self, text: str, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        return tuple(finding for finding in findings if not self._is_wrong(text, finding))

    async def _find(self, jobs: Mapping[bytes, Job]) -> Found:
        if sum(len(text) for text, _ in jobs.values()) > self._max_chars:
            raise GuardFailed(f"does not read more than {self._max_chars:,} characters at once")
        found, new = self._known.split(jobs)
        if not new:
            return found
        deadline = asyncio.get_running_loop().time() + self._time_limit
        try:
            async with asyncio.timeout_at(deadline):
                for task in self._tasks(new, deadline):
                    found |= await _shared(task)
        except TimeoutError:
            raise GuardFailed("could not finish in time") from None
        return found

    def _tasks(self, jobs: Mapping[bytes, Job], deadline: float) -> list[asyncio.Task[Found]]:
        """Return the tasks that together read the jobs: those under way already, and new ones."""
        tasks = {self._running[key]: None for key in jobs if key in self._running}
        for batch in _batches({key: job for key, job in jobs.items() if key not in self._running}):
            task = asyncio.create_task(self._read(batch, deadline))
            self._running |= dict.fromkeys(batch, task)
            task.add_done_callback(self._forget)
            tasks[task] = None
        return list(tasks)

    async def _read(self, batch: Mapping[bytes, Job], deadline: float) -> Found:
        try:
            answers = await self._workers.run(list(batch.values()), deadline)
        except GuardFailed:
            raise
        except Exception as error:
            # Whatever went wrong, the call stays local. The name of the error is all that may be told of it.
            logger.error("The guard failed with %s.", type(error).__name__)
            raise GuardFailed("could not finish") from None
        found: Found = {}
        for (key, (text, _)), findings in zip(batch.items(), answers, strict=True):
            found[key] = tuple(without_allowed(text, findings, self._allow))
        self._known.remember(found)
        return found

    def _forget(self, done: asyncio.Task[Found]) -> None:
        self._running = {key: task for key, task in self._running.items() if task is not done}
        if not done.cancelled():
            done.exception()  # Seen, so that asyncio does not report it where nobody waits any more.


async def _shared(task: asyncio.Task[Found]) -> Found:
    """Wait for a task that others may wait for too, and that a caller who leaves must not take down."""
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        caller = asyncio.current_task()
        if task.cancelled() and not (caller and caller.cancelling()):
            raise GuardFailed("was closed before it could finish") from None
        raise


class _Known:
    """The findings of texts read before, by salted hash, the least recently used forgotten first."""

    def __init__(self, entries: int) -> None:
        self._entries = entries
        salt = os.urandom(16)
        # Salted once, since a hash is most of what a text costs that was read before.
        self._named = blake2b(digest_size=16, key=salt, person=b"names")
        self._plain = blake2b(digest_size=16, key=salt)
        self._found: OrderedDict[bytes, tuple[Finding, ...]] = OrderedDict()

    def key(self, job: Job) -> bytes:
        text, names = job
        hashed = (self._named if names else self._plain).copy()
        hashed.update(text.encode("utf-8", "surrogatepass"))
        return hashed.digest()

    def split(self, jobs: Mapping[bytes, Job]) -> tuple[Found, dict[bytes, Job]]:
        """Return what is known of the jobs, and the jobs of which nothing is."""
        known: Found = {}
        for key in jobs:
            if key in self._found:
                self._found.move_to_end(key)
                known[key] = self._found[key]
        return known, {key: job for key, job in jobs.items() if key not in known}

    def remember(self, found: Found) -> None:
        self._found |= found
        while len(self._found) > self._entries:
            self._found.popitem(last=False)


def _has_names(piece: Piece) -> bool:
    # Schemas are 26 kB of prose about tools that the platform wrote, in which the model sees people
    # and places everywhere; what a person puts into them is found by its pattern.
    return piece.kind != "tool_schema"


def _batches(jobs: Mapping[bytes, Job]) -> Iterator[dict[bytes, Job]]:
    batch: dict[bytes, Job] = {}
    size = 0
    for key, (text, names) in jobs.items():
        if batch and size + len(text) > _BATCH:
            yield batch
            batch, size = {}, 0
        batch[key] = (text, names)
        size += len(text)
    if batch:
        yield batch
