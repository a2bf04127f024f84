"""A conversation stays with the model that answers it, and moves when that pays."""

from dataclasses import replace
from typing import Any

import pytest
from sluice.routing import Candidate, Decision, Policy, Previous, Signals, decide, recognised

STANDARD = Candidate("std", "std", "local", ("standard",), window=32_000)
SMALL = Candidate("tiny", "tiny", "local", ("small",), window=32_000)
CODER = Candidate("coder", "coder", "local", ("coder",), window=32_000)
SEEING = Candidate("eye", "eye", "local", ("vision",), window=32_000, sees_images=True)
CLOUD = Candidate("gpt", "gpt", "cloud", ("cloud",), window=200_000, sees_images=True)
FRONTIER = Candidate("opus", "opus", "cloud", ("frontier",), window=200_000, sees_images=True)
ALL = (STANDARD, SMALL, CODER, SEEING, CLOUD, FRONTIER)
POLICY = Policy(threshold=0.8, small_threshold=0.25, stickiness=0.1)

ON_SMALL = Previous("tiny", "local", "small", 0.1, "t-1", "m-1")
ON_STANDARD = Previous("std", "local", "standard", 0.5, "t-1", "m-1")
ON_CODER = Previous("coder", "local", "coder", 0.5, "t-1", "m-1")
ON_CLOUD = Previous("gpt", "cloud", "cloud", 0.85, "t-1", "m-1")
ON_FRONTIER = Previous("opus", "cloud", "frontier", 0.95, "t-1", "m-1")


def next_decision(previous: Previous | None, **signals: Any) -> Decision:
    filled: dict[str, Any] = {
        "lane": "auto", "prompt_tokens": 3_000, "history_tokens": 2_500, "complexity": 0.5, "state": "follow_up",
        "turn": "t-2", "message": "m-2", **signals,
    }  # fmt: skip
    return decide(Signals(**filled), ALL, POLICY, previous)


@pytest.mark.parametrize(
    ("previous", "signals", "model", "change"),
    [
        (ON_STANDARD, {}, "std", "stayed"),
        (ON_STANDARD, {"complexity": 0.82}, "std", "stayed"),
        (ON_STANDARD, {"complexity": 0.87}, "gpt", ""),
        (ON_STANDARD, {"task_kind": "code"}, "std", "stayed"),
        (ON_STANDARD, {"task_kind": "code", "history_tokens": 200}, "coder", ""),
        (ON_STANDARD, {"media": frozenset({"image"})}, "eye", ""),
        (ON_STANDARD, {"complexity": 0.1, "words": 4, "history_tokens": 250}, "std", "stayed"),
        (ON_SMALL, {"complexity": 0.27}, "tiny", "stayed"),
        (ON_SMALL, {"complexity": 0.5}, "std", ""),
        (ON_CODER, {}, "coder", "stayed"),
        (ON_CLOUD, {"complexity": 0.7}, "gpt", "stayed"),
        (ON_CLOUD, {"complexity": 0.4, "words": 30}, "std", "returned"),
        (ON_CLOUD, {"complexity": 0.1, "words": 2}, "gpt", "stayed"),
        (ON_CLOUD, {"complexity": 0.92}, "gpt", "stayed"),
        (ON_CLOUD, {"complexity": 0.97}, "opus", ""),
        (ON_FRONTIER, {"complexity": 0.85}, "opus", "stayed"),
        (replace(ON_CLOUD, escalated=True), {"complexity": 0.1}, "gpt", "stayed"),
    ],
    ids=[
        "easy stays", "a little harder stays", "clearly harder goes to the cloud", "code in a long chat stays",
        "code in a short chat goes to the coder", "an image goes to who sees it", "easier stays off the small model",
        "a little more than small stays", "clearly more than small goes up", "the coder goes on",
        "a little easier stays in the cloud", "clearly easier returns",
        "what says little is as hard as what it is about", "a little harder stays in the cloud",
        "clearly harder goes to the frontier", "less stays on the frontier", "after an escalation it stays",
    ],
)  # fmt: skip
def test_a_follow_up_moves_only_where_it_differs_clearly(
    previous: Previous, signals: dict[str, Any], model: str, change: str
) -> None:
    decision = next_decision(previous, **signals)

    assert (decision.model, decision.change) == (model, change)


