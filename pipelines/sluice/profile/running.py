"""Ask the team's own local models the graded questions. Nothing leaves the machine."""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass

from sluice.chat import TaskKind
from sluice.config import Deployment
from sluice.config.schema import Routing
from sluice.errors import NoModel, ProfileError, UpstreamError
from sluice.profile.grading import passes
from sluice.profile.items import Item
from sluice.profile.results import Result, Results
from sluice.routing import Candidate, Signals, decide
from sluice.upstream import Fleet, num_ctx, stream, title

# A reasoning model thinks first; what is longer is no answer that somebody waits for.
ANSWER_TOKENS = 2048
PROMPT_TOKENS = 400  # more than the longest question has
GIVE_UP_AFTER = 3  # failures of the server in a row


@dataclass(frozen=True, slots=True)
class Subject:
    """A local model, and the questions it is asked."""

    deployment: Deployment
    items: tuple[Item, ...]


def subjects(
    fleet: Fleet, items: Sequence[Item], name: str | None = None, candidates: Sequence[Candidate] | None = None
) -> list[Subject]:
    """Return who is asked what: the model that would answer each kind here, or the one that is named for all.

    `candidates` replaces the models as they are now. Raises ProfileError where one is unknown, unavailable, or not
    proven to be local.
    """
    seen = fleet.candidates() if candidates is None else candidates
    local = [candidate for candidate in seen if candidate.location == "local"]
    if name is not None:
        return [Subject(_named(fleet, local, name), tuple(items))]
    asked: dict[str, list[Item]] = {}  # by the model's name
    for item in items:
        asked.setdefault(answering(item.kind, local), []).append(item)
    return [Subject(fleet.deployment(model), tuple(its)) for model, its in asked.items()]


def answering(kind: TaskKind, local: Sequence[Candidate]) -> str:
    """Return the name of the local model that answers questions of this kind. Raises ProfileError where none can."""
    signals = Signals(lane="local", prompt_tokens=PROMPT_TOKENS, complexity=0.5, task_kind=kind)
    try:
        return decide(signals, local).model
    except NoModel as error:
        raise ProfileError(str(error)) from None


def _named(fleet: Fleet, local: Sequence[Candidate], name: str) -> Deployment:
    known = {candidate.name: candidate for candidate in local}
    if name not in known:
        raise ProfileError(f"`{name}` is no local model of sluice.yaml; those are: {', '.join(known) or 'none'}.")
    if known[name].unavailable:
        raise ProfileError(f"`{name}` cannot be asked: {known[name].unavailable}.")
    return fleet.deployment(name)


async def run(subject: Subject, routing: Routing, results: Results, tell: Callable[[Result], None]) -> None:
    """Ask what was not asked yet, one after the other; each result is kept as it comes.

    Raises UpstreamError where the server fails again and again; what was answered until then is kept.
    """
    model, failures = subject.deployment.model, 0
    known = await asyncio.to_thread(results.of, model)
    for item in subject.items:
        if item.id in known:
            continue
        started = time.monotonic()
        try:
            said = await answer(subject.deployment, item.ask, routing)
        except UpstreamError:
            failures += 1
            if failures == GIVE_UP_AFTER:
                raise
            continue
        failures = 0
        result = Result(model, item.id, passes(said, item.grade), round(time.monotonic() - started, 2))
        await asyncio.to_thread(results.add, result)
        tell(result)


async def answer(deployment: Deployment, ask: str, routing: Routing) -> str:
    """Return a local model's answer, as like from run to run as it can be had."""
    parameters: dict[str, object] = {"temperature": 0.0, "seed": 7, "max_tokens": ANSWER_TOKENS}
    if deployment.is_ollama:
        parameters["num_ctx"] = num_ctx(PROMPT_TOKENS, routing.max_num_ctx)
    said: list[str] = []
    async with aclosing(stream(deployment, [{"role": "user", "content": ask}], parameters, routing)) as deltas:
        async for delta in deltas:
            said.append(delta.content)
    return "".join(said)


def rest(subject: Subject, results: Results) -> int:
    """How many questions of a subject are still to be asked."""
    known = results.of(subject.deployment.model)
    return sum(item.id not in known for item in subject.items)


def shown(subjects: Iterable[Subject]) -> str:
    """The models that are asked, by the names people know."""
    return ", ".join(title(subject.deployment) for subject in subjects)
