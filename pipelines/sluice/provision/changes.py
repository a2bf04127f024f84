"""The values that the parts of a plan return."""

from dataclasses import dataclass

from sluice.provision.webui import Write


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs, in words, and the writes that put it right, in order."""

    subject: str
    what: str
    writes: tuple[Write, ...]

    def __str__(self) -> str:
        return f"{self.subject}: {self.what}"


@dataclass(frozen=True, slots=True)
class Findings:
    """What one part of the comparison found."""

    changes: tuple[Change, ...] = ()
    kept: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
