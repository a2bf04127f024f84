"""Find the caller's own name and address, which Open WebUI writes into some prompts."""

import re

from sluice.guard import CLASS_OF, Finding
from sluice.identity import Caller


def own_findings(text: str, caller: Caller) -> list[Finding]:
    """Return where the proven caller's full name (weak) and e-mail address stand; they come with the signed token."""
    if not text:
        return []
    name = _places(text, caller.name, "PERSON", weak=True) if " " in caller.name else []
    return [*_places(text, caller.email, "EMAIL_ADDRESS", weak=False), *name]


def _places(text: str, value: str, kind: str, *, weak: bool) -> list[Finding]:
    if not value:
        return []
    found = re.finditer(re.escape(value), text, re.IGNORECASE)
    return [Finding(kind, CLASS_OF[kind], *match.span(), 1.0, weak) for match in found]
