"""Find everything private in one text: secrets, identifiers, and the names of people and places."""

from sluice.guard import secrets
from sluice.guard.names import Names
from sluice.guard.patterns import Patterns
from sluice.guard.spans import resolve
from sluice.guard.values import Finding


class TextDetector:
    """All that this package can recognize, in the order: secrets, patterns, names."""

    def __init__(self) -> None:
        self._patterns = Patterns()
        self._names = Names()

    def find(self, text: str, *, names: bool) -> list[Finding]:
        """Return the findings in order, without overlaps; `names` adds people and places."""
        found = [*secrets.find(text), *self._patterns.find(text)]
        if names:
            found.extend(self._names.find(text))
        return resolve(text, found)
