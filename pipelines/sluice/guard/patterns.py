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

# Presidio's weak patterns (0.01 to 0.3, such as any eight digits) reach it only with a word that names them.
THRESHOLD = 0.4
_RAISE = 0.35  # what such a word adds, as in Presidio's own enhancer
_WINDOW = 60  # characters before the match in which it is looked for; Presidio looks at about five words

_RECOGNIZERS = (
    presidio.AbaRoutingRecognizer,
    presidio.AuMedicareRecognizer,
    presidio.AuTfnRecognizer,
    presidio.CaSinRecognizer,
    presidio.CreditCardRecognizer,
    presidio.CryptoRecognizer,
    presidio.DeHealthInsuranceRecognizer,
    presidio.DeIdCardRecognizer,  # passports too: they are written alike
    presidio.DeSocialSecurityRecognizer,
    presidio.DeTaxIdRecognizer,
    presidio.EsNieRecognizer,
    presidio.EsNifRecognizer,
    presidio.FiPersonalIdentityCodeRecognizer,
    presidio.IbanRecognizer,
    presidio.InAadhaarRecognizer,
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
    presidio.UsItinRecognizer,
    presidio.UsLicenseRecognizer,
    presidio.UsMbiRecognizer,
    presidio.UsNpiRecognizer,
    presidio.UsPassportRecognizer,
    presidio.UsSsnRecognizer,
)

# Presidio's own e-mail recognizer asks a list of public suffixes, which it would download and in which
# `jane@corp.internal` is not. `git@` is how repositories are addressed, and nobody's mailbox.
_LOCAL_PART = r"[\w.!#$%&'*+/=?^`{|}~-]"
_EMAIL = rf"(?<!{_LOCAL_PART})(?!git@){_LOCAL_PART}+@(?:\w(?:[\w-]{{0,62}}\w)?\.)+[^\W\d_][\w-]{{1,62}}"

_WAY = (
    r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|ln|drive|dr|court|ct|place|pl|square|sq|terrace|way"
    r"|highway|hwy|parkway|pkwy|circle|cir|trail|close|crescent|gardens|mews|alley|row|courts|point|mall|loop)"
)
_CAPITAL = r"(?-i:[A-ZÀ-ÖØ-Þ])[\w'’-]*"
_ARTICLES = r"(?:[ ](?:de|du|des|del|della|di|da|do|la|le|les|los|las|el)|[ ][ld](?=['’]))*"
_ADDRESSES = {
    "12 Long Street": rf"\b\d{{1,6}}[A-Z]?,?[ ](?-i:[A-Z0-9])[\w'.-]*(?:[ ]{_CAPITAL}\.?){{0,4}}[ ]{_WAY}\b\.?",
    "12 long street": r"\b\d{1,6}[ ][a-z]+(?:[ ][a-z]+)?[ ](?:street|avenue|road|boulevard|lane|drive)\b",
    "Hauptstraße 12": (
        r"\b(?:\w+[ -])?\w*(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|gracht|vej|gata|gatan|vägen|veien"
        r"|katu|tie|ulica|utca)[ ]\d{1,4}[a-z]?\b"
    ),
    "Via Roma 12": (
        r"\b(?:rue|avenue|boulevard|via|viale|piazza|corso|calle|avenida|plaza|paseo|rua|ulica|ul\.)"
        rf"{_ARTICLES}(?:[ ]?{_CAPITAL}){{1,4}},?[ ]\d{{1,5}}[a-z]?\b"
    ),
    "12 rue de la Paix": (
        r"\b\d{1,5}(?:[ ]?(?:bis|ter))?,?[ ](?:rue|avenue|boulevard|place|allée|chemin|quai|impasse)"
        rf"{_ARTICLES}(?:[ ]?['’]?{_CAPITAL}){{1,4}}"
    ),
    "PO Box 12": (
        r"\b(?:P\.?[ ]?O\.?[ ]Box|PSC[ ]\d+,?[ ]Box|Postfach|Apt\.?|Apartment|Suite)[ ]#?\d{1,6}[A-Z]?\b"
        r"|\b(?-i:APO|FPO|DPO)[ ](?-i:A[AEP])[ ]\d{5}\b"
    ),
}

_OWN = (
    PatternRecognizer("EMAIL_ADDRESS", patterns=[Pattern("e-mail", _EMAIL, 1.0)]),
    PatternRecognizer("STREET_ADDRESS", patterns=[Pattern(name, regex, 0.9) for name, regex in _ADDRESSES.items()]),
    # In place of Presidio's, which takes quadratic time.
    PatternRecognizer(
        "IN_PAN",
        patterns=[Pattern("PAN", r"\b(?-i:[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z])\b", 0.6)],
    ),
    # Presidio's knows cards of 13 to 16 digits, and no Mastercard beginning with 2. The checksum decides.
    presidio.CreditCardRecognizer(patterns=[Pattern("card", r"(?<![\w.-])[2-6](?:[ -]?\d){11,18}(?![\w-])", 0.3)]),
)

