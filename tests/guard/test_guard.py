"""The guard with real worker processes: what it decides, and that it fails closed."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sluice.chat import Piece
from sluice.errors import GuardFailed
from sluice.guard import Detector, Finding, Guard, Policy, Verdict, default_policy

from tests.guard import detectors

ROOT = Path(__file__).resolve().parents[2]


def careful(groups: frozenset[str]) -> Policy:
    return default_policy()


def said(text: str) -> list[Piece]:
    return [Piece("user", text)]


@pytest.fixture
async def guard() -> AsyncIterator[Guard]:
    guard = Guard(careful, detector=detectors.obedient, time_limit=20.0)
    await guard.start()
    yield guard
    await guard.close()


async def test_a_call_with_nothing_in_it_may_leave(guard: Guard) -> None:
    assert await guard.judge(said("plain words")) == Verdict("allow")
    assert (guard.ready, guard.status()) == (True, "ready")


async def test_any_piece_of_the_call_keeps_all_of_it(guard: Guard) -> None:
    pieces = [Piece("system", "be kind"), Piece("user", "hello"), Piece("arguments", '{"to": "MAIL"}')]

    verdict = await guard.judge(pieces)

    assert (verdict.action, dict(verdict.counts)) == ("local", {"personal": 1})
    assert verdict.reasons == ("personal data (1)",)


async def test_tool_schemas_are_searched_for_patterns_but_not_for_names(guard: Guard) -> None:
    assert (await guard.judge([Piece("tool_schema", "ask NAME")])).action == "allow"
    assert (await guard.judge([Piece("tool_schema", "use KEY")])).action == "local"
    assert (await guard.judge([Piece("reasoning", "ask NAME")])).action == "local"


async def test_media_is_not_read_and_stays() -> None:
    guard = Guard(careful, detector=detectors.broken)

    verdict = await guard.judge([Piece("media", "", media="image")])

    assert (verdict.action, verdict.reasons, verdict.complete) == ("local", ("attached image",), True)


async def test_an_allowed_string_is_not_a_finding() -> None:
    guard = Guard(careful, detector=detectors.obedient, allow=["the MAIL"])

    assert (await guard.judge(said("ask the mail"))).action == "allow"
    assert (await guard.judge(said("ask the MAIL"))).action == "allow"
    assert (await guard.judge(said("ask a MAIL"))).action == "local"
    await guard.close()


async def test_a_worker_that_dies_keeps_the_call_local_and_is_replaced(guard: Guard) -> None:
    verdict = await guard.judge(said("DIE"))

    assert (verdict.action, verdict.complete) == ("local", False)
    assert verdict.reasons == ("the guard lost its worker process, so this stays local",)
    assert (await guard.judge(said("plain words"))).action == "allow"


async def test_a_worker_killed_between_calls_is_replaced(guard: Guard) -> None:
    os.kill(await _process(guard), signal.SIGKILL)

    await guard.judge(said("perhaps lost"))

    assert (await guard.judge(said("plain words"))).action == "allow"


async def test_a_worker_that_runs_out_of_memory_keeps_the_call_local(guard: Guard) -> None:
    verdict = await guard.judge(said("EAT"))

    assert (verdict.action, verdict.complete) == ("local", False)
    assert verdict.reasons == ("the guard ran out of memory, so this stays local",)
    assert (await guard.judge(said("plain words"))).action == "allow"


async def test_a_worker_that_hangs_is_killed() -> None:
    guard = Guard(careful, detector=detectors.obedient, time_limit=1.5)
    await _until_ready(guard)
    process = await _process(guard)

    verdict = await guard.judge(said("HANG"))

    assert (verdict.action, verdict.complete) == ("local", False)
    assert verdict.reasons == ("the guard could not finish in time, so this stays local",)
    await _gone(process)
    await _until_ready(guard)
    assert (await guard.judge(said("plain words"))).action == "allow"
    await guard.close()


async def test_a_detector_that_fails_keeps_the_call_local_and_tells_nobody_the_text(
    guard: Guard, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)

    verdict = await guard.judge(said("FAIL with words of somebody"))
    with pytest.raises(GuardFailed) as failure:
        await guard.inspect("FAIL with words of somebody")

    assert verdict == Verdict("local", reasons=("the guard could not read this, so this stays local",), complete=False)
    printed = capfd.readouterr()
    told = caplog.text + printed.out + printed.err + repr(failure.value) + repr(failure.value.__context__)
    assert "somebody" not in told


async def test_a_missing_model_keeps_every_call_local_and_is_said() -> None:
    guard = Guard(careful, detector=detectors.without_model)

    verdict = await guard.judge(said("plain words"))

    why = "the guard could not start, because the spaCy model en_test is not installed"
    assert (verdict.action, verdict.complete, verdict.reasons) == ("local", False, (f"{why}, so this stays local",))
    assert (guard.ready, guard.status()) == (False, why)
    await guard.close()


async def test_a_detector_that_cannot_be_made_keeps_every_call_local() -> None:
    guard = Guard(careful, detector=detectors.broken)

    verdict = await guard.judge(said("plain words"))

    assert verdict.reasons == ("the guard could not start, so this stays local",)
    await guard.close()


def test_a_detector_that_no_worker_can_import_is_refused_at_once() -> None:
    def of_this_test_only() -> Detector:
        return detectors.obedient()

    with pytest.raises(AttributeError, match="pickle"):
        Guard(careful, detector=of_this_test_only)


async def test_a_call_before_the_guard_is_ready_waits_within_its_time() -> None:
    patient = Guard(careful, detector=detectors.slow_to_load, time_limit=20.0)
    hasty = Guard(careful, detector=detectors.slow_to_load, time_limit=0.3)

    waited, gave_up = await asyncio.gather(patient.judge(said("plain words")), hasty.judge(said("plain words")))

    assert (waited.action, gave_up.action, gave_up.complete) == ("allow", "local", False)
    await patient.close()
    await hasty.close()


async def test_a_call_that_is_too_large_is_not_read_and_stays() -> None:
    guard = Guard(careful, detector=detectors.obedient, max_chars=1000)

    verdict = await guard.judge([*said("a" * 600), *said("b" * 600)])

    assert (verdict.action, verdict.complete) == ("local", False)
    assert verdict.reasons == ("the guard does not read more than 1,000 characters at once, so this stays local",)


async def test_a_worker_has_no_way_to_the_network(guard: Guard) -> None:
    assert (await guard.judge(said("CONNECT"))).complete is False


async def test_what_was_read_before_is_not_read_again(guard: Guard) -> None:
    first = await guard.inspect("COUNT one")
    again = await guard.inspect("COUNT one")
    other = await guard.inspect("COUNT two")

    assert first == again
    assert other[0].start == first[0].start + 1


async def test_calls_at_the_same_time_share_the_reading(guard: Guard) -> None:
    chat, title, tags = await asyncio.gather(*(guard.inspect("COUNT and WORK") for _ in range(3)))

    assert chat == title == tags


async def test_the_least_recently_used_is_forgotten_first() -> None:
    guard = Guard(careful, detector=detectors.obedient, cache_entries=2)
    one, _, _ = [await guard.inspect(f"COUNT {text}") for text in ("one", "two", "one")]
    await guard.inspect("COUNT three")  # "two" was used longest ago

    assert await guard.inspect("COUNT one") == one
    assert (await guard.inspect("COUNT two"))[0].start == 4
    await guard.close()


async def test_no_text_is_kept(guard: Guard) -> None:
    text = f"MAIL of somebody {time.time()}"
    await guard.judge(said(text))
    await asyncio.sleep(0.2)

    assert not any(text in value for value in _strings_within(guard))


async def test_the_event_loop_runs_on_while_a_text_is_read(guard: Guard) -> None:
    await guard.judge(said("plain words"))
    judging = asyncio.create_task(guard.judge(said("WORK")))
    longest = 0.0
    while not judging.done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before)

    assert longest < 0.4


async def test_a_caller_that_leaves_takes_nothing_down(guard: Guard) -> None:
    judging = asyncio.create_task(guard.judge(said("WORK then leave")))
    await asyncio.sleep(0.05)
    judging.cancel()

    assert (await guard.judge(said("plain words"))).action == "allow"


async def test_closing_ends_the_workers_and_what_they_do() -> None:
    guard = Guard(careful, detector=detectors.obedient, workers=2, time_limit=20.0)
    process = await _process(guard)
    judging = asyncio.create_task(guard.judge(said("HANG")))
    await asyncio.sleep(0.2)

    await guard.close()

    await _gone(process)
    assert (await judging).complete is False


def test_a_worker_does_not_outlive_its_parent() -> None:
    program = """
