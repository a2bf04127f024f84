"""Choose loopback ports once, and remember them, so that addresses stay true from start to start."""

import json
import socket
from collections.abc import Callable
from pathlib import Path

from sluice.errors import StartError

PARTS = ("gateway", "embedded", "ollama")


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As servers do: a port whose last connections are still closing down counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def public_port(text: str) -> int:
    """Read SLUICE_PUBLIC_PORT."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"SLUICE_PUBLIC_PORT is `{text}`, which is no port. Use a number between 1 and 65535.")
    return int(text)


def remembered(file: Path, public: int, free: Callable[[int], bool] = is_free) -> dict[str, int]:
    """The ports of the parts behind the public one: as remembered in the file, else the next free ones."""
    chosen = known(file)
    taken = {public, *chosen.values()}
    for part in PARTS:
        if part not in chosen:
            chosen[part] = _next_free(public, taken, free)
            taken.add(chosen[part])
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(chosen, indent=2) + "\n")
    draft.replace(file)
    return chosen


def known(file: Path) -> dict[str, int]:
    """The ports that were chosen earlier, none before the first start."""
    try:
        chosen = json.loads(file.read_text())
        return {part: int(chosen[part]) for part in PARTS if part in chosen}
    except (OSError, ValueError, TypeError):
        return {}


def _next_free(public: int, taken: set[int], free: Callable[[int], bool]) -> int:
    # Far from the public port, where the next instance beside this one looks for its own.
    first = public + 6100 if public + 6100 < 65000 else public - 6100
    for port in range(max(first, 1024), 65536):
        if port not in taken and free(port):
            return port
    raise StartError("No free port was found on 127.0.0.1. End programs that listen there, and start again.")


def require_free(port: int, host: str, *, use: str, mend: str) -> None:
    """Raise a sentence for a port that another program holds."""
    if not is_free(port, host):
        raise StartError(f"Port {port} is used by another program, and {use} needs it. {mend}")