# A stretch that could hold a telephone number: seven digits or more in groups with little between them.
_STRETCH = re.compile(
    r"(?<![\w.,-])[+(]{0,2}\d{1,19}(?:[ \t\u00a0./()\-\u2010-\u2015]{1,3}\d{1,12}){0,8}"
    r"(?:[ ]?(?:x|ext\.?)[ ]?\d{1,6})?(?!\w)"
)
_DIGIT = re.compile(r"\d")
_DATE = re.compile(r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{4})(?:[ ]\d{1,2})?")
# As written where no country is needed to know it: +49 30 ..., (212) 555-0123, 212-555-0123.
_TYPICAL = re.compile(r"\(?\+\(?\d|00[1-9]\d|(?:1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?!\d)")
_CALLED = re.compile(
    r"(?:\b(?:tele)?phones?|\bmobile|\bcell(?:phone)?|\btel|\bfax|\bwhatsapp|\b(?:call|ring|text|reach|dial)"
    r"(?: (?:me|us|him|her|them))?|\bhandy|\bportable|\btéléphone|\bteléfono|\bcellulare)\b",
    re.IGNORECASE,
)
_TELEPHONES = tuple(
    presidio.PhoneRecognizer(supported_regions=(region,))
    for region in presidio.PhoneRecognizer.DEFAULT_SUPPORTED_REGIONS
)
# Asking eight countries takes 2 ms, so in a table of numbers only the first are put to them.
_MOST_ASKED = 200


# UUIDs and digests. Numbers with a right checksum stand in them by chance, and they name no person.
_RANDOM = re.compile(
    r"\b(?=[0-9-]{0,64}[a-f])"
    r"(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b",
    re.IGNORECASE,
)


class Patterns:
    """Presidio's pattern recognizers, called one by one.

    Not by its AnalyzerEngine, whose context enhancer wants every token's lemma and with it spaCy's
    tagger, parser and lemmatizer: two thirds of its time, for a test that a look at the preceding
    characters does as well.
    """

    def __init__(self) -> None:
        recognizers = [*(recognizer() for recognizer in _RECOGNIZERS), *_OWN]
        self._recognizers = [(recognizer, _words(recognizer.context)) for recognizer in recognizers]

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every identifier found; they may overlap."""
        text = _RANDOM.sub(lambda match: " " * len(match[0]), text)
        for recognizer, context in self._recognizers:
            for result in recognizer.analyze(text, recognizer.supported_entities):
                yield from _sure_enough(text, result, context)
        yield from _telephones(text)


def _words(words: Sequence[str] | None) -> re.Pattern[str] | None:
    if not words:
        return None
    return re.compile(rf"(?<![a-z])(?:{'|'.join(re.escape(word.strip().lower()) for word in words)})")


def _sure_enough(text: str, result: Any, context: re.Pattern[str] | None) -> Iterator[Finding]:
    kind, start, end, score = result.entity_type, result.start, result.end, float(result.score)
    if score < 1.0 and context and context.search(text[max(0, start - _WINDOW) : start].lower()):
        score = min(1.0, max(score + _RAISE, THRESHOLD))
    if score >= THRESHOLD and not (kind == "IP_ADDRESS" and _is_nobodys(text[start:end])):
        yield Finding(kind, CLASS_OF[kind], start, end, score)


def _is_nobodys(address: str) -> bool:
    """Say whether every machine has this address, like 127.0.0.1 and ::."""
    try:
        ip = ipaddress.ip_interface(address).ip
    except ValueError:
        return False
    return ip.is_loopback or ip.is_unspecified


def _telephones(text: str) -> Iterator[Finding]:
    asked = 0
    for stretch in _STRETCH.finditer(text):
        start, end = stretch.span()
        if not 7 <= len(_DIGIT.findall(stretch[0])) <= 24 or _DATE.fullmatch(stretch[0]):
            continue
        if _TYPICAL.match(stretch[0]) or _CALLED.search(text[max(0, start - _WINDOW) : start]):
            yield Finding("PHONE_NUMBER", CLASS_OF["PHONE_NUMBER"], start, end, 0.75)
        elif asked < _MOST_ASKED:
            asked += 1
            yield from _given_out(stretch)


def _given_out(stretch: re.Match[str]) -> Iterator[Finding]:
    """Yield the number in a stretch that some country could have given out."""
    for telephone in _TELEPHONES:
        for result in telephone.analyze(stretch[0], telephone.supported_entities):
            start, end = stretch.start() + result.start, stretch.start() + result.end
            yield Finding("PHONE_NUMBER", CLASS_OF["PHONE_NUMBER"], start, end, THRESHOLD)
            return
