"""Bring a record in line field by field, without undoing what an admin changed since we last wrote it.

Beside each record stands what we wrote last, as a hash for each field. A field that still has that hash is
ours to change; one that has another was edited by an admin and is kept, unless it is enforced or forced.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

ABSENT: Any = None  # Open WebUI drops empty fields on saving, so absent and null are the same


@dataclass(frozen=True, slots=True)
class Merged:
    """`values` are the fields to write, `kept` those an admin edited, `stamp` what to remember."""

    values: Mapping[str, Any]
    kept: tuple[str, ...]
    stamp: Mapping[str, str]


def fingerprint(value: Any) -> str:
    """A short hash that does not depend on the order of keys."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def merge(
    wanted: Mapping[str, Any],
    current: Mapping[str, Any],
    stamp: Mapping[str, str],
    *,
    enforced: Iterable[str] = (),
    unstamped_is_ours: bool = False,
    force: bool = False,
) -> Merged:
    """Decide for each field; a field we once wrote and no longer want is emptied if it is still ours.

    `unstamped_is_ours` fits records that Open WebUI fills itself: a value that we never wrote is its default
    then, no edit.
    """
    ours_alone = set(enforced)
    values: dict[str, Any] = {}
    kept: list[str] = []
    for name in [*wanted, *(name for name in stamp if name not in wanted)]:
        want, have = wanted.get(name, ABSENT), current.get(name, ABSENT)
        if want == have:
            continue
        before = stamp.get(name, fingerprint(have if unstamped_is_ours else ABSENT))
        edited = fingerprint(have) != before
        if edited and not force and name not in ours_alone:
            if name in wanted:
                kept.append(name)
            continue
        values[name] = want
    return Merged(values, tuple(kept), {name: fingerprint(value) for name, value in wanted.items()})
