"""What the shape of a text gives away: who speaks, who was there, what a column holds."""

from __future__ import annotations

import pytest
from sluice.guard.naming.records import in_records
from sluice.guard.naming.tokens import words_of


def _found(text: str) -> dict[str, bool]:
    words = words_of(text)
    return {text[words.starts[name.first] : words.ends[name.last]]: tied for name, tied in in_records(words)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("From: Cressida Vane-Tempest\nSubject: leave", {"Cressida Vane-Tempest"}),
        ("To: Mark Bishop; Hope Rivers", {"Mark Bishop", "Hope Rivers"}),
        ("Anwesend: K. Rübsam, Meinolf", {"K. Rübsam", "Meinolf"}),
        ("[09:12] Nolwenn: salut", {"Nolwenn"}),
        ("Anna: a\nBert: b\nAnna: c\nBert: d", {"Anna", "Bert"}),
        ("Passengers: CASTELLANOS/RIVER MX, ODHIAMBO/LAVENDER MRS", {"CASTELLANOS/RIVER", "ODHIAMBO/LAVENDER"}),
        ("surname,forename\nPenhaligon,Merryn", {"Penhaligon", "Merryn"}),
        ("room|guest\n206|J. Bright", {"J. Bright"}),
        ("first,last\nRain,Holloway", {"Rain", "Holloway"}),
        ("Kunde;Umsatz\nTraudel Fickenscher;12", {"Traudel Fickenscher"}),
    ],
    ids=["sender", "recipients", "minutes", "timed", "log", "booked", "forename", "guest", "first", "customer"],
)
def test_names_of_a_record_are_tied(text: str, names: set[str]) -> None:
    assert {name for name, tied in _found(text).items() if tied} == names


@pytest.mark.parametrize(
    "text",
    [
        "To: Sales Team\nSubject: target",
        "Note: this is long\nWarning: so is this\nError: three\nNote: four",
        "name,price\nhammer,3\nnails,2",
        "title,year\nHamlet,1603",
        "However, we do not know.",
    ],
    ids=["department", "labels", "goods", "plays", "adverb"],
)
def test_a_record_of_other_things_holds_no_names(text: str) -> None:
    assert _found(text) == {}
