"""One worker process: what goes through its pipe, and how it ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sluice.guard.process import Process, ProcessLost

from tests.guard import detectors


@contextmanager
def process(work: Callable[[Sequence[Any]], Any]) -> Iterator[Process[Any, Any]]:
    started: Process[Any, Any] = Process(work)
    yield started
    started.kill()


async def test_jobs_and_answers_of_any_length_come_through_whole_and_in_order() -> None:
    sizes = [0, 1, 20_000, 70_000, 3_000_000, 5]
    with process(detectors.repeated) as worker:
        answers = [await worker.answer([("é" * size, 2), ("b", 1)]) for size in sizes]

    assert [(len(first), second) for first, second in answers] == [(2 * size, "b") for size in sizes]


@pytest.mark.parametrize("work", [detectors.failing, detectors.ending], ids=["fails", "ends"])
async def test_a_process_that_ends_before_it_answers_is_lost_and_tells_nothing(
    work: Callable[[Sequence[str]], list[str]], capfd: pytest.CaptureFixture[str]
) -> None:
    with process(work) as worker:
        with pytest.raises(ProcessLost) as lost:
            await worker.answer(["words of somebody"])
        with pytest.raises(ProcessLost):
            await worker.answer(["more words"])
        await worker.gone()

    printed = capfd.readouterr()
    assert "words" not in printed.out + printed.err + repr(lost.value) + repr(lost.value.__context__)


async def test_a_process_that_is_killed_ends() -> None:
    with process(detectors.repeated) as worker:
        await worker.answer([])
        worker.kill()

        await worker.gone()
        with pytest.raises(ProcessLost):
            await worker.answer([])
