"""Read from compose.yaml how the parts are wired, and give the same environment to parts that run natively."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sluice.errors import StartError
from sluice.workstation.interpolation import interpolate, read_env_file
from sluice.workstation.places import Places

SECRETS_MOUNT = "/run/secrets"


@dataclass(frozen=True, slots=True)
class Wiring:
    """The services of compose.yaml with every variable replaced, keys included, so `repr` leaves them out.

    `folder` is what its paths are relative to.
    """

    services: Mapping[str, Mapping[str, Any]] = field(repr=False)
    secrets: Mapping[str, Mapping[str, Any]] = field(repr=False)
    folder: Path

    def environment(self, service: str) -> dict[str, str]:
        """A service's environment as its container would get it."""
        given = self.services[service].get("environment", {})
        return {name: _as_text(value) for name, value in given.items() if value is not None}

    def mounts(self, service: str, places: Places) -> dict[str, Path]:
        """Where each folder that a service sees inside its container is on this machine."""
        found: dict[str, Path] = {}
        for volume in self.services[service].get("volumes", []):
            source, target = volume.split(":")[:2]
            is_path = source.startswith((".", "/", "~"))
            found[target] = (self.folder / source).resolve() if is_path else places.home / source
        for name in self.services[service].get("secrets", []):
            found[f"{SECRETS_MOUNT}/{name}"] = (self.folder / self.secrets[name]["file"]).resolve()
        return found


def read(root: Path, environ: Mapping[str, str]) -> Wiring:
    """Read the root file and what it includes. Variables come from .env, and first from the caller's environment."""
    values = {**read_env_file(root / ".env"), **environ}
    services: dict[str, Any] = {}
    secrets: dict[str, Any] = {}
    [included] = _load(root / "compose.yaml")["include"]
    tree = interpolate(_load(root / included), values)
    services.update(tree["services"])
    secrets.update(tree.get("secrets") or {})
    return Wiring(services, secrets, (root / included).parent)


def native_environment(
    wiring: Wiring, service: str, places: Places, addresses: Mapping[str, str], own: Mapping[str, str]
) -> dict[str, str]:
    """A service's environment with container addresses and paths replaced by those of this machine.

    `addresses` maps what Compose's network calls a server (`http://gateway:9099`) to where it is here. `own` holds
    the few values that are different natively by nature.
    """
    mounts = wiring.mounts(service, places)
    given = wiring.environment(service)
    return {**{name: _here(value, mounts, addresses) for name, value in given.items()}, **own}


def _here(value: str, mounts: Mapping[str, Path], addresses: Mapping[str, str]) -> str:
    for target, folder in mounts.items():
        if value == target or value.startswith(f"{target}/"):
            return str(folder) + value.removeprefix(target)
    for there, here in addresses.items():
        value = re.sub(re.escape(there) + r"(?![\w.:-])", lambda _, here=here: here, value)  # type: ignore[misc]
    return value


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        raise StartError("compose.yaml has a true or false without quotes in an environment. Put it in quotes.")
    return str(value)


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StartError(f"{path} cannot be read ({error.strerror}). It belongs to the checkout.") from None
    except yaml.YAMLError as error:
        raise StartError(f"{path} is not valid YAML: {error}") from None
