"""Invent values that stand for real ones where an organisation prefers them to `[PERSON_1]`.

None belongs to anybody: mail of example.com (RFC 2606), telephone numbers that regulators keep for fiction (NANPA
555-0100 to 555-0199; Ofcom, ARCEP and Bundesnetzagentur for drama), addresses of RFC 5737, cards and IBANs whose
check digits are wrong. What has no such form keeps its placeholder: dates, ages, papers, users, names in other
scripts, and secrets. A model that takes a value apart (the digits of a card, the letters of a name) gets nothing back.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

import regex

from sluice.masking.people import TITLES, WORD
from sluice.masking.placeholders import FORMS, forms_in


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _listed(
    "Alenka Bettina Corisande Delphina Evadne Florentyna Gisela Hedvika Isaura Jocasta Katinka Liesbeth Mireia Nerys"
    " Ottilie Petronella Quirina Rosalba Sunniva Theodora Ulrika Valeska Wilhelma Xandra Ysolde Zdenka"
)
_OTHER_FIRST = _listed(
    "Aldous Benedikt Casimir Dietmar Evander Fabrizio Gunther Hieronim Ignaz Joachim Kasper Leander Meinrad Norbert"
    " Odilo Piers Quentin Roderick Severin Thibault Ulrich Valentin Wendell Xaver Yannick Zoltan"
)
_LAST = _listed(
    "Abendroth Bramblecote Castellane Dunwiddie Eskildsen Fernleigh Grauheim Hollingbourne Ivarsson Jessopham"
    " Kronstein Lindqvarn Merrowdown Nordhavn Oakenshaw Pellingrad Quillfeather Rothenbach Silverdale Thornquist"
    " Underwald Vantongeren Wexcombe Xanten Yarborough Zellweck Ashgrove Birkenfeld Coppersmith Dellacroix"
    " Ellingsworth Fairbrook Gildenhaus Hartsfield Islington Jardineau Kestrelby Larkspurn Mossbacher Netherwood"
)
_PLACES = _listed("Norhaven Ostermark Bellwick Grunfeld Valmire Castelrosso Westerbrook Lindmouth Altenried Sorrelton")
_COMPANIES = _listed("Brelunde Tarrowmere Kestova Ondrava Felmarque Quorvane Sunderlyn Mistrano Halvoren Pradwick")
_STREETS = _listed("Thistledown Amberley Kingfisher Copperbeech Meadowlark Silverbirch Hollowell Ravenscroft")
_SEPARATORS = r"[\s().\-/]{0,2}"
_DIGITS = re.compile(r"\d")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ'’.,\- ]+\Z")

# By country code; N is a digit of the running number. Sources: NANPA, Ofcom, Bundesnetzagentur, ARCEP, ACMA.
_PHONES = {
    "44": "+44 7700 900NNN",
    "49": "+49 30 23125 NNN",
    "33": "+33 6 39 98 NN NN",
    "61": "+61 2 5550 NNNN",
}
_OTHER_PHONES = ("+1 202 555 01NN", "+1 303 555 01NN", "+1 415 555 01NN", "+1 617 555 01NN", "+1 713 555 01NN")


class Invented:
    """The invented values of one conversation, and the real ones that they stand for."""

    def __init__(self) -> None:
        self._words: dict[str, str] = {}  # each word of a real name, and what stands for it
        self._reals: dict[str, str] = {}  # what stands for something, in one spelling, and the real thing
        self._numbers: list[str] = []
        self._forms: Any = None

    @property
    def longest(self) -> int:
        """The most characters that an invented value may take in an answer."""
        return max((3 * len(known) + 8 for known in self._reals), default=0)

    def add(self, type: str, value: str, stand_in: str) -> None:
        """Remember what stands for a value."""
        self._forms = None
        if type == "PERSON":
            for real, invented in zip(WORD.findall(value), WORD.findall(stand_in), strict=False):
                if real != invented:
                    self._words[real.casefold()] = invented
                    self._reals.setdefault(_plain(invented), real)
        else:
            self._reals.setdefault(_plain(stand_in), value)
            if _is_number(stand_in):
                self._numbers.append(stand_in)

    def invent(self, type: str, value: str, is_free: Callable[[str], bool]) -> str | None:
        """Return what may stand for a value; None where nothing safe can. `is_free` tells what nobody has said."""

        def free(candidate: str) -> bool:
            return _plain(candidate) not in self._reals and is_free(candidate)

        if type == "PERSON":
            return self._name(value, free)
        candidates = _CANDIDATES.get(type)
        return next((one for one in candidates(value) if free(one)), None) if candidates else None

    def forms(self, typed: Any) -> Any:
        """Return a pattern for placeholders and for all invented values; of those, `real` says what they stand for."""
        if not self._reals:
            return typed
        if self._forms is None:
            self._forms = regex.compile(f"{typed.pattern}|{self._pattern()}")
        return self._forms

    def forms_in(self, text: str, start: int = 0) -> Iterator[Any]:
        """Yield everything from a place on that is taken for a placeholder or an invented value, in order."""
        return self.forms(FORMS).finditer(text, start) if self._reals else forms_in(text, start)

    def real(self, match: Any) -> str | None:
        """Return what an invented value stands for, in the case in which the model wrote it."""
        found = match["invented"]
        real = self._reals.get(_plain(found))
        if real is None:
            return None
        return _cased(real, found) + (match["ended"] or "")

    def without(self, text: str) -> str:
        """Return the text without the invented values in it, to search it for real ones."""
        return regex.sub(self._pattern(), "-", text) if self._reals else text

    def _pattern(self) -> str:
        numbers = [_SEPARATORS.join(regex.escape(one) for one in _alnum(number)) for number in self._numbers]
        plain = {_plain(number) for number in self._numbers}
        words = [_spaced(known) for known in self._reals if known not in plain]
        every = "|".join(sorted([*words, *numbers], key=len, reverse=True))
        return rf"(?<![\w])(?:\+?)(?P<invented>(?i:{every}))(?P<ended>(?i:'s|’s|s|es))?(?!\w)"

    def _name(self, value: str, free: Callable[[str], bool]) -> str | None:
        """Replace the words of a name one by one, so that a part of it stands for the same part of the real one."""
        words = [word for word in WORD.findall(value) if word.casefold() not in TITLES and len(word) > 1]
        if not _LATIN.match(value) or not words:
            return None
        chosen: dict[str, str] = {}
        for number, word in enumerate(words):
            last = _is_last(value, number, len(words))
            stand_in = self._words.get(word.casefold()) or self._free_word(word, last, chosen, free)
            if stand_in is None:
                return None
            chosen[word] = stand_in
        # Titles stay, and so do initials: one letter tells nobody, and could not be told apart on the way back.
        return WORD.sub(lambda match: _like(chosen.get(match[0], match[0]), match[0]), value)

    def _free_word(self, word: str, last: bool, chosen: dict[str, str], free: Callable[[str], bool]) -> str | None:
        names = _LAST if last else _FIRST if word[-1:].casefold() in "aeiy" else _OTHER_FIRST
        return next((one for one in names if one not in chosen.values() and free(one)), None)


def _is_last(value: str, number: int, count: int) -> bool:
    """Whether a word is a family name: the last, the first before a comma, or the only one behind a title."""
    if "," in value:
        return number == 0
    if count == 1:
        return any(word.casefold() in TITLES for word in WORD.findall(value))
    return number == count - 1


def _like(word: str, pattern: str) -> str:
    if pattern.isupper() and len(pattern) > 1:
        return word.upper()
    return word.lower() if pattern.islower() and word.casefold() not in TITLES else word


def _cased(real: str, found: str) -> str:
    """Capitals where the model made all of them capitals, small letters where it made them small."""
    if any(character.isdigit() for character in found):
        return real
    if found.isupper() and len(found) > 2:
        return real.upper()
    return real.lower() if found.islower() and "@" not in found else real


def _emails(value: str) -> Iterator[str]:
    for number in range(400):
        first, last = _OTHER_FIRST[number % 26], _LAST[(number * 7 + number // 26) % 40]
        yield f"{first}.{last}@example.com".lower()


def _phones(value: str) -> Iterator[str]:
    digits = "".join(_DIGITS.findall(value)).removeprefix("00")
    written = value.strip().startswith(("+", "00"))
    form = next((form for code, form in _PHONES.items() if written and digits.startswith(code)), None)
    for number in range(100):
        for one in (form,) if form else _OTHER_PHONES:
            yield _filled(one, number)


def _filled(form: str, number: int) -> str:
    digits = iter(str(number).zfill(form.count("N")))
    return "".join(next(digits) if character == "N" else character for character in form)


def _cards(value: str) -> Iterator[str]:
    for number in range(1, 100):
        digits = _running(value, number, keep=1)
        yield digits if not _luhn(digits) else _next_digit(digits)


def _ibans(value: str) -> Iterator[str]:
    """An IBAN of the same country and form; check digits are 02 to 98, so 00 is nobody's."""
    for number in range(1, 100):
        digits = list(_running(value, number, keep=0))
        places = [at for at, character in enumerate(digits) if character.isdigit()][:2]
        for at in places:
            digits[at] = "0"
        yield "".join(digits)


