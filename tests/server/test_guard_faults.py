"""Whatever happens to the guard of a running gateway, nothing leaves, and the person is told."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.server.process import CONFIG, ROOT, Running, person, wait_until
from tests.standins.cloud import Cloud

Make = Callable[..., Running]
LONG = "The gravel road follows the river up to the old mill, and then it turns. " * 400
SLOW = CONFIG + "privacy: {time_limit_seconds: 3}\n"


def workers(gateway: Running) -> list[int]:
    """The guard's worker processes."""
    children = Path(f"/proc/{gateway.pid}/task/{gateway.pid}/children").read_text(encoding="utf-8").split()
    return [pid for pid in map(int, children) if "spawn_main" in _command(pid)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""


def note(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    usage = answer.json()["usage"]
    assert usage["location"] == "local"
    return str(usage["note"])


@pytest.mark.parametrize(
    ("fault", "words"),
    [(signal.SIGKILL, "lost its worker process"), (signal.SIGSTOP, "could not finish in time")],
    ids=["killed", "stopped"],
)
def test_a_guard_that_is_killed_or_hangs_while_it_reads_keeps_the_call_local(
    make_gateway: Make, cloud: Cloud, fault: signal.Signals, words: str
) -> None:
    gateway = make_gateway()
    gateway.config.write_text(SLOW, encoding="utf-8")
    gateway.start()
    answers: list[Any] = []
    for worker in workers(gateway):
        os.kill(worker, signal.SIGSTOP)
    asking = threading.Thread(target=lambda: answers.append(gateway.ask(LONG, "gpt")))
    asking.start()
    for worker in workers(gateway):
        os.kill(worker, fault)
    asking.join()

    assert words in note(answers[0])
    assert not cloud.record.chats()
    wait_until(lambda: gateway.get("/readyz").status_code == 200, "the guard reads again")
    assert gateway.ask("How does a mill work?", "gpt").json()["usage"]["location"] == "cloud"


def test_a_call_too_large_to_read_stays_local(make_gateway: Make, cloud: Cloud) -> None:
    gateway = make_gateway()
    gateway.config.write_text(CONFIG + "privacy: {max_characters: 1000}\n", encoding="utf-8")
    gateway.start()

    answer = gateway.ask(LONG[:2000], "gpt")

    assert "does not read more than 1,000 characters" in note(answer)
    assert not cloud.record.chats()


def test_a_guard_whose_model_file_is_missing_keeps_every_call_local(
    make_gateway: Make, cloud: Cloud, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "pipelines", tmp_path / "installed", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "installed" / "sluice" / "guard" / "naming" / "data" / "lexicon.txt.gz").unlink()
    gateway = make_gateway()
    gateway.installed_at(tmp_path / "installed")
    gateway.start(ready=False)
    wait_until(lambda: "could not start" in " ".join(gateway.get("/readyz").json()["missing"]), "it says so")

    answer = gateway.ask("How does a mill work?", "gpt", headers=person())

    assert "the guard could not start, because" in note(answer)
    assert not cloud.record.chats()
