"""Start and stop what a person starts with `./scripts/up`, with a cloud that is a stand-in."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from tests.standins.cloud import Cloud

ROOT = Path(__file__).resolve().parents[2]
ADMIN = ("Leopold Hartwig", "leopold@workstation.example")


class NotInTime(AssertionError):
    """Something did not come true within its time."""


def eventually(holds: Callable[[], object], what: str, seconds: float = 30) -> None:
    """Wait until `holds()` is true; the sentence `what` names what did not happen."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise NotInTime(f"not within {seconds:g} seconds: {what}")
        time.sleep(0.2)


@dataclass(frozen=True)
class Stack:
    """One running workstation, started from a copy of the checkout so that a test may edit its files."""

    checkout: Path
    home: Path
    port: str
    environment: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        return (self.home / "secrets" / "admin_password").read_text().strip()

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a script of the project from its root, its output in the report of a failure."""
        done = subprocess.run(
            command, cwd=self.checkout, env=dict(self.environment), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, timeout=1800,
        )  # fmt: skip
        assert not check or done.returncode == 0, f"{' '.join(command)} failed:\n{done.stdout[-6000:]}"
        return done

    @property
    def data(self) -> Path:
        """The gateway's files."""
        return self.home / "gateway"

    def up(self) -> str:
        """Start what is not running; returns what the script printed."""
        return self.run("./scripts/up", "--native", "--detach").stdout

    def down(self) -> str:
        return self.run("./scripts/down", check=False).stdout

    def sluice(self, *verb: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the project's own command, as `./scripts/sluice VERB`."""
        return self.run("./scripts/sluice", *verb, check=check)

    @property
    def policy(self) -> Path:
        """The deployment's sluice.yaml."""
        return self.checkout / "compose" / "sluice.yaml"

    def without(self, *names: str) -> Stack:
        """The same workstation for a person who has not set these variables."""
        left = {name: value for name, value in self.environment.items() if name not in names}
        return replace(self, environment=left)

    def pid(self, part: str) -> int:
        return int(json.loads((self.home / "run" / f"{part}.process").read_text())["pid"])

    def kill(self, part: str) -> None:
        """End one part without giving it a chance to tidy up, and wait until it is gone."""
        pid = self.pid(part)
        os.kill(pid, signal.SIGKILL)
        eventually(lambda: not _is_alive(pid), f"{part} is gone", 10)

    def log(self, part: str) -> str:
        path = self.home / "run" / f"{part}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False


def copy_of_checkout(target: Path) -> Path:
    """What a fresh clone holds, without anything that was built or kept beside it."""
    skipped = shutil.ignore_patterns(".git", ".env", ".*_cache", ".hypothesis", ".screenshots", "__pycache__")
    shutil.copytree(ROOT, target, ignore=skipped)
    policy = target / "compose" / "sluice.yaml"
    # A provider that failed in one test is asked again in the next.
    policy.write_text(policy.read_text().replace("cooldown_seconds: 30", "cooldown_seconds: 0"))
    return target


def environment_for(home: Path, port: int, cloud: Cloud) -> dict[str, str]:
    """A person's environment: both cloud keys set, the providers' addresses led to the stand-in."""
    of_the_shell = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    cache = {name: os.environ[name] for name in ("SLUICE_CACHE", "SLUICE_PYTHON") if name in os.environ}
    return {
        **of_the_shell,
        **cache,
        "SLUICE_HOME": str(home),
        "SLUICE_PUBLIC_PORT": str(port),
        "SLUICE_ADMIN_NAME": ADMIN[0],
        "SLUICE_ADMIN_EMAIL": ADMIN[1],
        # Nothing listens there: the embedded model serves, whatever else this machine runs.
        "OLLAMA_BASE_URL": "http://127.0.0.1:9",
        "OPENAI_API_KEY": cloud.key,
        "OPENAI_API_BASE": cloud.openai_base,
        "ANTHROPIC_API_KEY": cloud.key,
        "ANTHROPIC_API_BASE": cloud.anthropic_base,
    }


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
