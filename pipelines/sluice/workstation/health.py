"""Ask a local server whether it is up, and wait until it is."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sluice.errors import StartError

# Proxies of the environment are not asked: these servers are on this machine.
_open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open


def answers(url: str, seconds: float = 2.0) -> bool:
    """Whether a GET is answered with success."""
    return _get(url, seconds) is not None


def json_at(url: str, seconds: float = 2.0) -> Any:
    """What a GET answers as JSON; None where there is no such answer."""
    try:
        return json.loads(_get(url, seconds) or b"null")
    except ValueError:
        return None


def wait(
    title: str, url: str, *, alive: Callable[[], bool], log: Path, limit_seconds: float, poll_seconds: float = 0.2
) -> None:
    """Return when the URL answers. Raises StartError when its process ends before, or takes too long."""
    deadline = time.monotonic() + limit_seconds
    while not answers(url):
        if not alive():
            raise StartError(f"{title} ended while it was starting. {_last_words(log)}")
        if time.monotonic() > deadline:
            raise StartError(f"{title} did not answer within {limit_seconds:.0f} seconds. Its log: {log}")
        time.sleep(poll_seconds)


def _get(url: str, seconds: float) -> bytes | None:
    try:
        with _open(url, timeout=seconds) as answer:
            body: bytes = answer.read()
            return body
    except (OSError, urllib.error.URLError, ValueError):
        return None


def _last_words(log: Path) -> str:
    try:
        lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    except OSError:
        lines = []
    if not lines:
        return f"Its log is empty: {log}"
    return f"It said: {lines[-1].strip()[:300]}\nThe rest is in {log}"
