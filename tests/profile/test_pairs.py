"""Pairs of models with known answers: after a profile, Auto sends away what only the cloud one can do."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sluice.profile import Item, Results, items, passes
from sluice.profile.items import KINDS
from sluice.profile.learning import observations
from sluice.profile.running import run, subjects
from sluice.routing import Calibration, complexity
from sluice.routing.fitting import fitted

from tests.gateway.conftest import KNOWN, Rig, make_rig  # noqa: F401
from tests.profile.conftest import RIGHT, good_at
from tests.standins.script import Answer
from tests.upstream.conftest import _close_litellm, _warm_litellm  # noqa: F401

ASKED = tuple(item for item in items() if item.kind in ("code", "reasoning", "writing"))[:36]


@dataclass(frozen=True)
class Day:
    """What became of the questions: how many answers were right, and which kinds went to the cloud, how often."""

    right: int
    cloud: Mapping[str, int]


@pytest.fixture
async def rig(make_rig: Callable[[str], Rig]) -> AsyncIterator[Rig]:  # noqa: F811
    made = make_rig("")
    made.cloud.script.always(_right)
    await made.fleet.look()
    yield made
    made.bookings()


def _right(body: Mapping[str, Any]) -> Answer:
    """The cloud model knows every answer."""
    said = body["messages"][-1]["content"]
    return Answer(RIGHT[said if isinstance(said, str) else said[0]["text"]].right)


async def a_day(rig: Rig) -> Day:
    right, cloud = 0, dict.fromkeys(KINDS, 0)
    for n, item in enumerate(ASKED):
        answer = await rig.ask(item.ask, caller=replace(KNOWN, chat=f"c-{n}", message=f"m-{n}"))
        right += passes(answer.text, item.grade)
        cloud[item.kind] += answer.usage["location"] == "cloud"
    return Day(right, {kind: count for kind, count in cloud.items() if count})


async def profiled(rig: Rig, data: Path) -> Calibration:
    results, every = Results(data), subjects(rig.fleet, items())
    for subject in every:
        await run(subject, rig.live.current.routing, results, lambda result: None)
    return Calibration(kinds=fitted(observations(every, results, complexity)))


def of(kind: str) -> list[Item]:
    return [item for item in ASKED if item.kind == kind]


@pytest.mark.parametrize("weak", ["reasoning", "code"])
async def test_what_the_local_model_fails_at_goes_to_the_cloud_and_the_rest_comes_home(
    rig: Rig, tmp_path: Path, weak: str
) -> None:
    rig.ollama.script.always(good_at(*(kind for kind in KINDS if kind != weak)))
    before = await a_day(rig)

    rig.calibration = await profiled(rig, tmp_path)
    after = await a_day(rig)

    assert after.cloud == {weak: len(of(weak))}
    assert after.right == len(ASKED) > before.right


async def test_a_local_model_that_knows_everything_keeps_nearly_everything(rig: Rig, tmp_path: Path) -> None:
    rig.ollama.script.always(good_at(*KINDS))
    before = await a_day(rig)

    rig.calibration = await profiled(rig, tmp_path)
    after = await a_day(rig)

    assert sum(after.cloud.values()) <= 2 < sum(before.cloud.values())
    assert after.right == len(ASKED)
