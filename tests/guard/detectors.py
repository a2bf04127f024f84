"""Detectors and other work for the tests of the worker processes: a detector does what the text tells it to.

They are imported by name in the worker, so they stand in a module of their own.
"""

import os
import socket
import time
from collections.abc import Sequence

from sluice.guard import Detector, Finding, ModelMissing


class Obedient:
    """Finds the words of its table, and misbehaves on request."""

    def __init__(self) -> None:
        self.texts_read = 0

    def find(self, text: str, *, names: bool) -> list[Finding]:
        self.texts_read += 1
        if "HANG" in text:
            time.sleep(60)
        if "WORK" in text:
            _work(0.6)
        if "EAT" in text:
            bytearray(1 << 40)
        if "DIE" in text:
            os._exit(3)
        if "FAIL" in text:
            raise ValueError(text)
        if "CONNECT" in text:
            socket.create_connection(("127.0.0.1", 9), timeout=1)
        found = [Finding("API_KEY", "secret", at, at + 3, 1.0) for at in _places(text, "KEY")]
        found += [Finding("EMAIL_ADDRESS", "personal", at, at + 4, 1.0) for at in _places(text, "MAIL")]
        if names:
            found += [Finding("PERSON", "personal", at, at + 4, 0.85) for at in _places(text, "NAME")]
        if "PROCESS" in text:
            found += [Finding("PROCESS", "confidential", os.getpid(), os.getpid() + 1, 1.0)]
        if "COUNT" in text:
            found += [Finding("COUNT", "confidential", self.texts_read, self.texts_read + 1, 1.0)]
        return found


def obedient() -> Detector:
    return Obedient()


def without_model() -> Detector:
    raise ModelMissing("the spaCy model en_test is not installed")


def broken() -> Detector:
    raise RuntimeError("private words of somebody")


def slow_to_load() -> Detector:
    time.sleep(1.5)
    return Obedient()


def repeated(jobs: Sequence[tuple[str, int]]) -> list[str]:
    return [text * times for text, times in jobs]


def failing(jobs: Sequence[str]) -> list[str]:
    raise ValueError(*jobs)


def ending(jobs: Sequence[str]) -> list[str]:
    os._exit(0)


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def _work(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        sum(range(1000))
