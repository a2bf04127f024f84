"""What holds for every text: findings lie within it and have a class, and time grows as the text does."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard import CLASS_OF
from sluice.guard.identifiers import Identifiers
from sluice.guard.identifiers.cues import Cues, says

from tests.growth import grows_linearly
from tests.guard.identifiers.marks import marked
from tests.guard.identifiers.test_addresses import ADDRESSES
from tests.guard.identifiers.test_births import BIRTHS
from tests.guard.identifiers.test_codes import CODES
from tests.guard.identifiers.test_tables import RECORDS
from tests.guard.identifiers.test_telephones import TELEPHONES
from tests.guard.identifiers.test_users import MAILS, USERS

_ALL = [*ADDRESSES, *BIRTHS, *(row[1] for row in CODES), *RECORDS, *TELEPHONES, *MAILS, *USERS]
PIECES = [marked(source)[0] for source in _ALL]
texts = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(st.characters(categories=["L", "N", "P", "S", "Z", "Cc", "Cs", "Cf"]), max_size=30),
        st.text(string.digits + "-+() .@:/,;|\n", max_size=30),
        st.sampled_from(["²³¹ 12", "١٢٣٤٥٦٧٨٩", "ß ŉ ǰ İ", "PLZ ①②③④⑤", "DE٠٠ 1234", "tel ५५५ 0123 456"]),
    ),
    max_size=6,
).map(" ".join)


@given(texts)
def test_whatever_the_text_findings_lie_within_it_and_have_a_class(text: str) -> None:
    for found in Identifiers().find(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.klass == CLASS_OF[found.type]


@given(texts)
def test_the_same_text_has_the_same_findings(text: str) -> None:
    assert list(Identifiers().find(text)) == list(Identifiers().find(text))


HOSTILE = [
    "1", "1 ", "12 ", "1-", "1,", "\n1", "1/", "a@", "@", "+", "+1", "(", "A1 ", "a.", ":a", "AB-", "aB", "The ", "at ",
    "12 rue de la ", "Via Roma ", "Straße ", "address 1 ", "of the ", "user ", "born ", "phone,", "a,b\n", "phone;1\n",
    "[at]", '"', "VALUES (", "tel 1 ", "card 4 ", "x" * 40 + " ", "DE00 ", "POSTBOX 1 ", "geb. 1.1.", "* 1.1.", "::1 ",
]  # fmt: skip


@pytest.mark.parametrize("part", HOSTILE, ids=lambda part: repr(part)[:16])
def test_time_grows_no_faster_than_the_text(part: str) -> None:
    assert grows_linearly(lambda text: list(Identifiers().find(text)), part, 3_000)


def test_phrases_are_found_in_every_way_they_are_joined() -> None:
    labels = ("Customer Number", "customer_number", "customerNumber", "CUST-NO.")

    assert all("customer" in says(label) for label in labels)


def test_words_lead_to_a_value_over_links_only() -> None:
    text = "My account number is 12345678, and 87654321 came later."
    cues = Cues(text)

    assert "account" in cues.tied(text.index("12345678"))
    assert "account" not in cues.tied(text.index("87654321"))
