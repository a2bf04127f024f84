"""The scripts are thin, and say what is wrong in one sentence."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sluice.workstation.places import ROOT
from sluice.workstation.progress import Step

SCRIPTS = ("up", "down", "sluice", "test", "python")


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """An environment with no Docker engine and nothing but the basic tools."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "SLUICE_PYTHON": sys.executable,
        "SLUICE_HOME": str(tmp_path / "home"),
        "SLUICE_CACHE": str(tmp_path / "cache"),
    }


def _run(environ: dict[str, str], name: str, *words: str) -> subprocess.CompletedProcess[str]:
    script = [str(ROOT / "scripts" / name), *words]
    return subprocess.run(script, env=environ, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_can_be_run_and_is_short(name: str) -> None:
    path = ROOT / "scripts" / name

    assert os.access(path, os.X_OK)
    assert len(path.read_text().splitlines()) <= 40


def test_down_with_nothing_running_says_so(machine: dict[str, str]) -> None:
    done = _run(machine, "down")

    assert (done.returncode, done.stdout) == (0, "Nothing was running.\n")


def test_up_with_docker_but_without_an_engine_says_so(machine: dict[str, str]) -> None:
    done = _run({**machine, "DOCKER_HOST": "tcp://127.0.0.1:9"}, "up", "--docker")

    assert done.returncode == 1
    assert done.stderr == "✗ No Docker engine with Compose answers. Start it, or use ./scripts/up --native.\n"


def test_up_that_cannot_use_its_cache_says_so(machine: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder should be")
    done = _run(machine, "up", "--native")

    assert done.returncode == 1
    assert done.stderr.startswith("✗ ")
    assert "SLUICE_CACHE" in done.stderr


def test_up_explains_itself(machine: dict[str, str]) -> None:
    assert "--detach" in _run(machine, "up", "--help").stdout


def test_no_fitting_python_is_said(machine: dict[str, str], tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("bash", "env", "dirname"):
        (tools / tool).symlink_to(f"/usr/bin/{tool}")
    done = _run({**machine, "SLUICE_PYTHON": "", "PATH": str(tools)}, "up")

    assert done.returncode == 1
    assert done.stderr.startswith("✗ Sluice needs Python 3.11 or 3.12, and neither was found.")


def test_progress_in_a_log_is_plain_lines(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as out, Step("Gateway", out=out) as step:
        step.at(0.5, "fetching something")

    assert (tmp_path / "log").read_text() == "Gateway …\n✓ Gateway  0:00\n"


def test_progress_shows_share_and_what_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    with (tmp_path / "log").open("w") as out:
        step = Step("Gateway", out=out)
        step.at(0.5, "fetching something")
        step.at(0.25)

        assert "50%" in step._line()
        assert "fetching something" in step._line()

        monkeypatch.setenv("COLUMNS", "20")
        assert len(step._line()) == 19
