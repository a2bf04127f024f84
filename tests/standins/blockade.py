"""Refuse every connection and name lookup that leaves this machine, and remember the attempt.

An audit hook sees what goes through Python's socket module in any thread, asyncio included; only code with
its own sockets (uvloop's transports, gRPC) passes it by. Standard library only: child processes load it too.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from typing import Any

LOOPBACK_NAMES = frozenset({"", "localhost", "localhost.localdomain", "ip6-localhost"})
REPORT = "SLUICE_TEST_BLOCKED_FILE"

attempts: list[str] = []


class NetworkBlocked(OSError):
    """A test, or something it started, tried to leave the machine."""


def install() -> None:
    """Start refusing; there is no way back within a process, as audit hooks stay."""
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        outside = isinstance(address, tuple) and not _is_loopback(address[0], names_allowed=True)
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        # A literal address needs no lookup; connecting to it is refused above.
        address = arguments[0]
        outside = not _is_loopback(address, names_allowed=False) and not _is_literal(address)
    else:
        return
    if outside:
        _refuse(event, address)


def _refuse(event: str, address: Any) -> None:
    attempt = f"{event.removeprefix('socket.')} {address}"
    attempts.append(attempt)
    report = os.environ.get(REPORT)
    if report:
        with open(report, "a", encoding="utf-8") as lines:
            lines.write(f"{attempt} by {' '.join(sys.orig_argv)[:200]}\n")
    raise NetworkBlocked(f"The network is blocked in tests: {attempt}")


def _is_loopback(host: Any, *, names_allowed: bool) -> bool:
    text = _text(host)
    if text in LOOPBACK_NAMES:
        return True
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        # A name given to connect() is looked up first, which is an event of its own.
        return names_allowed
    return address.is_loopback or address.is_unspecified


def _is_literal(host: Any) -> bool:
    try:
        ipaddress.ip_address(_text(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _text(host: Any) -> str:
    if host is None:
        return ""
    return host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else str(host)
