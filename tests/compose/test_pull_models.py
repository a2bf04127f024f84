"""The models job downloads what it is told, always says when it is through, and ends when its server does."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MARKER = ".ollama/first-model-looked-after"

# A server that serves until it is told to die; the other verbs answer only while it lives, as those of Ollama do.
OLLAMA = """#!/bin/bash
echo "$*" >> "$HOME/asked"
alive() { kill -0 "$(cat "$HOME/pid" 2>/dev/null)" 2>/dev/null; }
case "$1 ${2:-}" in
  "serve ")
    [ -z "${DIES:-}" ] || { echo "Error: $DIES"; exit 1; }
    echo $$ > "$HOME/pid"
    exec sleep 60 ;;
  "list ") alive ;;
  "show "*) alive && [ -e "$HOME/has-$2" ] ;;
  "pull missing") exit 1 ;;
  "pull deadly") kill "$(cat "$HOME/pid")"; sleep 0.2; exit 1 ;;
  "pull "*) alive && touch "$HOME/has-$2" ;;
esac
"""


@dataclass(frozen=True, slots=True)
class Job:
    """What a run of the job left behind."""

    code: int
    errors: list[str]
    asked: list[str]
    marked: bool


@pytest.fixture
def home(tmp_path: Path) -> Path:
    program = tmp_path / "bin" / "ollama"
    program.parent.mkdir()
    program.write_text(OLLAMA)
    program.chmod(0o755)
    (tmp_path / ".ollama").mkdir()
    return tmp_path


def pull(home: Path, models: str, **more: str) -> Job:
    environ = {"PATH": f"{home}/bin:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "SLUICE_MODELS": models}
    script = ["bash", str(ROOT / "compose" / "pull-models")]
    done = subprocess.run(script, env=environ | more, capture_output=True, text=True, check=False, timeout=20)
    asked = home / "asked"
    return Job(
        done.returncode,
        done.stderr.splitlines(),
        asked.read_text().splitlines() if asked.exists() else [],
        (home / MARKER).exists(),
    )


def test_each_model_is_downloaded_once(home: Path) -> None:
    first, second = pull(home, "small large"), pull(home, "small large")

    assert (first.code, first.errors, first.marked) == (0, [], True)
    assert [line for line in second.asked if line.startswith("pull")] == ["pull small", "pull large"]


@pytest.mark.parametrize("models", ["", "  "], ids=["empty", "blank"])
def test_without_models_it_is_through_at_once_and_starts_no_server(home: Path, models: str) -> None:
    job = pull(home, models)

    assert (job.code, job.asked, job.marked) == (0, [], True)


def test_a_model_that_cannot_be_had_is_named_and_the_next_one_comes(home: Path) -> None:
    job = pull(home, "missing small")

    assert (job.code, job.marked) == (1, True)
    assert ["missing could not be downloaded" in line for line in job.errors] == [True]
    assert job.asked[-1] == "pull small"


def test_a_server_that_does_not_come_up_ends_the_job_with_its_words(home: Path) -> None:
    job = pull(home, "small", DIES="no space left on device")

    assert (job.code, job.marked) == (1, True)
    assert job.errors[0] == "Error: no space left on device"
    assert job.errors[1].startswith("✗ Ollama stopped before all models were downloaded")
    assert len(job.errors) == 2


def test_a_server_that_dies_while_downloading_is_not_taken_for_a_missing_network(home: Path) -> None:
    job = pull(home, "deadly small")

    assert job.code == 1
    assert "✗ Ollama stopped" in job.errors[-1]
    assert "pull small" not in job.asked


def test_the_health_check_of_compose_looks_for_this_marker() -> None:
    services = yaml.safe_load((ROOT / "compose" / "compose.yaml").read_text())["services"]

    assert f"/root/{MARKER}" in services["ollama"]["healthcheck"]["test"][1]
    assert "ollama:/root/.ollama" in services["models"]["volumes"]
