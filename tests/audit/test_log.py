"""Writing: durable, in one line from several writers, told where it fails; and what is never written."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sluice.audit import Audit
from sluice.errors import NotRecorded, SluiceError, StartError

from tests.audit.conftest import START, Log, entry


async def test_what_was_recorded_is_read_by_others_at_once(log: Log) -> None:
    await log.audit.record(entry("u-7", counts={"secret": 1}))

    last = list(log.audit.export_lines())[-1]

    assert '"number": 6' in last
    assert '"counts": {"secret": 1}' in last
    assert '"user": "u-7"' in last


async def test_many_who_record_at_once_are_all_written(log: Log) -> None:
    with closing(sqlite3.connect(log.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # all but the first have come before this one can be written
        waiting = [asyncio.ensure_future(log.audit.record(entry(f"u-{number}"))) for number in range(50)]
        await asyncio.sleep(0)
        other.execute("COMMIT")
    await asyncio.gather(*waiting)

    assert log.verify().entries == 55


async def test_who_gives_up_waiting_breaks_nothing(log: Log) -> None:
    given_up = asyncio.ensure_future(log.audit.record(entry("u-1")))
    await asyncio.sleep(0)
    given_up.cancel()
    await log.audit.record(entry("u-2"))

    assert log.verify().ok
    assert '"user": "u-2"' in list(log.audit.export_lines())[-1]


def _write(path: Path, user: str, count: int, start: Barrier) -> None:
    with closing(Audit(path)) as audit:
        start.wait()
        for _ in range(count):
            audit.add(entry(user))


def test_two_processes_write_one_line(make_log: Callable[[], Log]) -> None:
    log = make_log()
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(2)
    writers = [context.Process(target=_write, args=(log.path, f"u-{one}", 100, start)) for one in (1, 2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    found = log.verify()

    assert [writer.exitcode for writer in writers] == [0, 0]
    assert (found.ok, found.entries) == (True, 200)


def test_the_chain_goes_on_after_a_restart(log: Log) -> None:
    log.audit.close()
    log.open()
    log.add("u-2")

    assert log.verify().entries == 6
    assert log.verify().ok


async def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room(log: Log) -> None:
    connection = log.audit._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(OSError, match="cannot be written"):
        await log.audit.record(entry(reasons=("x" * 20_000,)))

    connection.execute("PRAGMA max_page_count = 1000000")
    await log.audit.record(entry())
    assert log.verify().ok
    assert log.verify().entries == 6


@pytest.mark.parametrize("use", ["record", "erase", "expire"])
async def test_after_closing_everything_is_refused_in_words(log: Log, use: str) -> None:
    log.audit.close()

    with pytest.raises(NotRecorded, match="free the disk or mend the permissions"):
        await _used(log.audit, use)


async def _used(audit: Audit, use: str) -> None:
    if use == "record":
        await audit.record(entry())
    else:
        audit.erase("u-1") if use == "erase" else audit.expire(1)


async def test_a_file_that_cannot_be_written_any_more_is_told(log: Log) -> None:
    log.tamper("DROP TABLE persons")

    with pytest.raises(OSError, match="cannot be written"):
        await log.audit.record(entry())


@pytest.mark.parametrize("content", [b"not a database" * 50, None], ids=["other file", "folder"])
def test_a_file_that_cannot_be_opened_is_told_at_the_start(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "audit.sqlite3"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    with pytest.raises(StartError, match=r"audit\.sqlite3 cannot be opened"):
        Audit(path)


def test_only_its_owner_may_read_the_file(log: Log) -> None:
    modes = {stat.S_IMODE(os.stat(path).st_mode) for path in log.path.parent.glob("audit.sqlite3*")}

    assert modes == {0o600}


def test_an_error_of_the_log_is_one_of_ours_and_of_the_file_system() -> None:
    assert isinstance(NotRecorded(), SluiceError)
    assert isinstance(NotRecorded(), OSError)


def test_entries_are_exported_from_a_time_on_and_before_another(log: Log) -> None:
    lines = list(log.audit.export_lines(START + timedelta(seconds=1), START + timedelta(seconds=3)))

    assert [line[:12] for line in lines] == ['{"number": 2', '{"number": 3']
