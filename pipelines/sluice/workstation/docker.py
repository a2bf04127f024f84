"""Bring the workstation up and down by Docker Compose."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sluice.errors import StartError

ANSWER_SECONDS = 10
# The API of Engine 25, the first that knows `start_interval` of a health check.
NEEDED_API = (1, 44)
API_AND_VERSION = re.compile(r"(?P<major>\d+)\.(?P<minor>\d+) (?P<version>\S+)")
PASSWORD_COMMAND = "docker compose exec open-webui cat /run/sluice/admin_password"  # noqa: S105
EVERY_ADDRESS = ("0.0.0.0", "::", "[::]")  # noqa: S104
EMAIL_COMMAND = ("exec", "-T", "open-webui", "printenv", "WEBUI_ADMIN_EMAIL")


def answers() -> bool:
    """Whether a Docker engine with Compose answers quickly."""
    if not shutil.which("docker"):
        return False
    return all(_succeeds(["docker", *words]) for words in (["info"], ["compose", "version"]))


def _succeeds(command: Sequence[str]) -> bool:
    try:
        done = subprocess.run(  # noqa: S603
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=ANSWER_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def up(root: Path) -> None:
    """Start all services and wait until people can sign in and the presets are there."""
    _check_engine(root)
    print("Docker Compose builds and starts the services. The first start downloads several GB.", file=sys.stderr)
    _compose(root, ["up", "--detach", "--build"])
    print("Setting up the presets …", file=sys.stderr)
    job = _output(root, ["ps", "--all", "--quiet", "provision"])
    if not job:
        raise StartError(
            "The presets were not set up: the job `provision` has no container. Start it: docker compose up provision"
        )
    if _run(["docker", "wait", job], root, quiet=True).strip() != "0":
        _compose(root, ["logs", "--no-log-prefix", "--tail", "20", "provision"])
        raise StartError("The presets could not be set up; the lines above say why. The chat itself is running.")


def follow(root: Path) -> None:
    """Show what the services print, until interrupted."""
    _compose(root, ["logs", "--follow", "--tail", "0"])


def down(root: Path) -> None:
    """Stop all services. Volumes, and so all data, stay."""
    _compose(root, ["down"])


def has_containers(root: Path) -> bool:
    """Whether any container of the workstation exists."""
    return bool(_output(root, ["ps", "--all", "--quiet"]))


def public_address(root: Path) -> str:
    """Where a browser on this machine finds the proxy, such as 127.0.0.1:3000; empty if its port is not published."""
    host, colon, port = _output(root, ["port", "proxy", "8080"]).rpartition(":")
    return f"localhost:{port}" if host in EVERY_ADDRESS else f"{host}{colon}{port}"


def admin_email(root: Path) -> str:
    """The address of the first admin, as the running service has it."""
    return _output(root, EMAIL_COMMAND)


def _check_engine(root: Path) -> None:
    said = _run(["docker", "version", "--format", "{{.Server.APIVersion}} {{.Server.Version}}"], root, quiet=True)
    known = API_AND_VERSION.match(said)
    if known and (int(known["major"]), int(known["minor"])) < NEEDED_API:
        raise StartError(
            f"This Docker engine is {known['version']}, and Sluice needs 25 or newer. Update it, or start without"
            " Docker: ./scripts/up --native"
        )


def _compose(root: Path, words: Sequence[str]) -> None:
    done = subprocess.run(["docker", "compose", *words], cwd=root, check=False)  # noqa: S603, S607
    if done.returncode:
        raise StartError(
            f"`docker compose {' '.join(words)}` failed; its last lines say why. "
            "`./scripts/up --native` starts without Docker."
        )


def _output(root: Path, words: Sequence[str]) -> str:
    return _run(["docker", "compose", *words], root, quiet=True).strip()


def _run(command: Sequence[str], root: Path, *, quiet: bool) -> str:
    done = subprocess.run(  # noqa: S603
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL if quiet else None, text=True, check=False
    )
    return done.stdout
