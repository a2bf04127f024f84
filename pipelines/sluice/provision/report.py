"""What provisioning did or would do, as lines for a terminal."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Report:
    """`differs` is true where Open WebUI is not, or was not before a check, as our files ask."""

    check: bool
    heading: str
    changes: tuple[str, ...]
    writes: int
    kept: tuple[str, ...]
    left: tuple[str, ...]
    failed: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0 in line, 1 drift (check) or something that could not be set."""
        if self.check:
            return 1 if self.changes or self.left else 0
        return 1 if self.failed else 0

    def lines(self) -> list[str]:
        sections = {
            "would change" if self.check else "changed": self.changes,
            "kept": self.kept,
            "left to you": self.left,
            "failed": self.failed,
        }
        body = [f"  {name:<13} {line}" for name, entries in sections.items() for line in entries]
        return [self.heading, *body, self._summary()]

    def _summary(self) -> str:
        count = len(self.changes)
        things = f"{count} {'change' if count == 1 else 'changes'}"
        if not self.check:
            return f"{things} ({self.writes} writes)."
        if not self.changes and not self.left:
            return "0 changes: Open WebUI is as presets/ asks."
        return f"Drift: {things} for `./scripts/sluice provision` to make, {len(self.left)} left to you."
