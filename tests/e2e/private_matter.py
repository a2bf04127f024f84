"""What must not be found in the cloud, and whether any of it is."""

from __future__ import annotations

import re

NAME = "Ottilie Brandauer"
MAIL = "ottilie.brandauer@contoso-clinic.example"
PHONE = "+49 89 5403 1177"
IBAN = "DE89 3704 0044 0532 0130 00"
STREET = "Lindenstraße 14"
BIRTH = "14.03.1971"
OTHER_NAME = "Kaspar Wehrli"
OTHER_MAIL = "kaspar.wehrli@contoso-clinic.example"
# Put together here, so that no scanner of repositories takes it for a real one.
KEY = "sk-ant-" + "api03-" + "Qm7dRk2VfX9sLb4TzW8cHn3YpJ6gUe1A" + "-" + "x5Kt0MqZ"
PASSWORD = "Wermut!47Distel"
DETAILS = f"{NAME}, born {BIRTH}, {STREET}, 80331 München, {MAIL}, {PHONE}, {IBAN}"

# The surnames alone tell as much as the whole names.
MARKS = (NAME, "Brandauer", MAIL, PHONE, IBAN, STREET, BIRTH, OTHER_NAME, "Wehrli", OTHER_MAIL, KEY, PASSWORD)


def found_in(text: str) -> list[str]:
    """The private matter that a text holds, however it is spaced."""
    plain = _plain(text)
    return [mark for mark in MARKS if _plain(mark) in plain]


def _plain(text: str) -> str:
    return re.sub(r"[\s\-]", "", text).casefold()
