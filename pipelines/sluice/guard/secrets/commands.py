"""Passwords on command lines and in the small files that such commands read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import places
from sluice.guard.secrets.values import is_literal
from sluice.guard.values import Finding

_SCORE = 0.8
_TYPE = "PASSWORD"


@dataclass(frozen=True, slots=True)
class Command:
    """A word, and what stands after it up to the value: the rest of one line."""

    word: str
    rest: re.Pattern[str]


def _command(word: str, rest: str) -> Command:
    return Command(word, re.compile(rest))


_LINE = r"(?:[^\r\n\\]|\\\r?\n){0,300}?"
_VALUE = r"""(?:(?P<quote>["'])(?P<quoted>[^"'\r\n]{3,200})(?P=quote)|(?P<value>[^\s"']{3,200}))"""

COMMANDS: tuple[Command, ...] = (
    _command("curl", rf"\b{_LINE}[ ](?:-u|--user|-U|--proxy-user)(?:[ =]"
        rf"|(?=[\"']))?[\"']?[^\s:\"']{{1,60}}:(?P<value>[^\s\"']{{3,200}})"),
    _command("http", rf"[ ]{_LINE}[ ](?:-a|--auth)[ =][\"']?[^\s:\"']{{1,60}}:(?P<value>[^\s\"']{{3,200}})"),
    _command("mysql", rf"(?:dump|admin|import|show)?(?:\.exe)?[ ]{_LINE}(?<=[ ])-p{_VALUE}"),
    _command("mariadb", rf"(?:-\w+)?[ ]{_LINE}(?<=[ ])-p{_VALUE}"),
    _command("sshpass", rf"[ ]{_LINE}(?<=[ ])-p[ ]?{_VALUE}"),
    _command("login", rf"[ ]{_LINE}(?<=[ ])-p[ ]{_VALUE}"),
    _command("redis-cli", rf"[ ]{_LINE}(?<=[ ])(?:-a|--pass)[ ]{_VALUE}"),
    _command("sqlcmd", rf"[ ]{_LINE}(?<=[ ])-P[ ]?{_VALUE}"),
    _command("bcp", rf"[ ]{_LINE}(?<=[ ])-P[ ]?{_VALUE}"),
    _command("ldap", rf"(?:search|modify|add|delete|passwd|whoami)[ ]{_LINE}(?<=[ ])-w[ ]{_VALUE}"),
    _command("smbclient", rf"[ ]{_LINE}(?<=[ ])-U[ ]?[\"']?[\w.\\\-]{{1,40}}%{_VALUE}"),
    _command("openssl", rf"[ ]{_LINE}[ ](?:-pass(?:in|out)?[ ])?pass:{_VALUE}"),
    _command("keytool", rf"[ ]{_LINE}[ ]-(?:store|key|dest|src)pass(?:word)?[ ]{_VALUE}"),
    _command("net use", rf"[ ]{_LINE}[ ]/user:\S{{1,60}}[ ]{_VALUE}"),
    _command("net user", rf"[ ][\w.\-]{{1,60}}[ ]{_VALUE}"),
    _command("ssh-keygen", rf"[ ]{_LINE}(?<=[ ])-[NP][ ]?{_VALUE}"),
    _command("unzip", rf"[ ]{_LINE}(?<=[ ])-P[ ]{_VALUE}"),
    _command("zip", rf"[ ]{_LINE}(?<=[ ])-P[ ]{_VALUE}"),
    _command("7z", rf"[ ]{_LINE}(?<=[ ])-p{_VALUE}"),
    _command("requirepass", rf"[ ]{{1,4}}{_VALUE}"),
    _command("masterauth", rf"[ ]{{1,4}}{_VALUE}"),
    _command("snmp-server community", rf"[ ]{_VALUE}"),
    _command("enable secret", rf"[ ](?:\d[ ])?{_VALUE}"),
    _command("enable password", rf"[ ](?:\d[ ])?{_VALUE}"),
    # .netrc, on one line or several
    _command("login", rf"[ ]\S{{1,100}}\s{{1,8}}password[ ]{_VALUE}"),
)  # fmt: skip

# Files with a line for each user or server, told by the ports or the marks of their hashes.
_PGPASS = re.compile(
    r"^[\w.\-*]{1,100}:(?:\d{2,5}|\*):[^:\s]{1,64}:[^:\s]{1,64}:(?P<value>[^\r\n]{3,200}?)[ \t]*$", re.MULTILINE
)
_HASHED = re.compile(r"\$(?:[156y]|2[abxy]|apr1|argon2(?:id?|d)|scrypt|pbkdf2(?:-sha\d+)?)\$[A-Za-z0-9./$=,+]{20,200}")
_PIPED = re.compile(
    r"""\b(?:echo|printf)[ ](?:-n[ ])?(?P<quote>["']?)(?:[\w.\-]{1,40}:)?(?P<value>[^\s"'|]{4,200})(?P=quote)"""
    r"""[ ]{0,3}\|[ ]{0,3}"""
    r"(?:sudo[ ]-S|(?:sudo[ ])?chpasswd|passwd|docker[ ]login|.{0,60}--password-stdin|.{0,40}--passphrase-fd"
    r"|gh[ ]auth|kinit)"
)


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield the passwords of commands."""
    for command in [command for command in COMMANDS if command.word in lowered]:
        done = 0
        for at in places(lowered, command.word):
            match = command.rest.match(text, at + len(command.word)) if at >= done else None
            if match:
                done = match.end()
                yield from _judged(match)
    if ":5432:" in text or ":*:" in text or ":3306:" in text:
        yield from _all(_PGPASS, text)
    if "$" in text:
        yield from _all(_HASHED, text)
    if "| " in text and ("echo" in text or "printf" in text):
        yield from _all(_PIPED, text)


def _all(pattern: re.Pattern[str], text: str) -> Iterator[Finding]:
    for match in pattern.finditer(text):
        yield from _judged(match)


def _judged(match: re.Match[str]) -> Iterator[Finding]:
    """Yield the value; a group of that name, one in quotes, or all of the match."""
    groups = match.groupdict()
    name = next((name for name in ("value", "quoted") if groups.get(name)), 0)
    if name == 0 or is_literal(match[name]):
        yield Finding(_TYPE, CLASS_OF[_TYPE], *match.span(name), _SCORE)
