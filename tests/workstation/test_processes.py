"""Parts are found again by number and time of start, and ended with all their children."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sluice.workstation import processes, stopping
from sluice.workstation.processes import Record

SLEEPER = "import time; time.sleep(60)"
WITH_CHILD = f"""
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", {SLEEPER!r}])
print(child.pid, flush=True)
time.sleep(60)
"""
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"


def _start(run: Path, code: str = SLEEPER, name: str = "part") -> Record:
    return processes.start(name, [sys.executable, "-c", code], os.environ, run, "settings")


def _until(path: Path) -> str:
    deadline = time.monotonic() + 10
    while not path.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    return path.read_text()


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    for name in processes.started(tmp_path):
        processes.stop(tmp_path, name, 0.1)


def test_a_started_part_is_found_until_it_is_stopped(tmp_path: Path) -> None:
    record = _start(tmp_path)

    assert processes.running(tmp_path, "part") == record
    assert processes.stop(tmp_path, "part", 5)
    assert processes.running(tmp_path, "part") is None
    assert processes.began(record.pid) is None
    assert processes.started(tmp_path) == []


def test_a_killed_part_is_not_running_but_its_record_remains(tmp_path: Path) -> None:
    record = _start(tmp_path)
    os.kill(record.pid, signal.SIGKILL)
    os.waitpid(record.pid, 0)

    assert processes.running(tmp_path, "part") is None
    assert processes.started(tmp_path) == ["part"]
    assert not processes.stop(tmp_path, "part", 1)


def test_children_end_with_their_part(tmp_path: Path) -> None:
    _start(tmp_path, WITH_CHILD)
    child = int(_until(tmp_path / "part.log"))

    processes.stop(tmp_path, "part", 5)

    assert processes.began(child) is None


def test_children_that_a_killed_part_left_are_ended_too(tmp_path: Path) -> None:
    record = _start(tmp_path, WITH_CHILD)
    child = int(_until(tmp_path / "part.log"))
    os.kill(record.pid, signal.SIGKILL)
    os.waitpid(record.pid, 0)

    assert processes.stop(tmp_path, "part", 5)
    assert processes.began(child) is None


def test_a_part_that_does_not_listen_is_killed_after_the_grace(tmp_path: Path) -> None:
    record = _start(tmp_path, DEAF)
    _until(tmp_path / "part.log")

    assert processes.stop(tmp_path, "part", 0.2)
    assert processes.began(record.pid) is None


def test_another_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    record = _start(tmp_path)
    stale = replace(record, began="0")
    (tmp_path / "part.process").write_text(json.dumps(asdict(stale)))

    assert processes.running(tmp_path, "part") is None
    assert not processes.stop(tmp_path, "part", 1)
    assert processes.began(record.pid) == record.began

    os.killpg(record.pid, signal.SIGKILL)
    os.waitpid(record.pid, 0)


@pytest.mark.parametrize("text", ["", "{", '{"pid": 1}', "[]"], ids=["empty", "cut", "incomplete", "other"])
def test_a_broken_record_is_no_part(tmp_path: Path, text: str) -> None:
    (tmp_path / "part.process").write_text(text)

    assert processes.running(tmp_path, "part") is None
    assert not processes.stop(tmp_path, "part", 1)
    assert processes.started(tmp_path) == []


def test_down_stops_everything_that_was_started(tmp_path: Path) -> None:
    records = [_start(tmp_path, name=name) for name in ("gateway", "open-webui", "one-of-tomorrow")]

    assert stopping.down(tmp_path)
    assert all(processes.began(record.pid) is None for record in records)
    assert not stopping.down(tmp_path)


def test_a_large_log_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LOG_LIMIT_BYTES", 3)
    (tmp_path / "part.log").write_text("long")

    assert not processes.log_file(tmp_path, "part").exists()
    assert (tmp_path / "part.log.1").read_text() == "long"
