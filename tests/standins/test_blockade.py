"""Tests cannot leave the machine, and neither can what they start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.standins import blockade


async def test_a_swallowed_attempt_is_still_remembered(network_attempts: list[str]) -> None:
    async with httpx.AsyncClient() as client:
        with pytest.raises((httpx.ConnectError, blockade.NetworkBlocked)):
            await client.get("http://192.0.2.1/")

    assert len(network_attempts) == 1
    network_attempts.clear()


def test_names_are_not_looked_up(network_attempts: list[str]) -> None:
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://example.invalid/")

    assert network_attempts == ["getaddrinfo example.invalid"]
    network_attempts.clear()


def test_child_processes_are_blocked_and_reported(offline_environment: dict[str, str]) -> None:
    code = "import urllib.request as r; r.urlopen('http://192.0.2.1/', timeout=2)"

    child = subprocess.run([sys.executable, "-c", code], env=offline_environment, capture_output=True, text=True)

    assert "The network is blocked in tests" in child.stderr
    assert "192.0.2.1" in Path(offline_environment[blockade.REPORT]).read_text()
