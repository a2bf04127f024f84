"""Regular expressions of an admin are compiled, or refused with what to change."""

import pytest
from sluice.config import expressions


def test_an_ordinary_expression_is_ready_for_use() -> None:
    pattern = expressions.compiled(r"K-\d{6}")

    assert pattern.search("see K-123456") is not None


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        pytest.param("(", "no regular expression", id="broken"),
        pytest.param("(a+)+$", "too long", id="takes exponential time"),
        pytest.param(r"\d*", "nothing stands", id="matches nothing"),
    ],
)
def test_an_expression_that_cannot_be_trusted_is_refused(expression: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        expressions.checked(expression)