import asyncio, os, signal
from sluice.guard import Guard, default_policy
from tests.guard import detectors

async def main():
    guard = Guard(lambda groups: default_policy(), detector=detectors.obedient)
    print((await guard.inspect("PROCESS"))[0].start, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    asyncio.run(main())
"""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'pipelines'}{os.pathsep}{ROOT}"}

    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    asyncio.run(_gone(int(answer.stdout)))


async def test_the_guard_as_shipped() -> None:
    guard = Guard(careful, time_limit=60.0)
    await guard.start()

    harmless = await guard.judge(said("How does a heat pump work?"))
    personal = await guard.judge(said("Write to jane@corp.internal about the heat pump."))
    strange = await guard.judge(said("\ud800 half a character \udfff\x00"))

    assert harmless == Verdict("allow")
    assert personal.reasons == ("personal data (1)",)
    assert strange.complete
    assert await guard.inspect("Ask John Smith.") == [Finding("PERSON", "personal", 4, 14, 0.85, weak=True)]
    await guard.close()


def test_the_gateway_itself_loads_neither_spacy_nor_presidio() -> None:
    program = "import sys, sluice.guard; print({'spacy', 'presidio_analyzer'} & set(sys.modules))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "pipelines")}

    answer = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=True
    )

    assert answer.stdout.strip() == "set()"


async def _process(guard: Guard) -> int:
    return (await guard.inspect(f"PROCESS {time.time()}"))[0].start


async def _until_ready(guard: Guard) -> None:
    await guard.start()
    async with asyncio.timeout(20):
        while not guard.ready:  # noqa: ASYNC110  nobody tells a test
            await asyncio.sleep(0.02)


async def _gone(process: int) -> None:
    async with asyncio.timeout(10):
        while _lives(process):  # noqa: ASYNC110  nobody tells a test
            await asyncio.sleep(0.02)


def _lives(process: int) -> bool:
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def _strings_within(thing: object) -> set[str]:
    seen: set[int] = set()
    strings: set[str] = set()
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if id(current) in seen or isinstance(current, type) or type(current).__name__ in ("module", "function"):
            continue
        seen.add(id(current))
        if isinstance(current, str):
            strings.add(current)
        elif type(current).__module__.split(".")[0] in ("sluice", "builtins", "collections", "asyncio"):
            waiting.extend(gc.get_referents(current))
    return strings
