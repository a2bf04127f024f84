"""The offer to ask the cloud: what it shows, what it costs, and where there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.process import Running, person
from tests.standins.cloud import Cloud
from tests.standins.script import Answer

MAIL = "jane.doe@corp.example"


def offered(gateway: Running, headers: dict[str, str], *texts: str, lane: str = "cloud") -> Any:
    roles = ("user", "assistant")
    messages = [{"role": roles[n % 2], "content": text} for n, text in enumerate(texts)]
    return gateway.post("/sluice/v1/offer", json={"messages": messages, "lane": lane}, headers=headers).json()


def test_it_shows_what_would_leave_and_about_what_it_costs(gateway: Running, shared_cloud: Cloud) -> None:
    offer = offered(gateway, person(), f"Write to {MAIL}", "Here it is.", "make it shorter")

    assert offer["possible"]
    assert offer["model"] == "gpt-4.1"
    assert [(one["role"], one["content"]) for one in offer["messages"][1:]] == [
        ("user", "Write to [EMAIL_1]"),
        ("assistant", "Here it is."),
        ("user", "make it shorter"),
    ]
    assert offer["messages"][0]["role"] == "system"  # what tells the model about placeholders
    # USD 2 and 8 for a million tokens: https://openai.com/api/pricing
    least, most = offer["usd"]
    assert least == pytest.approx((offer["prompt_tokens"] * 2 + 150 * 8) / 1e6)
    assert most == pytest.approx((offer["prompt_tokens"] * 2 + 1500 * 8) / 1e6)
    assert not shared_cloud.record.chats()


def test_a_price_of_the_future_is_not_in_force(make_gateway: Callable[..., Running]) -> None:
    running = make_gateway()
    later = '{gpt: {input_per_million: 100, output_per_million: 100, since: "2999-01-01"}}'
    running.config.write_text(f"{running.config.read_text('utf-8')}prices: {later}\n", encoding="utf-8")
    with running as gateway:
        offer = offered(gateway, person(), "Tell me more.")

    assert offer["usd"][1] == pytest.approx((offer["prompt_tokens"] * 2 + 1500 * 8) / 1e6)


def test_nothing_private_is_in_it(gateway: Running) -> None:
    assert MAIL not in json.dumps(offered(gateway, person(), f"Write to {MAIL}"))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("password=hunter2swordfish", "key or password"),
        ("CONFIDENTIAL - internal use only\n\nOur plan for the merger is to buy first and tell later.", "confidential"),
        ("What is it? @local", "you chose to stay local"),
    ],
    ids=["a secret", "a marked document", "a wish"],
)
def test_what_must_stay_has_no_offer_and_says_why(gateway: Running, text: str, why: str) -> None:
    offer = offered(gateway, person(), text)

    assert not offer["possible"]
    assert why in " ".join(offer["reasons"]).lower()
    assert not offer["messages"]


def test_a_chat_that_was_private_has_none(gateway: Running) -> None:
    headers = person()
    gateway.ask("Where do I live?", "local", headers=headers)

    offer = offered(gateway, headers, "Where do I live?", "Local answer to 1 messages.", "And why?")

    assert not offer["possible"]
    assert offer["reasons"] == ["this chat holds messages that were private"]


def test_what_policy_asks_about_comes_with_the_gateways_signature(gateway: Running, shared_cloud: Cloud) -> None:
    headers = person()
    shared_cloud.script.always(Answer("It names [EMAIL_1]."))
    text = f'<context><source id="1" name="cv.pdf">Write to {MAIL}.</source></context>Who is it?'

    offer = offered(gateway, headers, text)
    gateway.post("/sluice/v1/consent", json={"challenge": offer["challenge"], "choice": "masked"}, headers=headers)
    again = offered(gateway, headers, text)

    assert offer["possible"]
    assert [ask["name"] for ask in offer["asks"]] == ["cv.pdf"]
    assert again["possible"]
    assert "asks" not in again
    assert gateway.ask(text, "cloud", headers=headers).json()["usage"]["location"] == "cloud"


@pytest.mark.parametrize("lane", ["auto", "local", "gpt", ""])
def test_only_lanes_of_the_cloud_are_offered(gateway: Running, lane: str) -> None:
    answer = gateway.post("/sluice/v1/offer", json={"messages": [], "lane": lane}, headers=person())

    assert answer.status_code == 400


def test_nobody_unknown_gets_one(gateway: Running) -> None:
    body = {"messages": [{"role": "user", "content": "Hello"}], "lane": "cloud"}

    assert gateway.post("/sluice/v1/offer", json=body).status_code == 403


def test_what_a_person_makes_of_their_answer_is_booked_and_of_nobody_elses(gateway: Running) -> None:
    headers = person(message="m-of-feedback")
    gateway.ask("Hello", headers=headers)

    mine = gateway.post("/sluice/v1/feedback", json={"signal": "thumbs_up"}, headers=headers)
    anothers = gateway.post(
        "/sluice/v1/feedback", json={"signal": "thumbs_up"}, headers=person("u-2", message="m-of-feedback")
    )

    assert (mine.status_code, mine.json()) == (200, {"status": "booked"})
    assert (anothers.status_code, anothers.json()) == (404, {"status": "unknown"})


@pytest.mark.parametrize("body", [{"signal": "regenerated"}, {"signal": 1}, {}, [], {"text": "wonderful"}], ids=str)
def test_only_known_signals_are_feedback(gateway: Running, body: Any) -> None:
    assert gateway.post("/sluice/v1/feedback", json=body, headers=person()).status_code == 400
