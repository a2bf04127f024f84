"""What is spelled, and how long it takes to look for it."""

import pytest
from sluice.guard.identifiers.spelled import spelled

from tests.growth import grows_linearly


@pytest.mark.parametrize("text", ["One or two of us, in a day or three.", "Plan A, or B."])
def test_plain_numbers_are_not_spelled(text: str) -> None:
    assert [one for one in spelled(text) if one.type == "CUSTOMER_NUMBER"] == []


@pytest.mark.parametrize("unit", ["one ", "a ", "May twenty ", "zwanzig", "A-", "seventeen"])
def test_time_grows_with_the_length(unit: str) -> None:
    assert grows_linearly(lambda text: list(spelled(text)), unit, 4_000)