def _running(value: str, number: int, *, keep: int) -> str:
    """The form of a value with other digits and, behind the first two, other letters."""
    seen, written = 0, []
    for at, character in enumerate(value):
        if character.isdigit():
            written.append(character if seen < keep else str((number * 7 + seen * seen * 3 + seen) % 10))
            seen += 1
        else:
            written.append("X" if character.isalpha() and at > 1 else character)
    return "".join(written)


def _luhn(number: str) -> bool:
    digits = [int(digit) for digit in reversed(_DIGITS.findall(number))]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _next_digit(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def _addresses(value: str) -> Iterator[str]:
    return (f"{7 + n * 3} {_STREETS[n % 8]} Lane, {_PLACES[n % 10]}" for n in range(80))


def _hosts(value: str) -> Iterator[str]:
    if ":" not in value:
        yield from (f"{net}.{number}" for net in ("192.0.2", "198.51.100", "203.0.113") for number in range(1, 255))


_CANDIDATES: dict[str, Callable[[str], Iterator[str]]] = {
    "EMAIL_ADDRESS": _emails,
    "PHONE_NUMBER": _phones,
    "CREDIT_CARD": _cards,
    "IBAN_CODE": _ibans,
    "STREET_ADDRESS": _addresses,
    "IP_ADDRESS": _hosts,
    "LOCATION": lambda value: iter(_PLACES),
    "ORGANIZATION": lambda value: (f"{name} {kind}" for kind in ("Ltd", "Group", "Partners") for name in _COMPANIES),
}


def _plain(text: str) -> str:
    """The same for every spelling of an invented value: numbers by their digits, words by their letters."""
    folded = text.casefold()
    return _alnum(folded) if _is_number(folded) else " ".join(folded.split())


def _is_number(text: str) -> bool:
    return len(_DIGITS.findall(text)) > 5


def _alnum(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _spaced(known: str) -> str:
    return r"\s{1,3}".join(regex.escape(word) for word in known.split())
