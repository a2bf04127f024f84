"""Find everything private in one text: secrets, identifiers, private documents, and the names of people and places."""

from collections.abc import Iterator
from dataclasses import replace

from sluice.guard import secrets
from sluice.guard.disguises import readings
from sluice.guard.documents import Documents
from sluice.guard.identifiers import Identifiers
from sluice.guard.naming import Names
from sluice.guard.spans import resolve
from sluice.guard.values import Dictionary, Finding


class TextDetector:
    """All that this package can recognize."""

    def __init__(self, dictionary: Dictionary = Dictionary()) -> None:  # noqa: B008 - it is frozen
        self._identifiers = Identifiers()
        self._names = Names(dictionary.people)
        self._documents = Documents(dictionary)

    def find(self, text: str, *, names: bool) -> list[Finding]:
        """Return the findings in order, without overlaps; `names` adds people, places and organisations."""
        found = [*self._written(text, names=names), *self._disguised(text, names=names)]
        found.extend(self._documents.find(text, found))
        return resolve(text, found)

    def _written(self, text: str, *, names: bool) -> Iterator[Finding]:
        yield from secrets.find(text)
        identified = list(self._identifiers.find(text))
        yield from identified
        personal = any(not finding.weak for finding in identified)
        if names:
            named = list(self._names.find(text, personal=personal))
            yield from named
            personal = personal or any(finding.type == "PERSON" and not finding.weak for finding in named)
        if names and personal:
            yield from self._identifiers.likely(text)

    def _disguised(self, text: str, *, names: bool) -> Iterator[Finding]:
        """Yield what is found once disguises are undone, each where it stands in the text itself."""
        for reading in readings(text):
            for finding in self._written(reading.text, names=names and reading.named):
                start, end = reading.original(finding.start, finding.end)
                yield replace(finding, start=start, end=end)
