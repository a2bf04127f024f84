"""The usage API of a running gateway: what each call costs, to whom it is shown, and to whom it never is."""

from __future__ import annotations

import csv
import io
import itertools
import time
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
import pytest

from tests.conftest import unused_port
from tests.server.conftest import environ_for
from tests.server.process import SECRET, Running, person, wait_until
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer, Usage

QUESTION = "Prove that there are infinitely many primes, step by step."
READ = ("/sluice/v1/usage", "/sluice/v1/usage/overview", "/sluice/v1/usage/message", "/sluice/v1/usage/chat")
BY = ("day", "user", "group", "model", "location", "preset", "kind", "lane", "task_kind", "outcome", "reason", "class")
users = (f"u-{number}" for number in itertools.count(time.time_ns()))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_gateway(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    offline_environment: dict[str, str],
    shared_gateway: Running,
    shared_cloud: Cloud,
    shared_ollama: Ollama,
) -> Iterator[Running]:
    """With the ledger in a file, and in PostgreSQL."""
    if request.param == "sqlite":
        yield shared_gateway
        return
    url = request.getfixturevalue("postgres")()
    environ = {**environ_for(offline_environment, shared_cloud, shared_ollama), "SLUICE_LEDGER_URL": url}
    with Running(tmp_path_factory.mktemp("postgresql"), unused_port(), environ) as running:
        yield running
        assert not (running.data / "ledger.sqlite3").exists()


def signed(user: str, role: str = "user", secret: str = SECRET, **more: str) -> dict[str, str]:
    now = int(time.time())
    claims = {"sub": user, "role": role, "iss": "open-webui", "iat": now, "exp": now + 600}
    return {**person(user), "X-OpenWebUI-User-Jwt": jwt.encode(claims, secret, algorithm="HS256"), **more}


def spend(gateway: Running, headers: Mapping[str, str], model: str = "frontier") -> Any:
    return gateway.ask(QUESTION, model, headers=headers).json()["usage"]


def read(gateway: Running, path: str, headers: Mapping[str, str], **query: str) -> Any:
    answer = gateway.get(path, headers=headers, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def sums(gateway: Running, headers: Mapping[str, str], **query: str) -> dict[str, Any]:
    return {row["key"]: row for row in read(gateway, "/sluice/v1/usage", headers, **query)["rows"]}


def settled(gateway: Running, user: str, calls: int = 1) -> None:
    wait_until(lambda: read(gateway, READ[1], signed(user))["totals"]["calls"] == calls, "the calls are settled")


def test_a_person_sees_what_their_calls_cost_and_an_admin_sees_everybodys(
    gateway: Running, shared_cloud: Cloud
) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    one, other = next(users), next(users)
    for user in (one, one, other):
        spend(gateway, signed(user))
    settled(gateway, one, 2)
    settled(gateway, other)

    everybodys = sums(gateway, signed("boss", "admin"), by="user")

    assert sums(gateway, signed(one), by="location")["cloud"]["calls"] == 2
    assert (everybodys[one]["calls"], everybodys[other]["calls"]) == (2, 1)
    assert everybodys[one]["cost"] == "0.012"  # twice 1,000 at $2 and 500 at $8 for a million
    assert sums(gateway, signed("boss", "admin"), by="location", user=other)["cloud"]["cost"] == "0.006"


# Every way of asking for more than one's own: none is answered, and none is answered with another's figures.
ATTEMPTS = [
    *({"by": by, "scope": "all"} for by in BY),
    *({"by": by, "user": "victim"} for by in BY),
    {"by": "user"},
    {"by": "group"},
    {"by": "user", "scope": "own"},
    {"by": "user", "format": "csv"},
    {"by": "day", "user": "victim", "format": "csv"},
    {"by": "day", "scope": "own", "user": "victim"},
]
ATTEMPTS_AT = [
    *((READ[0], query) for query in ATTEMPTS),
    *((READ[1], query) for query in ({"scope": "all"}, {"user": "victim"}, {"scope": "own", "user": "victim"})),
]


@pytest.mark.parametrize(("path", "query"), ATTEMPTS_AT, ids=str)
def test_a_plain_user_is_refused_whatever_is_not_their_own(gateway: Running, path: str, query: dict[str, str]) -> None:
    answer = gateway.get(path, headers=signed("curious"), params=query)

    assert answer.status_code == 403
    assert "Only an admin" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nobody"),
        pytest.param(signed("boss", "admin", secret="another secret, just as long as ours"), id="signed by another"),
        pytest.param({"X-OpenWebUI-User-Id": "boss", "X-OpenWebUI-User-Role": "admin"}, id="plain headers"),
        pytest.param(
            {"X-OpenWebUI-User-Jwt": jwt.encode({"sub": "boss", "role": "admin"}, None, "none")}, id="unsigned"
        ),
    ],
)
@pytest.mark.parametrize("path", READ)
def test_who_is_not_proven_sees_nothing(gateway: Running, path: str, headers: dict[str, str]) -> None:
    assert gateway.get(path, headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/sluice/v1/usage/warnings", "/sluice/v1/usage/local"])
def test_who_is_not_proven_writes_nothing(gateway: Running, path: str) -> None:
    body = {"model": "qwen3:8b", "usage": {"input_tokens": 1}}

    assert gateway.post(path, json=body, headers={"X-Sluice-Message": "m"}).status_code == 403


def test_no_answer_to_a_plain_user_holds_anothers_figures(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(7777, 3333)))
    victim = signed(next(users), **{"X-Sluice-Groups": "g-1"})
    spend(gateway, victim)
    # The chat and message are known to the curious, who forge them.
    curious = signed(next(users), **{name: victim[name] for name in ("X-Sluice-Chat", "X-Sluice-Message")})
    curious["X-Sluice-Groups"] = "g-1"

    own = sums(gateway, curious, by="day")
    overview = read(gateway, READ[1], curious)
    message, chat = (read(gateway, path, curious) for path in READ[2:])

    assert own == {}
    assert overview["totals"]["calls"] == 0
    assert not any(overview["by"].values())
    assert {"user", "group"}.isdisjoint(overview["by"])
    assert overview["break_even"] is None
    assert message == {"usage": {}}
    assert chat["chat"]["answers"]["calls"] == chat["today"]["calls"] == chat["month"]["calls"] == 0


