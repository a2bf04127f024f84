"""What all tests share: no network but loopback, stand-ins for cloud and Ollama, free ports."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.standins import blockade
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.postgres import Postgres, binaries

ROOT = Path(__file__).resolve().parents[1]
FOR_TESTS = ("SLUICE_CACHE", "SLUICE_PYTHON", "SLUICE_SCREENSHOTS", "SLUICE_README_PICTURE")
OUTSIDE_KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "OPENAI_API_BASE", "ANTHROPIC_API_BASE")
# LiteLLM's types, as pydantic sees them.
LIBRARY_WARNINGS = (
    "ignore:Item '.*' on TypedDict class '.*' is using the `ReadOnly` qualifier:UserWarning",
    "ignore:Accessing the 'model_.*fields' attribute on the instance is:DeprecationWarning",
)

blockade.install()

# Repeatable by default; HYPOTHESIS_PROFILE=search looks for new examples.
settings.register_profile(
    "repeatable", deadline=None, derandomize=True, max_examples=60, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile("search", deadline=None, max_examples=1000, database=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_configure(config: pytest.Config) -> None:
    """Warnings are errors, but for those of libraries that nobody here can act on."""
    for entry in LIBRARY_WARNINGS:
        config.addinivalue_line("filterwarnings", entry)


@pytest.fixture(autouse=True)
def network_attempts() -> Iterator[list[str]]:
    """Fail a test that tried to leave the machine, even where the refusal was swallowed.

    A test that means to try asks for this fixture, looks at the list and clears it.
    """
    yield blockade.attempts
    tried = list(blockade.attempts)
    blockade.attempts.clear()
    assert not tried, f"tried to leave the machine: {tried}"


@pytest.fixture(autouse=True)
def _no_keys_from_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [*OUTSIDE_KEYS, *(key for key in os.environ if key.startswith("SLUICE_"))]:
        if name not in FOR_TESTS:
            monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def offline_environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Environment for child processes in which Python refuses the network too."""
    folders = [str(ROOT / "tests" / "standins" / "offline"), os.environ.get("PYTHONPATH", "")]
    report = tmp_path_factory.mktemp("blockade") / "attempts.txt"
    search_path = os.pathsep.join(folder for folder in folders if folder)
    return {**os.environ, "PYTHONPATH": search_path, blockade.REPORT: str(report)}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    """A cloud of its own for one test."""
    with Cloud() as standin:
        yield standin


@pytest.fixture
def ollama() -> Iterator[Ollama]:
    """An Ollama of its own for one test."""
    with Ollama() as standin:
        yield standin


def unused_port() -> int:
    """A port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Gives ports on loopback that nothing listens on."""
    return unused_port


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """A throw-away PostgreSQL on loopback: a function that makes a new database and returns its URL."""
    folder = binaries()
    if folder is None:
        pytest.skip("no PostgreSQL on this machine: apt-get install postgresql")
    with Postgres(folder) as server:
        yield server.new_database
