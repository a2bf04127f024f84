"""Find identifiers of people, accounts and things by their form, their check digits and the words around them.

To recognize another code, add a row to `KINDS` in `kinds` and one to the table of its test; a word that names one
belongs into `data/cues.txt`.

Left out on purpose: bare dates, nationalities, bare web addresses and UUIDs. They tie nothing to a person by
themselves, stand in most ordinary questions, and whoever they do concern is found by name or number.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from sluice.guard.identifiers.accounts import spaced_accounts, wallets
from sluice.guard.identifiers.addresses import addresses, unnumbered
from sluice.guard.identifiers.ages import ages
from sluice.guard.identifiers.births import births
from sluice.guard.identifiers.caseless import titled
from sluice.guard.identifiers.codes import codes
from sluice.guard.identifiers.cues import Cues
from sluice.guard.identifiers.fields import fields
from sluice.guard.identifiers.houses import houses
from sluice.guard.identifiers.machines import machines
from sluice.guard.identifiers.mail import mailboxes
from sluice.guard.identifiers.numbers import logins, named_numbers, numbers
from sluice.guard.identifiers.postal import postal_codes
from sluice.guard.identifiers.spelled import spelled
from sluice.guard.identifiers.telephones import telephones
from sluice.guard.identifiers.users import users
from sluice.guard.identifiers.vehicles import plates
from sluice.guard.values import Finding

__all__ = ["Identifiers"]

_DIGIT = re.compile(r"\d")


class Identifiers:
    """All structured identifiers. Nothing is kept from one text to the next."""

    def find(self, text: str) -> Iterator[Finding]:
        """Yield every identifier found; they may overlap."""
        cues = Cues(text)
        yield from mailboxes(cues)
        yield from users(cues)
        yield from fields(cues)
        yield from unnumbered(cues)
        if _DIGIT.search(text):
            yield from self._numbered(cues)

    def likely(self, text: str, *, numbered: bool = True) -> Iterator[Finding]:
        """Yield what may be an address or a login of somebody, in a text that is about people.

        `numbered` adds codes and dates; a riddle needs its numbers.
        """
        yield from houses(text)
        yield from named_numbers(text)
        if numbered:
            yield from numbers(text)
            yield from spelled(text)
        yield from logins(text)
        for start, line in titled(text):
            coded = _coded(line, numbered=numbered) if _DIGIT.search(line) else ()
            for finding in [*addresses(Cues(line)), *houses(line, careful=False), *coded]:
                yield replace(finding, start=finding.start + start, end=finding.end + start)

    def _numbered(self, cues: Cues) -> Iterator[Finding]:
        yield from codes(cues)
        yield from spaced_accounts(cues)
        yield from telephones(cues)
        yield from births(cues)
        yield from ages(cues.text)
        yield from addresses(cues)
        yield from postal_codes(cues)
        yield from plates(cues)
        yield from machines(cues.text)
        yield from wallets(cues.text)


def _coded(line: str, *, numbered: bool) -> Iterator[Finding]:
    """Yield the plates, and if asked for the numbers, of a line as if it were written in capitals."""
    upper = line.upper() if len(line.upper()) == len(line) else line
    yield from plates(Cues(upper))
    if numbered:
        yield from numbers(upper)