@pytest.mark.parametrize(
    ("previous", "model"),
    [(ON_SMALL, "std"), (ON_STANDARD, "gpt"), (ON_CODER, "gpt"), (ON_CLOUD, "opus"), (None, "gpt")],
    ids=["small", "standard", "coder", "cloud", "unknown"],
)
@pytest.mark.parametrize(("state", "why"), [("correction", "the last answer fell short"), ("regenerated", "once more")])
def test_an_answer_that_fell_short_asks_the_next_rung(
    previous: Previous | None, model: str, state: Any, why: str
) -> None:
    decision = next_decision(previous, state=state)

    assert (decision.model, decision.change) == (model, "escalated")
    assert why in decision.note


def test_where_nothing_stands_higher_the_best_answers_again() -> None:
    decision = next_decision(ON_FRONTIER, state="regenerated")

    assert (decision.model, decision.change, decision.note) == ("opus", "", "")


@pytest.mark.parametrize(("previous", "model"), [(ON_SMALL, "std"), (ON_STANDARD, "std"), (ON_CLOUD, "std")])
def test_what_is_kept_local_escalates_on_this_machine_only(previous: Previous, model: str) -> None:
    decision = next_decision(previous, state="correction", confined=("personal data",))

    assert decision.model == model
    assert set(decision.chain) <= {"std", "tiny", "coder", "eye"}


def test_a_question_about_something_else_returns_to_this_machine() -> None:
    decision = next_decision(replace(ON_FRONTIER, escalated=True), state="new", complexity=0.5)

    assert (decision.model, decision.change) == ("std", "returned")


@pytest.mark.parametrize(("history", "model"), [(5_000, "std"), (250, "tiny")], ids=["long chat", "short chat"])
def test_a_small_question_in_a_long_chat_loads_no_other_model(history: int, model: str) -> None:
    signals = {"state": "new", "complexity": 0.1, "words": 5, "history_tokens": history}

    assert next_decision(ON_STANDARD, **signals).model == model


@pytest.mark.parametrize("previous", [ON_SMALL, ON_CLOUD, ON_FRONTIER], ids=["small", "cloud", "frontier"])
def test_a_round_of_tools_goes_on_with_the_model_that_called_them(previous: Previous) -> None:
    decision = next_decision(previous, turn="t-1", message="m-1", goes_on=True, state="correction")

    assert decision.model == previous.model


def test_the_model_before_is_not_asked_while_it_is_down() -> None:
    down = replace(STANDARD, unavailable="Ollama does not answer")
    signals = Signals("auto", 100, 0.5, state="follow_up", turn="t-2", message="m-2")

    assert decide(signals, (down, SMALL, CLOUD), POLICY, ON_STANDARD).model == "tiny"


@pytest.mark.parametrize(
    ("signals", "state"),
    [
        ({"turn": "t-1", "message": "m-2"}, "regenerated"),
        ({"turn": "t-1", "message": "m-1"}, "follow_up"),
        ({"turn": "t-1", "message": "m-2", "goes_on": True}, "follow_up"),
        ({"turn": "t-1", "message": "", "task": "title_generation"}, "follow_up"),
        ({"turn": "t-2", "message": "m-2"}, "follow_up"),
        ({"turn": "", "message": "m-2"}, "follow_up"),
    ],
    ids=["asked again", "goes on", "a round of tools", "a task", "another question", "nobody told"],
)
def test_the_same_question_for_another_answer_is_regenerated(signals: dict[str, Any], state: str) -> None:
    asked = Signals("auto", 100, 0.5, state="follow_up", **signals)

    assert recognised(asked, ON_STANDARD).state == state


def test_a_thumb_down_makes_the_next_question_of_the_matter_a_correction() -> None:
    asked = Signals("auto", 100, 0.5, state="follow_up", turn="t-2", message="m-2")

    assert recognised(asked, replace(ON_STANDARD, fell_short=True)).state == "correction"


def test_where_one_model_is_all_there_is_here_a_complaint_about_it_goes_to_the_cloud() -> None:
    only = Candidate("tiny", "tiny", "local", ("standard", "small"), window=32_000)
    signals = Signals(lane="auto", prompt_tokens=300, complexity=0.1, state="correction", turn="t-2", message="m-2")

    decision = decide(signals, (only, CLOUD, FRONTIER), POLICY, ON_SMALL)

    assert (decision.model, decision.change) == ("gpt", "escalated")


def test_the_same_question_to_another_preset_is_not_asked_once_more() -> None:
    before = replace(ON_STANDARD, preset="auto")
    asked = Signals("auto", 100, 0.5, turn="t-1", message="m-2", preset="auto")

    assert recognised(asked, before).state == "regenerated"
    assert recognised(replace(asked, preset="team"), before).state == "new"
