"""What one model said and the next goes on with read as one text: nothing twice, nothing lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.gateway.joint import Joint
from sluice.gateway.spoken import Spoken
from sluice.upstream import Delta

from tests.growth import grows_linearly

SAID = "The gate slides in its frame, and the"
REST = " water itself presses it tight."


def joined(said: str, gap: str, came: str, size: int = 1000) -> str:
    joint = Joint(said, gap)
    pieces = [joint.add(came[at : at + size]) for at in range(0, len(came), size)]
    return said + "".join(pieces) + joint.end()


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    "came",
    [
        REST,
        REST.lstrip(),
        "the" + REST,
        "and the" + REST,
        "its frame, and the" + REST,
        SAID + REST,
        "\n" + SAID + REST,
        SAID.replace(" ", "  ") + REST,
        "…" + REST,
        "... and the" + REST,
        "The gate slides in its frame; in words of its own. The gate slides in its frame, and the" + REST,
    ],
    ids=[
        "exact", "without the space", "last word again", "last words again", "half of it again", "all of it again",
        "after a new line", "with other spaces", "after dots", "after dots, again", "in other words first",
    ],
)  # fmt: skip
def test_a_repetition_is_cut_and_a_missing_space_is_set(came: str, size: int) -> None:
    assert joined(SAID, " ", came, size) == SAID + REST


@pytest.mark.parametrize("size", [1, 5, 1000])
@pytest.mark.parametrize(
    ("said", "gap", "came", "whole"),
    [
        ("the gate", " ", "gateway opens", "the gate gateway opens"),
        ("the gate", " ", ", and so on", "the gate, and so on"),
        ("A list:", "\n", "- one", "A list:\n- one"),
        ("A list:", "\n", "\n\n- one", "A list:\n\n- one"),
        ("def f():", "\n    ", "return 1", "def f():\n    return 1"),
        ("def f():", "\n    ", "def f():\n    return 1", "def f():\n    return 1"),
        ("1 0 0 1 0 0", " ", "0 0 1", "1 0 0 1 0 0 0 0 1"),
        ("a" * 30, "", "b" * 30, "a" * 30 + "b" * 30),
        ("水门在框架中滑动,", "", "水压紧它。", "水门在框架中滑动,水压紧它。"),
        ("水门在框架中滑动,", "", "框架中滑动,水压紧它。", "水门在框架中滑动,水压紧它。"),
        ("A gate holds the water back.", " ", "A gate holds the water back by its own weight.",
         "A gate holds the water back. A gate holds the water back by its own weight."),
        ("Yes", ",", "Yes", "Yes"),
    ],
    ids=[
        "another word that begins so", "punctuation", "list", "its own blank line", "indented", "code again",
        "numbers that recur", "no space is known", "chinese", "chinese again", "another answer", "all of a short one",
    ],
)  # fmt: skip
def test_what_is_no_repetition_stays(said: str, gap: str, came: str, whole: str, size: int) -> None:
    assert " ".join(joined(said, gap, came, size).split()) == " ".join(whole.split())


def test_a_long_answer_that_is_said_again_is_followed_in_time_by_its_length() -> None:
    assert grows_linearly(lambda said: joined(said, " ", f"{said} And more.", 4), "A gate, and another one, ", 4000)


WORDS = st.lists(st.from_regex(r"[a-z]{3,8}[,.]?", fullmatch=True), min_size=2, max_size=30, unique=True)


@given(WORDS, st.data())
def test_wherever_an_answer_breaks_off_and_however_much_is_repeated_it_reads_as_one(
    words: list[str], data: st.DataObject
) -> None:
    at = data.draw(st.integers(1, len(words) - 1))
    again = data.draw(st.integers(0, at))
    size = data.draw(st.integers(1, 12))

    assert joined(" ".join(words[:at]), " ", " ".join(words[at - again :]), size) == " ".join(words)


@given(st.text(max_size=60), st.integers(1, 9))
def test_nothing_of_a_continuation_is_lost_but_white_space_and_repetitions(came: str, size: int) -> None:
    whole = joined("0123456789", " ", came, size)

    assert "".join(whole.split()).endswith("".join(came.split()).removeprefix("…").removeprefix("..."))


def spoken(spoken: Spoken, text: str, size: int, finish: str | None = None) -> list[Delta]:
    deltas = [Delta(content=text[at : at + size]) for at in range(0, len(text), size)]
    ends = [Delta(finish_reason=finish)] if finish else []
    return [seen for delta in [*deltas, *ends] for seen in spoken.take(delta)]


def text_of(deltas: list[Delta]) -> str:
    return "".join(delta.content for delta in deltas)


@given(st.text(max_size=200), st.integers(1, 20))
def test_an_answer_that_comes_to_its_end_is_seen_as_it_was_said(text: str, size: int) -> None:
    assert text_of(spoken(Spoken(), text, size, "stop")) == text


@given(WORDS, st.integers(1, 9), st.data())
def test_an_answer_breaks_off_between_words(words: list[str], size: int, data: st.DataObject) -> None:
    text = " ".join(words)
    cut = data.draw(st.integers(0, len(text)))
    seen = text_of(spoken(Spoken(), text[:cut], size))

    assert text.startswith(seen)
    assert seen == text or not seen or text[len(seen)] == " "


@given(WORDS, st.integers(1, 9), st.data())
def test_two_models_that_say_one_text_between_them_are_read_as_one(
    words: list[str], size: int, data: st.DataObject
) -> None:
    text = "\n".join(words)
    cut = data.draw(st.integers(0, len(text)))
    answer = Spoken()
    seen = spoken(answer, text[:cut], size)
    answer.break_off()

    seen += spoken(answer, text[len(answer.text) :].strip() or ".", size, "stop")

    assert text_of(seen).removesuffix(".") in (text, text.removesuffix("."))


def test_calls_of_tools_are_sent_on_only_with_the_end() -> None:
    answer = Spoken()
    call = {"index": 0, "id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}

    early = list(answer.take(Delta(tool_calls=[call])))
    late = list(answer.take(Delta(finish_reason="tool_calls")))

    assert (early, [delta.tool_calls for delta in late if delta.tool_calls]) == ([], [[call]])


def test_a_call_of_a_tool_by_a_model_that_broke_off_is_forgotten() -> None:
    answer = Spoken()
    list(answer.take(Delta(tool_calls=[{"index": 0, "function": {"name": "f", "arguments": "{"}}])))

    answer.break_off()

    assert not [delta for delta in answer.take(Delta(finish_reason="stop")) if delta.tool_calls]


def test_the_word_that_broke_off_is_kept_until_somebody_goes_on() -> None:
    answer = Spoken()
    spoken(answer, "The gate sli", 4)
    answer.break_off()
    spoken(answer, "gate", 4)
    answer.break_off()

    assert answer.rest().content == " sli"


def test_the_word_that_broke_off_is_forgotten_once_somebody_has_gone_on() -> None:
    answer = Spoken()
    spoken(answer, "The gate sli", 4)
    answer.break_off()
    spoken(answer, "slides in its", 4)
    answer.break_off()

    assert (answer.text, answer.rest().content) == ("The gate slides in", " its")


def test_white_space_without_end_is_passed_on_in_time_by_its_length() -> None:
    def read(text: str) -> str:
        return text_of(spoken(Spoken(), text, 1))

    assert len(read("gate" + "\n" * 500)) > 400
    assert grows_linearly(read, "\n", 2_000)
