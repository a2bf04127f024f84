"""Show on a terminal what a start is doing, how far it is and what it waits for; in a log, as plain lines."""

import shutil
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

WIDTH = 24
PLAIN_EVERY_SECONDS = 30.0


class Step:
    """One line of progress. Use as a context manager; `at` may be called from the block as often as it likes.

    A step whose length is not known shows the share of the time it usually takes.
    """

    def __init__(
        self,
        title: str,
        *,
        usual_seconds: float = 0,
        out: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._title = title
        self._usual = usual_seconds
        self._out = out or sys.stderr
        self._clock = clock
        self._live = self._out.isatty()
        self._began = clock()
        self._share = 0.0
        self._waiting_for = ""
        self._look: Callable[[], None] = lambda: None
        self._done = threading.Event()
        self._ticker = threading.Thread(target=self._tick, daemon=True)

    def __enter__(self) -> Self:
        if not self._live:
            self._write(f"{self._title} …\n")
        self._ticker.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._ticker.join()
        mark = "✓" if kind is None else "✗"
        self._write(f"{self._clear()}{mark} {self._title}  {_clock_face(self._elapsed)}\n")

    def at(self, share: float | None = None, waiting_for: str = "") -> None:
        """Say how much is done (0 to 1), and what is being waited for."""
        if share is not None:
            self._share = max(self._share, min(share, 1.0))
        if waiting_for:
            self._waiting_for = waiting_for

    def look(self, look: Callable[[], None]) -> None:
        """Before each redrawing, look how far a silent stretch of work is; `look` calls `at`."""
        self._look = look

    @property
    def _elapsed(self) -> float:
        return self._clock() - self._began

    def _tick(self) -> None:
        while not self._done.wait(0.25 if self._live else PLAIN_EVERY_SECONDS):
            self._look()
            self._write(self._clear() + self._line() if self._live else self._line() + "\n")

    def _line(self) -> str:
        share = self._share
        if self._usual:
            # Nears the end without reaching it, since only the end of the step says that it is done.
            share = max(share, min(0.95, self._elapsed / self._usual))
        full = int(share * WIDTH)
        bar = "█" * full + "░" * (WIDTH - full)
        detail = f"  {self._waiting_for}" if self._waiting_for else ""
        line = f"  {self._title}  {bar} {share:4.0%}  {_clock_face(self._elapsed)}{detail}"
        # A line that wraps could not be written over.
        return line[: shutil.get_terminal_size((120, 24)).columns - 1]

    def _clear(self) -> str:
        return "\r\x1b[2K" if self._live else ""

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _clock_face(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
