"""One gateway process for all tests that leave it as it was; others start their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import unused_port
from tests.server.process import Running
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama


def environ_for(offline: Mapping[str, str], cloud: Cloud, ollama: Ollama) -> dict[str, str]:
    return {
        **offline,
        "OLLAMA_BASE_URL": ollama.url,
        "OPENAI_API_BASE": cloud.openai_base,
        "OPENAI_API_KEY": "sk-canary",
        # The strictest setting for what may be printed.
        "SLUICE_LOG_LEVEL": "DEBUG",
        "GLOBAL_LOG_LEVEL": "DEBUG",
    }


@pytest.fixture(scope="session")
def shared_cloud() -> Iterator[Cloud]:
    with Cloud() as standin:
        yield standin


@pytest.fixture(scope="session")
def shared_ollama() -> Iterator[Ollama]:
    with Ollama() as standin:
        yield standin


@pytest.fixture(scope="session")
def shared_gateway(
    tmp_path_factory: pytest.TempPathFactory,
    offline_environment: dict[str, str],
    shared_cloud: Cloud,
    shared_ollama: Ollama,
) -> Iterator[Running]:
    environ = environ_for(offline_environment, shared_cloud, shared_ollama)
    with Running(tmp_path_factory.mktemp("gateway"), unused_port(), environ) as running:
        yield running


@pytest.fixture
def gateway(shared_gateway: Running, shared_cloud: Cloud, shared_ollama: Ollama) -> Iterator[Running]:
    """The shared process, with stand-ins that remember nothing of earlier tests."""
    for standin in (shared_cloud, shared_ollama):
        standin.script.reset()
        standin.record.clear()
    shared_ollama.seen.clear()
    yield shared_gateway
    shared_cloud.script.reset()
    shared_ollama.script.reset()


@pytest.fixture
def make_gateway(
    tmp_path: Path, offline_environment: dict[str, str], cloud: Cloud, ollama: Ollama
) -> Iterator[Callable[..., Running]]:
    """Makes a gateway of a test's own, not started; what still runs at the end is stopped."""
    made: list[Running] = []

    def make(**environ: str) -> Running:
        running = Running(tmp_path, unused_port(), {**environ_for(offline_environment, cloud, ollama), **environ})
        made.append(running)
        return running

    yield make
    for running in made:
        if running.process is not None:
            running.stop()
