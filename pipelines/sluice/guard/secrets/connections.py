"""Addresses of servers with a user's password in them."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import places
from sluice.guard.secrets.values import is_value
from sluice.guard.values import Finding

_TYPE = "CONNECTION_STRING"
_SCORE = 1.0
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]{1,30}\Z")
# The password reaches to the last `@` of what stands there without a space, for it may hold one itself.
_AUTHORITY = re.compile(
    r"""(?P<user>[^\s:/?#@"'<>]{0,100}):(?P<password>[^\s"'<>`]{1,200})@(?P<host>[^\s"'<>`)@/]{1,200})"""
)
_AFTER = re.compile(r"""[^\s"'<>`)]{0,300}""")
_ORACLE = re.compile(
    r"""(?<![\w/])(?P<user>\w{1,40})/(?P<password>[^\s/@"'<>]{3,100})@(?://)?(?P<host>[\w.\-]{1,100}"""
    r"""(?::\d{2,5})?/[\w.]{1,60})"""
)
_WITHOUT_SCHEME = re.compile(
    r"""(?<![\w/.])(?P<user>[\w.\-]{1,60}):(?P<password>[^\s/@"'<>:]{3,100})@(?P<host>[\w.\-]{1,100}:\d{2,5})"""
    r"""(?:/[\w\-]{1,60})?"""
)
_LOCAL = re.compile(
    r"(?:localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|db|database|postgres|mysql|mongo|mongodb|redis|rabbitmq|host"
    r"|server|example\.\w+)(?::\w*)?$",
    re.I,
)


# Uid=app;Pwd=…;Database=main of ODBC, ADO and JDBC, where the value reaches to the next semicolon.
_FIELD = re.compile(
    r"""(?<=[;?&\s"'`:])(?:password|pwd|pass)[ ]?=[ ]?(?P<value>\{[^}\r\n]{3,200}\}|[^;"'`\r\n]{3,200})""",
    re.IGNORECASE,
)
_OTHER_FIELD = re.compile(
    r"(?:server|data source|host|hostname|uid|user|user ?id|username|driver|database|initial catalog|provider"
    r"|dsn|port|address)"
    r"[ ]?=[^;=\r\n]{0,100};|;[ ]?(?:server|database|encrypt|uid|user ?id|trusted_connection|integrated security"
    r"|port|driver)[ ]?=",
    re.IGNORECASE,
)


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield addresses with a password, from their scheme to their end, and the passwords of other strings."""
    if ";" in text and "=" in text and ("pwd" in lowered or "pass" in lowered):
        yield from _fields(text)
    if "@" not in text or ":" not in text:
        return
    for at in places(text, "://"):
        yield from _address(text, at)
    for match in _WITHOUT_SCHEME.finditer(text) if _may_lack_a_scheme(text) else ():
        if _is_secret(match):
            yield Finding(_TYPE, CLASS_OF[_TYPE], *match.span(), 0.8)
    if "oracle:" in text or "sqlplus" in text:
        for match in _ORACLE.finditer(text):
            if _is_secret(match):
                yield Finding(_TYPE, CLASS_OF[_TYPE], *match.span(), _SCORE)


def _address(text: str, at: int) -> Iterator[Finding]:
    scheme = _SCHEME.search(text[max(0, at - 31) : at])
    match = _AUTHORITY.match(text, at + 3) if scheme else None
    if scheme and match and _is_secret(match):
        end = _AFTER.match(text, match.end())
        yield Finding(_TYPE, CLASS_OF[_TYPE], at - len(scheme[0]), end.end() if end else match.end(), _SCORE)


def _fields(text: str) -> Iterator[Finding]:
    for match in _FIELD.finditer(text):
        start, end = match.span("value")
        begin = text.rfind("\n", max(0, start - 300), start) + 1 or max(0, start - 300)
        if is_value(match["value"]) and _OTHER_FIELD.search(text, begin, min(len(text), end + 200)):
            yield Finding("PASSWORD", CLASS_OF["PASSWORD"], start, end, _SCORE)


_PORT = re.compile(r"@[\w.\-]{1,100}:\d")


def _may_lack_a_scheme(text: str) -> bool:
    return bool(_PORT.search(text))


def _is_secret(match: re.Match[str]) -> bool:
    """Leave out placeholders, and the password that is the user's name on a server that everybody has."""
    password = match["password"]
    if not is_value(password):
        return False
    return not (password == match["user"] and _LOCAL.match(match["host"]))
