"""What of a long text is shown to whom it is asked about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from sluice.server.excerpt import excerpt

FILLER = "The rent is due. " * 100


def test_a_short_text_is_shown_whole() -> None:
    assert excerpt("Write to [EMAIL_1].", ["[EMAIL_1]"], 100) == "Write to [EMAIL_1]."


def test_without_marks_both_ends_are_shown() -> None:
    assert excerpt("a" * 300 + "b" * 300, [], 100) == f"{'a' * 50}\n…\n{'b' * 50}"


def test_what_is_marked_is_shown_in_its_surroundings_once() -> None:
    text = f"{FILLER}Ask [NAME_1] or [NAME_2].{FILLER}{FILLER}Then [NAME_1].{FILLER}"

    shown = excerpt(text, ["[NAME_1]", "[NAME_2]"], 4000)

    assert shown.count("Ask [NAME_1] or [NAME_2].") == shown.count("Then [NAME_1].") == 1
    assert (shown[:2], shown[-2:]) == ("…\n", "\n…")
    assert len(shown) < 1500


@given(st.lists(st.sampled_from(["[NAME_1]", "a" * 700, "b" * 50]), max_size=20).map("".join), st.integers(1, 4000))
def test_it_is_no_longer_than_asked_for_but_for_its_cuts(text: str, length: int) -> None:
    shown = excerpt(text, ["[NAME_1]"], length)

    assert len(shown) <= length + 3 * shown.count("…")
