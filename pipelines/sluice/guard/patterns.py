"""Find identifiers of people and accounts by their form, with Presidio's recognizers and a few of our own.

Left out on purpose: dates, nationalities, bare web addresses and UUIDs. They tie nothing to a person by
themselves, stand in most ordinary questions, and whoever they do concern is found by name or number.
"""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any

from presidio_analyzer import Pattern, PatternRecognizer
from presidio_analyzer import predefined_recognizers as presidio

from sluice.guard.classes import CLASS_OF
from sluice.guard.values import Finding

THRESHOLD = 0.4  # Presidio's weak patterns (0.01 to 0.3: any eight digits) reach it only with a word that names them
_RAISE = 0.35  # what such a word adds, as in Presidio's own enhancer
_WINDOW = 60  # characters before the match in which it is looked for: about the five words Presidio looks at

_RECOGNIZERS = (
    presidio.AbaRoutingRecognizer,
    presidio.AuMedicareRecognizer,
    presidio.AuTfnRecognizer,
    presidio.CaSinRecognizer,
    presidio.CreditCardRecognizer,
    presidio.CryptoRecognizer,
    presidio.DeHealthInsuranceRecognizer,
    presidio.DeIdCardRecognizer,
    presidio.DePassportRecognizer,
    presidio.DeSocialSecurityRecognizer,
    presidio.DeTaxIdRecognizer,
    presidio.EsNieRecognizer,
    presidio.EsNifRecognizer,
    presidio.FiPersonalIdentityCodeRecognizer,
    presidio.IbanRecognizer,
    presidio.InAadhaarRecognizer,
    presidio.InPanRecognizer,
    presidio.InPassportRecognizer,
    presidio.IpRecognizer,
    presidio.ItFiscalCodeRecognizer,
    presidio.ItPassportRecognizer,
    presidio.MacAddressRecognizer,
    presidio.MedicalLicenseRecognizer,
    presidio.NhsRecognizer,
    presidio.PlPeselRecognizer,
    presidio.SePersonnummerRecognizer,
    presidio.SgFinRecognizer,
    presidio.UkDrivingLicenceRecognizer,
    presidio.UkNinoRecognizer,
    presidio.UkPassportRecognizer,
    presidio.UsBankRecognizer,
    presidio.UsHealthInsuranceMemberIdRecognizer,
    presidio.UsItinRecognizer,
    presidio.UsLicenseRecognizer,
    presidio.UsMbiRecognizer,
    presidio.UsNpiRecognizer,
    presidio.UsPassportRecognizer,
    presidio.UsSsnRecognizer,
)

# Presidio's own e-mail recognizer asks a list of public suffixes, which it would download and in which
# `jane@corp.internal` is not. `git@` is how repositories are addressed, and nobody's mailbox.
_EMAIL = r"(?<![\w.!#$%&'*+/=?^`{|}~-])(?!git@)[\w.!#$%&'*+/=?^`{|}~-]+@(?:\w(?:[\w-]{0,62}\w)?\.)+[^\W\d_][\w-]{1,62}"

_WAY = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|way|highway"
    r"|hwy|parkway|pkwy|circle|cir|trail|close|crescent|gardens|mews|alley|row)"
)
_ADDRESSES = {
    "12 Long Street": rf"\b\d{{1,6}}[A-Za-z]?,?[ ]+(?-i:[A-Z0-9])[\w'.-]*(?:[ ]+(?-i:[A-Z])[\w'.-]*){{0,4}}[ ]+{_WAY}\b\.?",
    "Hauptstraße 12, Via Roma 12, Calle Mayor 12": (
        r"\b(?:(?-i:[A-ZÄÖÜ])[\w-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|gracht)"
        r"|(?:rue|avenue|boulevard|place|via|viale|piazza|corso|calle|avenida|plaza|paseo|rua|ulica|ul\.)"
        r"(?:[ ]+(?:de|du|des|del|della|di|la|le|los|las|el|da|do))*(?:[ ]+(?-i:[A-ZÀ-Ý])[\w'’-]*){1,4}),?[ ]+\d{1,5}[a-z]?\b"
    ),
    "12 rue de la Paix": (
        r"\b\d{1,5}(?:[ ]?(?:bis|ter))?,?[ ]+(?:rue|avenue|boulevard|place|allée|chemin|quai|impasse)"
        r"(?:[ ]+(?:de|du|des|la|le|les|l'|d'))*(?:[ ]*(?-i:[A-ZÀ-Ý])[\w'’-]*){1,4}"
    ),
    "box or flat": r"\b(?:P\.?[ ]?O\.?[ ]+Box|Postfach|Apt\.?|Apartment|Suite|Unit)[ ]+#?\d{1,6}[A-Z]?\b",
}

_OWN = (
    PatternRecognizer("EMAIL_ADDRESS", patterns=[Pattern("e-mail", _EMAIL, 1.0)]),
    PatternRecognizer(
        "STREET_ADDRESS", patterns=[Pattern(name, regex, 0.7) for name, regex in _ADDRESSES.items()]
    ),
    # Cards of 12 to 19 digits; the checksum decides, and Presidio's pattern knows 13 to 16.
    presidio.CreditCardRecognizer(patterns=[Pattern("card", r"\b(?<![-.])[3-6]\d{3}(?:[ -]?\d){8,15}\b", 0.3)]),
)

_TELEPHONE = presidio.PhoneRecognizer()
# A stretch that could hold a telephone number: at least seven digits with little between them.
_DIGITS = re.compile(r"[+(]{0,2}\d(?:[ \t\u00a0./()\-\u2010-\u2015x]{0,4}\d){6,40}")


class Patterns:
    """Presidio's pattern recognizers, called one by one.

    Not by its AnalyzerEngine, whose context enhancer wants every token's lemma and with it spaCy's
    tagger, parser and lemmatizer: two thirds of its time, for a test that a look at the preceding
    characters does as well.
    """

    def __init__(self) -> None:
        self._recognizers = [(made, _names(made.context)) for made in (*(one() for one in _RECOGNIZERS), *_OWN)]
        self._telephone = _names(_TELEPHONE.context)

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every identifier found; they may overlap."""
        for recognizer, context in self._recognizers:
            for result in recognizer.analyze(text, recognizer.supported_entities):
                yield from _sure_enough(text, result, 0, context)
        for stretch in _DIGITS.finditer(text):
            for result in _TELEPHONE.analyze(stretch[0], _TELEPHONE.supported_entities):
                yield from _sure_enough(text, result, stretch.start(), self._telephone)


def _names(words: Sequence[str] | None) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<![a-z])(?:{'|'.join(re.escape(word.strip().lower()) for word in words)})")


def _sure_enough(text: str, result: Any, offset: int, context: re.Pattern[str] | None) -> Iterator[Finding]:
    start, end, score = offset + result.start, offset + result.end, float(result.score)
    if context and context.search(text[max(0, start - _WINDOW) : start].lower()):
        score = min(1.0, max(score + _RAISE, THRESHOLD))
    if score >= THRESHOLD and not _nobodys(result.entity_type, text[start:end]):
        yield Finding(result.entity_type, CLASS_OF[result.entity_type], start, end, score)


def _nobodys(kind: str, value: str) -> bool:
    """Say whether an address is one that every machine has, like 127.0.0.1 and ::."""
    if kind != "IP_ADDRESS":
        return False
    try:
        address = ipaddress.ip_interface(value).ip
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
