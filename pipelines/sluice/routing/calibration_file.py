"""Keep the calibration in the data folder: read it, replace it in one step, follow it while the gateway runs."""

import asyncio
import logging
import os
import tempfile
from pathlib import Path

from pydantic import ValidationError

from sluice.errors import CalibrationError
from sluice.routing.calibration import Calibration

FILE = "calibration.json"
PREVIOUS = "calibration.previous.json"
log = logging.getLogger("sluice.calibration")


def read_calibration(data: Path) -> Calibration:
    """Return what the data folder holds; nothing where there is no file. Raises CalibrationError for a broken one."""
    path = data / FILE
    try:
        return Calibration.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Calibration()
    except OSError as error:
        raise CalibrationError(path, type(error).__name__) from None
    except ValidationError as error:
        fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
        place = ".".join(str(part) for part in fault["loc"])
        raise CalibrationError(path, f"`{place}`: {fault['msg']}" if place else fault["msg"]) from None


def write_calibration(data: Path, calibration: Calibration) -> None:
    """Replace the file in one step; the one before it is kept beside it."""
    data.mkdir(parents=True, exist_ok=True)
    path = data / FILE
    if path.exists():
        _replace(data / PREVIOUS, path.read_text("utf-8"))
    _replace(path, calibration.model_dump_json(indent=2) + "\n")


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(file.name, path)


class LiveCalibration:
    """Holds the last good calibration; a broken file leaves it in place and is logged."""

    def __init__(self, data: Path, *, poll_seconds: float = 2.0) -> None:
        self._data = data
        self._poll_seconds = poll_seconds
        self._seen: tuple[int, int, int] | None = None
        self.current = Calibration()
        self.reload()

    def reload(self) -> None:
        """Read the file again."""
        self._seen = self._stamp()
        try:
            self.current = read_calibration(self._data)
        except CalibrationError as error:
            # The calibration only moves calls among the models that the guard allows: the gateway goes on without.
            log.error("%s The last good one stays in force.", error)

    async def watch(self) -> None:
        """Reload whenever the file changes, until cancelled."""
        while True:
            await asyncio.sleep(self._poll_seconds)
            if self._stamp() != self._seen:
                self.reload()
                log.info("The calibration was read again")

    def _stamp(self) -> tuple[int, int, int] | None:
        try:
            stat = (self._data / FILE).stat()
        except OSError:
            return None
        return stat.st_mtime_ns, stat.st_size, stat.st_ino
