"""Find a login again wherever it stands: in a log, a path, or before the `@` of its owner's mail address."""

import re
from collections.abc import Iterator, Sequence

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.logins import is_word
from sluice.guard.matching import places_among
from sluice.guard.values import Finding

_LEAST = 5  # characters; shorter ones are too often something else
_TOKEN = re.compile(r"([A-Za-z][\w.-]{4,39}(?<![.-]))")


def repeats(text: str, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the other places of the logins that were found, and of what stands before an `@`; all weak."""
    logins = {login for finding in found if (login := _login(text, finding)) and not is_word(login)}
    if not logins:
        return
    written = {token for token in set(_TOKEN.findall(text)) if token.lower() in logins}
    for start, end in places_among(_TOKEN, text, written) if written else ():
        yield Finding("USERNAME", CLASS_OF["USERNAME"], start, end, 0.5, True)


def _login(text: str, finding: Finding) -> str:
    written = text[finding.start : finding.end].lower()
    if finding.type == "EMAIL_ADDRESS":
        written = written.partition("@")[0]
    elif finding.type != "USERNAME":
        return ""
    return written if len(written) >= _LEAST else ""
