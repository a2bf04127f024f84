"""The plain values that go into the guard and come out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sluice.config.schema import Action


@dataclass(frozen=True, slots=True)
class Finding:
    """Where in a text something private stands, and what it is; never the text itself.

    A weak one is a name or a place that nothing in its text ties to a real matter.
    """

    type: str
    klass: str
    start: int
    end: int
    score: float
    weak: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without the detour of frozen dataclasses: worker processes send thousands of these."""
        return Finding, (self.type, self.klass, self.start, self.end, self.score, self.weak)

    def as_dict(self) -> dict[str, str | int | float]:
        """Return the finding in the words of the command line and of HTTP."""
        return {
            "type": self.type,
            "class": self.klass,
            "start": self.start,
            "end": self.end,
            "score": round(self.score, 2),
        }


@dataclass(frozen=True, slots=True)
class Ask:
    """What goes to the cloud only if the person says so. `id` tells nothing of it."""

    id: str
    # document, image, audio, video or file; message, tool or instructions where something may be left in one of these
    kind: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may happen to a call, and why."""

    action: Action
    counts: Mapping[str, int] = field(default_factory=dict)  # findings by class, weak ones left out
    labels: frozenset[str] = frozenset()  # the classes that are present
    reasons: tuple[str, ...] = ()  # short, in words, never with text of the call
    complete: bool = True  # False: the guard failed, so the action is "local"
    weak: Mapping[str, int] = field(default_factory=dict)  # weak findings by class
    asks: tuple[Ask, ...] = ()  # what needs the person's consent, if the action is "ask"
    masks: bool = False  # something is to be masked before the call leaves
    keeps: frozenset[str] = frozenset()  # labels for the branch of the chat, if the call stays


class Detector(Protocol):
    """What a worker process needs: find private things in a text, without overlaps."""

    def find(self, text: str, *, names: bool) -> list[Finding]:
        """Return the findings in order; `names` adds people and places to the patterns."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What only the organisation knows of itself; see `privacy.organisation` in sluice.yaml."""

    people: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()  # confidential words: project names, code names
    products: tuple[str, ...] = ()  # not yet released
    domains: tuple[str, ...] = ()  # of its mail and its internal hosts
    packages: tuple[str, ...] = ()  # names that its own source code imports
    patterns: tuple[tuple[str, str, str], ...] = ()  # (type, class, regular expression)
    fingerprints: tuple[str, ...] = ()  # files written by `sluice fingerprint`


class ModelMissing(Exception):
    """A model that a detector needs is not installed; nothing is downloaded in its place."""


def report(findings: Sequence[Finding]) -> dict[str, object]:
    """Return what `inspect` prints for one text."""
    return {
        "findings": [finding.as_dict() for finding in findings],
        "labels": sorted({finding.klass for finding in findings}),
    }
