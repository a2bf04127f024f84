"""What people make of answers is booked by the answer that it is about, once, and without a word of text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sluice.ledger import Feedback, feedback
from sluice.routing import complexity

from tests.gateway.conftest import KNOWN, Rig

SECOND = replace(KNOWN, message="m-2")
QUESTION = "Write a function that reverses a list."


def turn(*texts: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[n % 2], "content": text} for n, text in enumerate(texts)]


async def noted(rig: Rig) -> list[Feedback]:
    await rig.gateway.opinions.settled()
    with rig.book.database.reading() as connection:
        return feedback.given_since(connection)


async def test_a_correction_is_about_the_answer_before(rig: Rig) -> None:
    await rig.ask(QUESTION)

    await rig.ask("", messages=turn(QUESTION, "list[1:]", "That's wrong, try again."), caller=SECOND)

    (found,) = await noted(rig)
    assert (found.signal, found.message, found.task_kind) == ("corrected", "m-1", "code")
    assert (found.lane, found.model, found.location) == ("auto", "qwen", "local")
    assert found.complexity == pytest.approx(complexity(QUESTION))


async def test_an_answer_that_is_generated_anew_says_something_of_the_first(rig: Rig) -> None:
    await rig.ask(QUESTION)

    await rig.ask(QUESTION, caller=SECOND)

    assert [(one.signal, one.message) for one in await noted(rig)] == [("regenerated", "m-1")]


@pytest.mark.parametrize(
    "caller",
    [replace(SECOND, task="title_generation"), replace(KNOWN, message=""), replace(KNOWN, user=None)],
    ids=["a title", "the API", "nobody known"],
)
async def test_only_a_persons_own_message_says_anything(rig: Rig, caller: object) -> None:
    await rig.ask(QUESTION)

    await rig.ask("", messages=turn(QUESTION, "list[1:]", "That's wrong."), caller=caller)  # type: ignore[arg-type]

    assert await noted(rig) == []


async def test_what_is_told_of_a_message_is_booked_once(rig: Rig) -> None:
    await rig.ask(QUESTION)

    told = [await rig.gateway.told(KNOWN, signal) for signal in ("thumbs_down", "thumbs_down", "edited")]

    assert told == [True, True, True]
    assert [one.signal for one in await noted(rig)] == ["thumbs_down", "edited"]


@pytest.mark.parametrize(
    "caller", [replace(KNOWN, user="somebody else"), replace(KNOWN, message="m-9")], ids=["another's", "an unknown one"]
)
async def test_nobody_can_speak_of_anothers_answer(rig: Rig, caller: object) -> None:
    await rig.ask(QUESTION)

    assert not await rig.gateway.told(caller, "thumbs_down")  # type: ignore[arg-type]
    assert await noted(rig) == []


async def test_after_a_thumb_down_the_next_question_of_the_chat_goes_higher(rig: Rig) -> None:
    first = await rig.ask(QUESTION)
    await rig.gateway.told(KNOWN, "thumbs_down")

    later = await rig.ask("", messages=turn(QUESTION, first.text, "Now for a tuple."), caller=SECOND)

    assert (first.usage["location"], later.usage["location"]) == ("local", "cloud")


async def test_a_ledger_that_cannot_be_read_costs_no_answer(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    await rig.ask(QUESTION)
    with rig.book.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE feedback")

    answer = await rig.ask("", messages=turn(QUESTION, "x", "That's wrong."), caller=SECOND)
    await rig.gateway.opinions.settled()

    assert answer.text
    assert "A signal was not written down" in caplog.text
