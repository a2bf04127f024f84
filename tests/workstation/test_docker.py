"""With a Docker engine, the scripts hand over to Compose and say where it is."""

import subprocess
import sys
from pathlib import Path

import pytest
from sluice.workstation.places import ROOT

# Answers like the real program, writes down what it was asked, and lets provisioning end as $PROVISIONED says.
DOCKER = """#!/bin/sh
echo "$*" >> "$ASKED"
case "$*" in
  "compose ps --all --quiet") echo container ;;
  "compose ps --all --quiet provision") echo ${JOB-job} ;;
  "version --format"*) echo "${ENGINE-1.44 25.0.0}" ;;
  "wait job") echo "${PROVISIONED:-0}" ;;
  "compose port proxy 8080") echo "${PUBLISHED:-127.0.0.1:3000}" ;;
  "compose exec -T open-webui printenv WEBUI_ADMIN_EMAIL") echo admin@sluice.local ;;
  "compose logs --no-log-prefix --tail 20 provision") echo "the admin's password was changed" ;;
  "compose up"*) exit "${UP:-0}" ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    """An environment in which a Docker engine answers."""
    program = tmp_path / "bin" / "docker"
    program.parent.mkdir()
    program.write_text(DOCKER)
    program.chmod(0o755)
    return {
        "PATH": f"{program.parent}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "SLUICE_PYTHON": sys.executable,
        "ASKED": str(tmp_path / "asked"),
    }


def _run(environ: dict[str, str], name: str, *words: str) -> subprocess.CompletedProcess[str]:
    script = [str(ROOT / "scripts" / name), *words]
    return subprocess.run(script, env=environ, capture_output=True, text=True, check=False, timeout=60)


def test_up_uses_compose_and_says_where_it_is(machine: dict[str, str]) -> None:
    done = _run(machine, "up", "--detach")
    said = done.stdout.splitlines()

    assert done.returncode == 0, done.stderr
    assert "compose up --detach --build" in Path(machine["ASKED"]).read_text().splitlines()
    assert said[-2] == "Sluice is ready: http://127.0.0.1:3000"
    assert "admin@sluice.local" in said[-1]
    assert "docker compose exec open-webui cat /run/sluice/admin_password" in said[-1]


def test_a_failed_provisioning_is_said_with_its_own_words(machine: dict[str, str]) -> None:
    done = _run({**machine, "PROVISIONED": "1"}, "up", "--detach")

    assert done.returncode == 1
    assert "the admin's password was changed" in done.stdout
    assert done.stderr.splitlines()[-1].startswith("✗ The presets could not be set up")


def test_a_provisioning_that_never_ran_is_no_success(machine: dict[str, str]) -> None:
    done = _run({**machine, "JOB": ""}, "up", "--detach")

    assert done.returncode == 1
    assert "docker compose up provision" in done.stderr.splitlines()[-1]


@pytest.mark.parametrize("published", ["0.0.0.0:3000", ":::3000", "[::]:3000"])
def test_published_to_every_address_a_browser_here_is_sent_to_localhost(
    machine: dict[str, str], published: str
) -> None:
    done = _run({**machine, "PUBLISHED": published}, "up", "--detach")

    assert done.stdout.splitlines()[-2] == "Sluice is ready: http://localhost:3000"


def test_an_engine_before_25_is_refused_before_anything_starts(machine: dict[str, str]) -> None:
    done = _run({**machine, "ENGINE": "1.43 24.0.9"}, "up", "--detach")

    assert done.returncode == 1
    assert "This Docker engine is 24.0.9, and Sluice needs 25 or newer" in done.stderr
    assert "compose up" not in Path(machine["ASKED"]).read_text()


@pytest.mark.parametrize("engine", ["1.52 29.0.1", "5.4 5.4.0", ""], ids=["newer", "another program", "unknown"])
def test_any_other_engine_may_try(machine: dict[str, str], engine: str) -> None:
    assert _run({**machine, "ENGINE": engine}, "up", "--detach").returncode == 0


def test_a_failed_compose_is_said_with_the_way_around_it(machine: dict[str, str]) -> None:
    done = _run({**machine, "UP": "17"}, "up", "--docker", "--detach")

    assert done.returncode == 1
    assert "./scripts/up --native" in done.stderr


def test_down_takes_the_containers_down_and_keeps_their_volumes(machine: dict[str, str]) -> None:
    done = _run(machine, "down")
    asked = Path(machine["ASKED"]).read_text().splitlines()

    assert (done.returncode, done.stdout) == (0, "Sluice is stopped; its data are kept.\n")
    assert asked[-1] == "compose down"
