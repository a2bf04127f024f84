"""Find everything private in one text: secrets, identifiers, private documents, and the names of people and places."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sluice.guard import secrets
from sluice.guard.classes import CLASS_OF
from sluice.guard.disguises import Reading, readings
from sluice.guard.documents import Documents
from sluice.guard.doubts import doubts
from sluice.guard.identifiers import Identifiers
from sluice.guard.identifiers.repeats import repeats
from sluice.guard.naming import Names
from sluice.guard.naming.siblings import siblings
from sluice.guard.spans import resolve
from sluice.guard.values import Dictionary, Finding

# What has to do with somebody; places, ages and organisations are in many a question.
_OF_PEOPLE = frozenset(CLASS_OF) - {"LOCATION", "ORGANIZATION", "AGE", "POSTAL_CODE", "IP_ADDRESS", "VAT_NUMBER"}
_SEVERAL = 2  # weak findings in a text that is about people


class TextDetector:
    """All that this package can recognize."""

    def __init__(self, dictionary: Dictionary = Dictionary()) -> None:  # noqa: B008 - it is frozen
        self._identifiers = Identifiers()
        self._names = Names(dictionary.people)
        self._documents = Documents(dictionary)

    def find(self, text: str, *, names: bool) -> list[Finding]:
        """Return the findings in order, without overlaps; `names` adds people, places and organisations."""
        disguised = [(reading, self._read(reading, names=names)) for reading in readings(text)]
        found = list(self._written(text, names=names))
        found += [_placed(reading, finding) for reading, inside in disguised for finding in inside]
        found.extend(self._documents.find(text, found))
        resolved = resolve(text, found)
        if not names or all(finding.type not in _OF_PEOPLE for finding in resolved):
            return resolved
        return resolve(text, [*resolved, *_doubted(text, resolved, disguised)])

    def _written(self, text: str, *, names: bool) -> Iterator[Finding]:
        yield from secrets.find(text)
        found = list(self._identifiers.find(text))
        found.extend(repeats(text, found))
        if names:
            found.extend(self._names.find(text, personal=is_about_people(found)))
            about_people = is_about_people(found)
            if about_people:
                found.extend(siblings(text, found))
            # One name is enough for an address beside it to be somebody's.
            if about_people or any(finding.type == "PERSON" for finding in found):
                found.extend(self._identifiers.likely(text, numbered=is_surely_about_people(found)))
        yield from found

    def _read(self, reading: Reading, *, names: bool) -> list[Finding]:
        """Return what is found once a disguise is undone, where it stands in that reading."""
        return list(self._written(reading.text, names=names and reading.named))


def _placed(reading: Reading, finding: Finding) -> Finding:
    """Return a finding of a reading where it stands in the text itself."""
    start, end = reading.original(finding.start, finding.end)
    return replace(finding, start=start, end=end)


def _doubted(
    text: str, found: Sequence[Finding], disguised: Sequence[tuple[Reading, Sequence[Finding]]]
) -> Iterator[Finding]:
    """Yield what may be private beside what was found, in the text and behind its disguises."""
    sure = is_surely_about_people(found)
    yield from doubts(text, found, sure=sure)
    for reading, inside in disguised:
        if reading.named:
            for doubt in doubts(reading.text, resolve(reading.text, inside), sure=sure):
                yield _placed(reading, doubt)


def is_surely_about_people(found: Sequence[Finding]) -> bool:
    """Say whether something in a text is surely somebody's."""
    return any(not finding.weak and finding.type in _OF_PEOPLE for finding in found)


def is_about_people(found: Sequence[Finding]) -> bool:
    """Say whether a text is about real people: one thing in it is surely somebody's, or several may be."""
    of_people = [finding.weak for finding in found if finding.type in _OF_PEOPLE]
    return not all(of_people) or len(of_people) >= _SEVERAL
