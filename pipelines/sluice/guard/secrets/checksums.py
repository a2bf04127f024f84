"""Checksums that some issuers put into their keys: proof of a key where they hold, and no excuse where they do not."""

import string
import zlib

_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
_CHECKED = ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "npm_")
_CHECK = 6  # characters


def holds(key: str) -> bool:
    """Say whether a key of GitHub or npm ends with the CRC-32 of what stands before, in base 62.

    Source: github.blog, "Behind GitHub's new authentication token formats", 2021.
    """
    if not key.startswith(_CHECKED) or len(key) < 4 + _CHECK:
        return False
    body, check = key[4:-_CHECK], key[-_CHECK:]
    return body.isascii() and base62(zlib.crc32(body.encode())) == check


def base62(number: int) -> str:
    """Return a number below 62 to the sixth as six digits."""
    digits = ""
    for _ in range(_CHECK):
        number, digit = divmod(number, 62)
        digits = _BASE62[digit] + digits
    return digits
