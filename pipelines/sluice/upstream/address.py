"""Prove by its address that a server is not on the internet."""

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit


def host_of(url: str) -> str:
    """The host of a URL, lower-case, empty when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def literal_is_private(host: str) -> bool | None:
    """Whether an IP literal or `localhost` is on this machine or a private network; None for other names."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return _is_private(ipaddress.ip_address(host))
    except ValueError:
        return None


async def resolves_private(url: str) -> bool | None:
    """Whether every address of the host is private; None when the name does not resolve now."""
    host = host_of(url)
    literal = literal_is_private(host)
    if literal is not None:
        return literal
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return None
    return all(_is_private(ipaddress.ip_address(entry[4][0])) for entry in found)


def _is_private(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    # Shared address space (100.64.0.0/10) counts: mesh VPNs live there, and it is not routed publicly.
    shared = address.version == 4 and address in ipaddress.ip_network("100.64.0.0/10")
    return _is_private(mapped) if mapped else address.is_private or address.is_loopback or shared