def test_an_admin_may_look_at_only_their_own(gateway: Running) -> None:
    overview = read(gateway, READ[1], signed(next(users), "admin"), scope="own")

    assert (overview["scope"], overview["may_see_all"], overview["totals"]["calls"]) == ("own", True, 0)


def test_an_admin_may_look_at_another_persons_page(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    user = next(users)
    spend(gateway, signed(user))
    settled(gateway, user)

    overview = read(gateway, READ[1], signed(next(users), "admin"), user=user)

    assert (overview["totals"]["calls"], overview["month"]["spent"]) == (1, 0.006)
    assert (overview["scope"], overview["may_see_all"]) == ("own", True)


def test_the_table_is_a_csv_that_a_spreadsheet_reads(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    user = next(users)
    spend(gateway, signed(user))
    settled(gateway, user)

    answer = gateway.get(READ[0], headers=signed(user), params={"by": "model", "format": "csv"})
    (row,) = csv.DictReader(io.StringIO(answer.text))

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "sluice-model.csv" in answer.headers["content-disposition"]
    assert (row["model"], row["calls"], row["cost"]) == ("gpt", "1", "0.006")


@pytest.mark.parametrize(
    "query",
    [{"by": "password"}, {"days": "0"}, {"days": "9999"}, {"days": "²"}, {"month": "2026-13"}, {"since": "yesterday"},
     {"scope": "mine"}],
    ids=str,
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_words(gateway: Running, query: dict[str, str]) -> None:
    answer = gateway.get(READ[0], headers=signed("u-1"), params=query)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_nothing_is_sent_while_nothing_changed(gateway: Running) -> None:
    headers = signed(next(users))
    first = gateway.get(READ[1], headers=headers)

    again = gateway.get(READ[1], headers={**headers, "If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_with_an_answer_come_the_month_and_own_sums(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    headers = signed(next(users))

    first = spend(gateway, headers)
    wait_until(lambda: read(gateway, READ[2], headers)["usage"], "the first call is settled")
    second = spend(gateway, headers)

    assert (first["cost"], first["month"]) == (0.006, 0.006)
    assert (second["cost"], second["month"]) == (0.006, pytest.approx(0.012))
    assert read(gateway, READ[2], headers)["usage"] == {
        **{name: second[name] for name in ("lane", "location", "reasons", "saved")},
        "model": "gpt", "input_tokens": 2000, "output_tokens": 1000, "total_tokens": 3000,
        "cost": pytest.approx(0.012), "month": pytest.approx(0.012),
    }  # fmt: skip


def test_over_tool_rounds_what_was_saved_is_that_of_all_of_them(gateway: Running) -> None:
    """Open WebUI sums up the cost of an answer's rounds, and keeps the last round's value of what it does not know."""
    headers = signed(next(users))

    first = spend(gateway, headers, "local")
    wait_until(lambda: read(gateway, READ[2], headers)["usage"], "the first call is settled")
    second = spend(gateway, headers, "local")

    assert first["saved"] > 0
    assert second["saved"] == pytest.approx(2 * first["saved"])


def test_chat_and_tasks_are_summed_apart(gateway: Running) -> None:
    headers = signed(next(users))
    spend(gateway, headers, "auto")
    task = {**headers, "X-Sluice-Message": "", "X-Sluice-Task": "title_generation"}
    gateway.ask("A title, please", "local", headers=task)

    chat = read(gateway, READ[3], headers)

    assert (chat["chat"]["answers"]["calls"], chat["chat"]["tasks"]["calls"]) == (1, 1)
    assert chat["today"]["calls"] == chat["month"]["calls"] == 2


def test_an_answer_past_the_gateway_is_booked_once_as_local_and_free(gateway: Running) -> None:
    user = next(users)
    headers = {**signed(user), "X-Sluice-Message": f"m-{user}"}
    body = {"model": "qwen3:8b", "usage": {"input_tokens": 1000, "output_tokens": 500, "total_duration": 3_000_000_000}}

    answers = [gateway.post("/sluice/v1/usage/local", json=body, headers=headers).json() for _ in range(3)]
    row = sums(gateway, signed(user), by="model")["qwen3:8b"]

    assert answers[0] == answers[2]
    assert answers[0]["usage"]["location"] == "local"
    assert (row["calls"], row["cost"], row["prompt_tokens"]) == (1, "0", 1000)
    # What a browser reports is no saving, in no total and under no answer.
    assert (row["estimated"], row["saving"], answers[0]["usage"]["saved"]) == (1, "0", 0)


def test_an_answer_past_the_gateway_is_booked_beside_the_tasks_of_its_message(gateway: Running) -> None:
    headers = signed(next(users))
    gateway.ask("Queries, please", "local", headers={**headers, "X-Sluice-Task": "query_generation"})
    name = "hf.co/unsloth/Qwen3-8B-GGUF:Q4_K_M"

    body = {"model": name, "usage": {"input_tokens": 9, "output_tokens": 3}}
    usage = gateway.post("/sluice/v1/usage/local", json=body, headers=headers).json()["usage"]

    assert (usage["model"], usage["total_tokens"]) == (name, 12)
    assert sums(gateway, headers, by="model").keys() == {"qwen", name}


def test_the_tasks_of_a_message_are_no_part_of_its_answer(gateway: Running, shared_cloud: Cloud) -> None:
    shared_cloud.script.always(Answer("There are.", usage=Usage(1000, 500)))
    headers = signed(next(users))
    spend(gateway, headers)
    gateway.ask("Queries, please", "local", headers={**headers, "X-Sluice-Task": "query_generation"})

    usage = read(gateway, READ[2], headers)["usage"]

    assert (usage["model"], usage["total_tokens"]) == ("gpt", 1500)


def test_what_passed_the_gateway_is_not_booked_again(gateway: Running) -> None:
    headers = signed(next(users))
    spend(gateway, headers, "local")

    gateway.post("/sluice/v1/usage/local", json={"model": "x", "usage": {"input_tokens": 9}}, headers=headers)

    assert list(sums(gateway, headers, by="model")) == ["qwen"]


@pytest.mark.parametrize(
    "body",
    [None, {}, {"model": "x"}, {"model": "sluice.auto", "usage": {}}, {"model": "x", "usage": {"input_tokens": -1}},
     {"model": "x", "usage": {"input_tokens": 300_001}}, {"model": "no name of a model", "usage": {}},
     {"model": "x" * 200, "usage": {}}],
    ids=lambda body: str(body)[:40],
)  # fmt: skip
def test_what_no_model_can_have_reported_is_not_booked(gateway: Running, body: Any) -> None:
    user = next(users)

    assert gateway.post("/sluice/v1/usage/local", json=body, headers=signed(user)).status_code == 400
    assert sums(gateway, signed(user), by="day") == {}
