"""Say when single findings together are a medical record: who somebody is, when they were born, what they have."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sluice.guard.documents.cues import cues
from sluice.guard.documents.reading import Reading, found, words_in
from sluice.guard.values import Finding

_REACH = 400  # characters around what identifies somebody
_LEAST_SIGNS = 3  # of an illness and of whose it is, where the text says that somebody is ill
_IDENTIFYING = frozenset(
    {
        "AU_MEDICARE", "CA_HEALTH_CARD", "DATE_OF_BIRTH", "DE_HEALTH_INSURANCE", "FR_NIR", "HEALTH_NUMBER", "UK_NHS",
        "US_MBI", "US_SSN",
    }
)  # fmt: skip
_MEDICAL = ("medical.field", "medical.term")
_SAID = re.compile(
    r"\b(?:diagnos\w*|suffer\w* from|tested positive|leidet an|erkrankt an|erkrankung|souffre d"
    r"|atteinte? d|padece|sufre de|soffre di|"
    r"affett[oa] da|lijdt aan|therapy for|treated for|behandelt wegen|icd-?1[01]|prescribed"
    r"|verschrieben)|\b[a-tv-z]\d\d\.\d{1,2}\b"
)
_BORN = re.compile(
    r"(?:\bborn|\bdob|\bd\.o\.b|date of birth|\bgeb(?:\.|oren)|geburtsdatum|\bnée? le"
    r"|date de naissance|\bnacid[oa] el|fecha de nacimiento|"
    r"\bnat[oa] (?:a \w+ )?il|data di nascita|geboortedatum|\bgeb)[ \t]*[.:]*[ \t]*(?:on |am |op )?\d{1,4}[ ./-]",
)


_BIRTHS = ("born", "dob", "d.o.b", "date of birth", "geb", "née le", "né le", "date de naissance", "nacid",
           "fecha de nac", "nato ", "nata ", "data di nascita")  # fmt: skip


class Matter(NamedTuple):
    """What a place in a text says: that somebody is identified, and in how many ways."""

    place: int
    strength: int


def combined(reading: Reading, findings: Sequence[Finding]) -> Finding | None:
    """Return a medical record where a person's identity, a birth date or health number, and an illness stand together.

    Two different signs of an illness, or one that names a diagnosis, are needed, and two of identity: a plain
    question about a headache or a vignette about a 67-year-old has neither.
    """
    for matter in _matters(reading, findings):
        start, end = max(0, matter.place - _REACH), matter.place + _REACH
        around = reading.lowered[start:end]
        counted = cues().of(words_in(around))
        signs = sum(len(counted.get(group, ())) for group in _MEDICAL)
        if signs + matter.strength < _LEAST_SIGNS:
            continue
        said = _SAID.search(around)
        if (said and signs + matter.strength >= _LEAST_SIGNS) or signs >= 4:
            sign = said or _BORN.search(around)
            first, last = sign.span() if sign else (matter.place - start, matter.place - start + 1)
            return found("MEDICAL_RECORD", start + first, start + last, 0.97)
    return None


def _matters(reading: Reading, findings: Sequence[Finding]) -> list[Matter]:
    births = [at for at in reading.places_of(_BIRTHS) if _BORN.match(reading.lowered, at)]
    births += [finding.start for finding in findings if finding.type in _IDENTIFYING]
    people = sorted(finding.start for finding in findings if finding.type == "PERSON" and not finding.weak)
    matters = []
    for place in sorted(births):
        named = any(abs(place - person) <= _REACH for person in people)
        matters.append(Matter(place, 2 if named else 1))
    return matters[:50]
