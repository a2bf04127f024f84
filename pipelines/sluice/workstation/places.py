"""Where the workstation keeps things: the checkout, the home of an instance, and the cache that instances share."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute folders. `home` belongs to one instance, `cache` may serve several at once."""

    root: Path
    home: Path
    cache: Path

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def admin_password(self) -> Path:
        return self.secrets / "admin_password"


def places(environ: Mapping[str, str], root: Path = ROOT) -> Places:
    """Follow SLUICE_HOME and SLUICE_CACHE, else the XDG folders."""
    user = Path(environ.get("HOME") or Path.home())
    data = Path(environ.get("XDG_DATA_HOME") or user / ".local" / "share")
    cache = Path(environ.get("XDG_CACHE_HOME") or user / ".cache")
    return Places(
        root=root,
        home=Path(environ.get("SLUICE_HOME") or data / "sluice").absolute(),
        cache=Path(environ.get("SLUICE_CACHE") or cache / "sluice").absolute(),
    )
