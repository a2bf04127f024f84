"""What the server needs to start, read from the environment once."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sluice.config.references import Unset, from_environment
from sluice.errors import StartError

DEFAULT_KEY = "0p3n-w3bu!"  # the stock server's, printed in its documentation
SHORTEST_KEY = 16


@dataclass(frozen=True, slots=True)
class Settings:
    """Addresses, paths and the two secrets, which its `repr` leaves out."""

    config: Path
    data: Path
    host: str
    port: int
    key: str = field(repr=False)
    identity_secret: str = field(repr=False)


def from_environ(environ: Mapping[str, str]) -> Settings:
    """Raises StartError naming the variable that is missing or unsafe."""
    return Settings(
        config=config_path(environ),
        data=data_folder(environ),
        host=_host(environ.get("SLUICE_HOST") or "127.0.0.1"),
        port=_port(environ.get("SLUICE_PORT") or "9099"),
        key=_key(environ),
        identity_secret=_identity_secret(environ),
    )


def config_path(environ: Mapping[str, str]) -> Path:
    """Where sluice.yaml is."""
    return Path(environ.get("SLUICE_CONFIG") or "compose/sluice.yaml")


def data_folder(environ: Mapping[str, str]) -> Path:
    """Where valves and the ledger are kept."""
    return Path(environ.get("SLUICE_DATA") or Path.home() / ".local/share/sluice/gateway")


def _key(environ: Mapping[str, str]) -> str:
    key = from_environment("SLUICE_KEY", environ)
    if isinstance(key, Unset):
        raise StartError(f"The gateway does not start without a key: {key.why}. Set SLUICE_KEY or SLUICE_KEY_FILE.")
    if key == DEFAULT_KEY or len(key) < SHORTEST_KEY:
        raise StartError(
            f"The gateway does not start with the well-known default key or one under {SHORTEST_KEY} characters. "
            "Set SLUICE_KEY to a long random text."
        )
    return key


def _identity_secret(environ: Mapping[str, str]) -> str:
    """Without one nobody is known, so that every call stays local: no reason not to start."""
    secret = from_environment("SLUICE_IDENTITY_SECRET", environ)
    if isinstance(secret, Unset):
        return ""
    if len(secret) < 32:
        raise StartError(
            "SLUICE_IDENTITY_SECRET has under 32 characters. Set a longer random text, here and in Open WebUI."
        )
    return secret


def _host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        if host == "localhost":
            return host
        raise StartError("SLUICE_HOST is no IP address. Use 127.0.0.1, or 0.0.0.0 inside a container.") from None


def _port(port: str) -> int:
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise StartError("SLUICE_PORT is no port number. Use one between 1 and 65535.")
    return int(port)
