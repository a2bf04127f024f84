"""Keep the configuration in force: reload on a changed file or a signal, and never half of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from sluice.config.load import Config, load
from sluice.errors import ConfigError

log = logging.getLogger("sluice.config")


class LiveConfig:
    """Holds the last good configuration; a bad edit leaves it in place and is told in `problems`."""

    def __init__(self, path: Path, environ: Mapping[str, str], *, poll_seconds: float = 1.0) -> None:
        self._path = path
        self._environ = environ
        self._poll_seconds = poll_seconds
        self._listeners: list[Callable[[Config], None]] = []
        self._seen = self._stamp()
        self.problems: tuple[str, ...] = ()
        self.current = load(path, environ)

    def on_change(self, listener: Callable[[Config], None]) -> None:
        """Call the listener with each new configuration."""
        self._listeners.append(listener)

    def reload(self) -> bool:
        """Read the file again; True when the new one is in force."""
        self._seen = self._stamp()
        try:
            config = load(self._path, self._environ)
        except ConfigError as error:
            self.problems = error.problems
            log.error("The new configuration was not taken, the old one stays in force:\n%s", error)
            return False
        self.problems = ()
        if config != self.current:
            self.current = config
            for listener in self._listeners:
                listener(config)
            log.info("Configuration %s is in force", config.version)
        return True

    async def watch(self) -> None:
        """Reload whenever the file changes, until cancelled.

        Polling, because file events do not cross the bind mounts of containers on every platform.
        """
        while True:
            await asyncio.sleep(self._poll_seconds)
            if self._stamp() != self._seen:
                self.reload()

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = self._path.stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
