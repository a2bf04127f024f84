"""Find documents, code and words that are private as a whole, beyond single names and numbers."""

from collections.abc import Sequence
from pathlib import Path

from sluice.guard.documents import model
from sluice.guard.documents.combination import combined
from sluice.guard.documents.fingerprints import Fingerprints, Repositories
from sluice.guard.documents.markings import markings
from sluice.guard.documents.organisation import Organisation
from sluice.guard.documents.proprietary import internal_hosts, proprietary
from sluice.guard.documents.reading import Reading
from sluice.guard.values import Dictionary, Finding


class Documents:
    """The recognizers of documents, with what an organisation says of itself.

    Raises ModelMissing if a fingerprint file that the dictionary names cannot be read.
    """

    def __init__(self, dictionary: Dictionary = Dictionary()) -> None:  # noqa: B008 - it is frozen
        self._organisation = Organisation(dictionary)
        self._repositories = Repositories([Fingerprints.read(Path(name)) for name in dictionary.fingerprints])
        model.weighings()

    def find(self, text: str, findings: Sequence[Finding] = ()) -> list[Finding]:
        """Return what is found in a text; `findings` are those of other recognizers, which may add up to a record.

        A finding that stands for the whole text is placed on the few words that gave it away, so that
        what else is private there keeps its own place.
        """
        reading = Reading(text)
        found = [
            *markings(reading),
            *proprietary(reading),
            *internal_hosts(reading),
            *self._organisation.find(reading),
            *self._repositories.find(reading),
            *model.documents(reading),
        ]
        record = None if any(finding.type == "MEDICAL_RECORD" for finding in found) else combined(reading, findings)
        return [*found, record] if record else found
