"""What one line of the audit log holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

Event = Literal["call", "consent", "alarm", "erasure", "expiry"]
PERSONAL = ("user", "chat", "message")


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision: ids, classes and counts, never a text. The log adds its number and the time.

    `user`, `chat` and `message` can be erased later; nothing else may tell whom an entry concerns.
    """

    user: str = ""
    chat: str = ""
    message: str = ""
    event: Event = "call"
    kind: str = ""  # what a call is for: chat, tool round, api, or a background task's name
    lane: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)  # hard findings by class
    weak: Mapping[str, int] = field(default_factory=dict)  # names and places that nothing ties to a matter
    masked: int = 0  # values that placeholders stand for in what left
    action: str = ""  # of the guard: allow, mask, ask, local, block; of other events what was chosen
    target: str = ""  # who chose the destination: picked by the person, or auto
    location: str = ""  # local or cloud; empty where no model was asked
    model: str = ""
    policy: str = ""  # hash of the policy in force
    reasons: tuple[str, ...] = ()
    detail: Mapping[str, str | int] = field(default_factory=dict)  # what only events other than calls have


PUBLIC = tuple(one.name for one in fields(Entry) if one.name not in PERSONAL)


def public_part(entry: Entry) -> dict[str, Any]:
    """Return what stays of an entry when the person is erased, as plain JSON values."""
    return {name: _plain(getattr(entry, name)) for name in PUBLIC}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return list(value) if isinstance(value, tuple) else value
