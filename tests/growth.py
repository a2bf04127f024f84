"""Tell linear work from quadratic, whatever machine it is and whatever else runs there."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 8  # how much longer the longer text is; quadratic work takes 64 times as long


def grows_linearly(work: Callable[[str], object], unit: str, length: int) -> bool:
    """Whether eight times the text takes nowhere near 64 times the time; `unit` is what the text repeats."""
    work(_text(unit, length // 2))
    short, long = (_seconds(work, _text(unit, size)) for size in (length, TIMES * length))
    return long < 30 * short + 0.1


def _text(unit: str, length: int) -> str:
    return (unit * length)[:length]


def _seconds(work: Callable[[str], object], text: str) -> float:
    """The best of two, without the garbage of other tests."""
    gc.disable()
    try:
        return min(_once(work, text) for _ in range(2))
    finally:
        gc.enable()


def _once(work: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    work(text)
    return time.process_time() - start
