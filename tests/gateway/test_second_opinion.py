"""Near the threshold the local model is asked itself: what it says moves the call, and nothing else may."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sluice.ledger import pico, reading
from sluice.routing import Adjustment, Calibration, complexity

from tests.gateway.conftest import KNOWN, Rig
from tests.standins.script import HANG, SERVER_ERROR, Answer, Reply

QUESTION = "Write a function that merges two sorted lists."
NEAR = Calibration(threshold=complexity(QUESTION) - 0.02)  # by itself, the estimate sends it to the cloud


def opinion(body: Mapping[str, Any]) -> bool:
    return isinstance(body.get("format"), dict)


@pytest.fixture
async def rig(make_rig: Callable[[str], Rig]) -> AsyncIterator[Rig]:
    made = make_rig("")
    made.path.write_text(
        made.path.read_text().replace("routing: {", "routing: {second_opinion: true, second_opinion_seconds: 1, ")
    )
    assert made.live.reload()
    made.calibration = NEAR
    await made.fleet.look()
    await loaded(made)
    yield made
    made.bookings()


async def loaded(rig: Rig) -> None:
    """Have the local model in memory, as the fleet sees it."""
    await rig.ask("Good morning!", "standard", caller=replace(KNOWN, chat="another"))
    await rig.fleet.look()
    rig.ollama.record.clear()


def says(rig: Rig, reply: Reply) -> None:
    rig.ollama.script.when(opinion, reply)


def asked(rig: Rig) -> list[Any]:
    return [call.json for call in rig.ollama.record.chats() if opinion(call.json)]


@pytest.mark.parametrize(("said", "location"), [("yes", "local"), ("no", "cloud")])
@pytest.mark.parametrize("side", [-0.02, 0.02], ids=["above the threshold", "below it"])
async def test_what_the_local_model_says_of_itself_decides(rig: Rig, said: str, location: str, side: float) -> None:
    rig.calibration = Calibration(threshold=complexity(QUESTION) + side)
    says(rig, Answer(f'{{"answer": "{said}"}}'))

    usage = (await rig.ask(QUESTION)).usage

    assert usage["location"] == location
    assert "near the threshold" in usage["reasons"][0]
    assert "the local model says that it can" in usage["reasons"][1]


async def test_it_is_one_short_choice_asked_on_this_machine_and_booked_as_such(rig: Rig) -> None:
    says(rig, Answer('{"answer": "no"}'))

    await rig.ask(QUESTION)

    (body,) = asked(rig)
    assert body["format"]["properties"]["answer"]["enum"] == ["yes", "no"]
    assert body["options"]["num_predict"] <= 12
    assert QUESTION in body["messages"][0]["content"]
    _, first, second = rig.bookings()
    assert (first["kind"], first["model"], first["location"], first["outcome"]) == (
        "second opinion", "qwen", "local", "finished",
    )  # fmt: skip
    assert (second["kind"], second["location"]) == ("chat", "cloud")


async def test_an_opinion_is_booked_for_the_ledgers_day_and_with_its_power(rig: Rig) -> None:
    more = "ledger: {time_zone: Pacific/Kiritimati}\nenergy: {watts: 360000000, usd_per_kwh: 0.5}\n"
    rig.path.write_text(rig.path.read_text() + more)
    assert rig.live.reload()
    says(rig, Answer('{"answer": "no"}'))
    await rig.ask(QUESTION)
    today = rig.book.today(rig.live.current.ledger.zone)
    with rig.book.database.reading() as connection:
        days = {row.key for row in reading.by_day(connection, dimension="kind", value="second opinion")}

    _, opinion, _ = rig.bookings()

    assert days == {today.isoformat()}
    # 360 MW over a millisecond is a tenth of a kilowatt-hour.
    assert opinion["cost"] == opinion["total_ms"] * pico(Decimal("0.05")) > 0


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(SERVER_ERROR, id="an error"),
        pytest.param(HANG, id="silence"),
        pytest.param(Answer("Perhaps."), id="prose"),
        pytest.param(Answer('{"answer": "maybe"}'), id="another word"),
        pytest.param(Answer("[]"), id="a list"),
        pytest.param(Answer('{"answer": ["yes"]}'), id="a list within"),
    ],
)
async def test_whatever_goes_wrong_the_estimate_alone_decides(rig: Rig, reply: Reply) -> None:
    says(rig, reply)

    answer = await rig.ask(QUESTION)

    assert answer.usage["location"] == "cloud"
    assert "is at least" in answer.usage["reasons"][0]


@pytest.mark.parametrize(
    ("text", "lane", "more"),
    [
        ("Good morning!", "auto", {}),
        (QUESTION, "cloud", {}),
        (QUESTION, "local", {}),
        (f"@cloud {QUESTION}", "auto", {}),
        (f"{QUESTION} PRIVATE", "auto", {}),
        (QUESTION, "auto", {"sluice": {"preference": "private"}}),
    ],
    ids=["far from the threshold", "the cloud's lane", "the local lane", "a wish", "private matter", "a preference"],
)
async def test_nobody_is_asked_where_it_would_change_nothing(
    rig: Rig, text: str, lane: str, more: dict[str, Any]
) -> None:
    await rig.ask(text, lane, **more)

    assert asked(rig) == []


async def test_a_model_that_would_have_to_be_loaded_first_is_not_asked(rig: Rig) -> None:
    rig.ollama._loaded.clear()
    await rig.fleet.look()

    assert (await rig.ask(QUESTION)).usage["location"] == "cloud"
    assert asked(rig) == []


async def test_it_is_off_by_default(make_rig: Callable[[str], Rig]) -> None:
    rig = make_rig("")
    await rig.fleet.look()
    await loaded(rig)
    rig.calibration = NEAR

    await rig.ask(QUESTION)
    rig.bookings()

    assert asked(rig) == []


async def test_it_reckons_with_what_was_learned_of_the_kind(rig: Rig) -> None:
    rig.calibration = Calibration(threshold=NEAR.threshold, kinds={"code": Adjustment(shift=6.0)})

    await rig.ask(QUESTION)

    assert asked(rig) == []  # far above the threshold by now
