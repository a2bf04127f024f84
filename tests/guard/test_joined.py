"""Keys that are spread over messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.guard.joined import Part, across, parts_of

_KEY = "sk-" + "ant-api03-" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF"


def _covered(messages: list[str]) -> str:
    found = across(messages)
    return "".join(
        messages[number][finding.start : finding.end]
        for number in range(len(messages))
        for finding in parts_of(found, number)
    )


@pytest.mark.parametrize(
    "messages",
    [
        [_KEY[:15], _KEY[15:]],
        ["My key begins with " + _KEY[:20], _KEY[20:] + " is the rest"],
        ["First half: " + _KEY[:20] + " (more to come)", "and the second half is " + _KEY[20:]],
        ["start", _KEY[:15], _KEY[15:30], _KEY[30:], "thanks"],
    ],
    ids=["in two", "with words around", "announced", "in three"],
)
def test_a_key_in_parts_is_found_with_all_its_parts(messages: list[str]) -> None:
    assert _covered(messages) == _KEY


def test_the_parts_are_told_by_message() -> None:
    (joined,) = across(["a " + _KEY[:15], _KEY[15:]])

    assert joined.finding.type == "API_KEY"
    assert joined.parts == (Part(0, 2, 17), Part(1, 0, len(_KEY) - 15))


@pytest.mark.parametrize(
    "messages",
    [
        ["What is a key?", "How long is an API key of Anthropic?"],
        ["Keys of Anthropic begin with sk-ant- as far as I know.", "How long are they, and what stands at their end?"],
        ["sk-learn is a library", "scikit-learn-1.5.2 is the version that I have installed here"],
        [_KEY + " is whole", "and-this-is-another-long-word-1234567890"],
        [],
        ["sk-ant-"],
    ],
    ids=["questions", "about keys", "alike", "whole already", "nothing", "one message"],
)
def test_messages_without_such_a_key_have_none(messages: list[str]) -> None:
    assert across(messages) == []


@given(
    st.lists(
        st.one_of(st.text(max_size=60), st.sampled_from([_KEY, _KEY[:15], _KEY[15:], "sk-", "AKIA", "eyJ"])), max_size=8
    )
)
def test_parts_always_lie_within_their_messages(messages: list[str]) -> None:
    for joined in across(messages):
        assert len(joined.parts) > 1
        assert all(0 <= part.start < part.end <= len(messages[part.message]) for part in joined.parts)
