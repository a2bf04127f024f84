"""Resolve values that point elsewhere: `os.environ/NAME` (or NAME_FILE) and `file:/path`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ENVIRONMENT = "os.environ/"
FILE = "file:"


@dataclass(frozen=True, slots=True)
class Unset:
    """A reference that leads nowhere; `why` says what to set."""

    why: str


def resolve(value: Any, environ: Mapping[str, str]) -> Any | Unset:
    """Return what a value refers to, the value itself if it refers to nothing, or Unset."""
    if not isinstance(value, str):
        return value
    if value.startswith(ENVIRONMENT):
        return from_environment(value.removeprefix(ENVIRONMENT), environ)
    if value.startswith(FILE):
        return _from_file(value.removeprefix(FILE))
    return value


def from_environment(name: str, environ: Mapping[str, str]) -> str | Unset:
    """Read NAME, or the file that NAME_FILE names, as container secrets are given."""
    if value := environ.get(name, "").strip():
        return value
    if path := environ.get(f"{name}_FILE", "").strip():
        return _from_file(path)
    return Unset(f"{name} is not set")


def _from_file(path: str) -> str | Unset:
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return Unset(f"the file {path} cannot be read")
    return value or Unset(f"the file {path} is empty")
