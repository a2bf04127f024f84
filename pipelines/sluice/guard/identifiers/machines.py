"""Find the addresses of machines: IP and MAC."""

import ipaddress
import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding

_V4 = re.compile(r"[0-9](?<![\w.-][0-9])(?<!\d\.[0-9])\d{0,2}(?:\.\d{1,3}){3}(?:/\d{1,2})?(?![\w-]|\.\d)")
_VERSION = re.compile(
    r"(?:version|\bv|release|build|firmware|section|chapter|§|==|>=|<=|~=)[ .:=]{0,3}$",
    re.IGNORECASE,
)
_V6 = re.compile(
    r"[0-9a-fA-F:](?<![\w:.][0-9a-fA-F:])(?:(?<=:)|[0-9a-fA-F]{0,3}:)(?:[0-9a-fA-F]{0,4}:){1,6}"
    r"(?:[0-9a-fA-F]{1,4}|(?:\d{1,3}\.){3}\d{1,3})?(?![\w:])"
)
_MAC = re.compile(
    r"[0-9a-fA-F](?<![\w:.-][0-9a-fA-F])(?:[0-9a-fA-F](?P<gap>[:-])(?:[0-9a-fA-F]{2}(?P=gap)){4}[0-9a-fA-F]{2}(?![\w:-])"
    r"|[0-9a-fA-F]{3}\.[0-9a-fA-F]{4}\.[0-9a-fA-F]{4}(?![\w.]))"
)
# Looked for from their signs, of which a text has fewer than of digits and letters.
_LIKELY_V6 = re.compile(r":(?::|(?<=[0-9a-fA-F]:)[0-9a-fA-F]{1,4}:)")
_LIKELY_MAC = re.compile(r"[:.-](?:(?<=[0-9a-fA-F]{2}[:-])[0-9a-fA-F]{2}[:-]|(?<=[0-9a-fA-F]{4}\.)[0-9a-fA-F]{4}\.)")
_DIGIT = re.compile(r"\d")
# Ranges that every network has (RFC 1918, 3927, 4193, 4291): they tell nothing of anybody outside of it.
_EVERYWHERE = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "224.0.0.0/4", "fc00::/7",
                    "fe80::/10", "ff00::/8")
)  # fmt: skip


def machines(text: str) -> Iterator[Finding]:
    """Yield IP and MAC addresses. Networks, and addresses that every network has, are weak."""
    if text.count(".") > 2:
        for match in _V4.finditer(text):
            if not _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
                yield from _address(match)
    if text.count(":") > 1 and _LIKELY_V6.search(text):
        for match in _V6.finditer(text):
            if len(match[0]) > 4 and _DIGIT.search(match[0]):
                yield from _address(match)
    if (text.count(":") > 4 or text.count("-") > 4 or text.count(".") > 1) and _LIKELY_MAC.search(text):
        for match in _MAC.finditer(text):
            if len(set(match[0])) > 3:
                yield Finding("MAC_ADDRESS", CLASS_OF["MAC_ADDRESS"], *match.span(), 0.9)


def _address(match: re.Match[str]) -> Iterator[Finding]:
    try:
        address = ipaddress.ip_interface(match[0])
    except ValueError:
        return
    if not _of_any_machine(address.ip):
        yield Finding("IP_ADDRESS", CLASS_OF["IP_ADDRESS"], *match.span(), 0.9, _tells_nothing(match, address))


def _of_any_machine(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return ip.is_loopback or ip.is_unspecified or str(ip).startswith("255.") or (ip.version == 4 and int(ip) < 2**24)


def _tells_nothing(match: re.Match[str], address: ipaddress.IPv4Interface | ipaddress.IPv6Interface) -> bool:
    is_network = match[0].endswith("::") or ("/" in match[0] and address.ip == address.network.network_address)
    return is_network or any(address.ip in network for network in _EVERYWHERE)
