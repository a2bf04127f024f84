"""Budgets: limits that hold, however many calls there are at once and in whatever process."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Future
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sluice.config.accounting import Budget, Currency
from sluice.errors import BudgetUsedUp
from sluice.ledger import Book, Limits, Reservation, Spender, pico, standings

from tests.ledger.conftest import NOW, Clock, closing, opening, totals

ROOT = Path(__file__).parents[2]


def budget(limit: str = "1", **more: Any) -> Budget:
    return Budget.model_validate({"scope": "user", "period": "day", "limit_usd": limit, **more})


def granted(futures: list[Future[Reservation]]) -> list[Reservation]:
    return [future.result() for future in futures if future.exception() is None]


@pytest.mark.parametrize("actual", ["0.01", "0.013"], ids=["as estimated", "more than estimated"])
def test_fifty_calls_at_once_overshoot_by_no_more_than_their_estimates_err(where: Path | str, actual: str) -> None:
    book = Book(where)
    limits = Limits([budget("0.20")])

    reservations = granted([book.reserve(opening("0.01"), limits) for _ in range(50)])
    for reservation in reservations:
        book.settle(reservation, closing(actual))
    book.flush()
    spent = totals(book).cost
    book.close()

    assert len(reservations) == 20
    assert spent == 20 * Decimal(actual)
    assert spent - Decimal("0.20") == 20 * (Decimal(actual) - Decimal("0.01"))


def test_two_gateways_on_one_database_keep_one_limit(where: Path | str) -> None:
    Book(where).close()
    command = [sys.executable, "-m", "tests.ledger.spender", str(where), "0.20", "0.01", "25"]
    environment = {"PYTHONPATH": f"{ROOT / 'pipelines'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    gateways = [
        subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    told = [int(gateway.communicate(timeout=60)[0]) for gateway in gateways]

    book = Book(where)
    found = totals(book)
    book.close()

    assert sum(told) == 20
    assert (found.calls, found.cost) == (20, Decimal("0.20"))


@pytest.mark.parametrize(
    ("limit", "spender", "refused"),
    [
        ({}, {}, True),
        ({}, {"user": "u-2"}, False),
        ({"name": "u-1"}, {}, True),
        ({"name": "u-2"}, {}, False),
        ({"scope": "group"}, {"user": "u-2", "groups": ("g-0", "g-1")}, True),
        ({"scope": "group", "name": "g-2"}, {"groups": ("g-1",)}, False),
        ({"scope": "model"}, {"user": "u-2"}, True),
        ({"scope": "model"}, {"user": "u-2", "model": "sonnet"}, False),
        ({"scope": "team"}, {"user": "u-2", "model": "sonnet"}, True),
        ({}, {"role": "admin"}, True),
        ({"except_admins": True}, {"role": "admin"}, False),
        ({"hard": False}, {}, False),
        ({}, {"task": True, "kind": "title_generation"}, True),
        ({}, {"kind": "api", "message": ""}, True),
    ],
    ids=["own", "another's", "by name", "another's name", "group", "another group", "model", "another model", "team",
         "admins too", "but for admins", "soft", "tasks", "api"],
)  # fmt: skip
def test_a_budget_refuses_those_whose_it_is(
    book: Book, limit: dict[str, Any], spender: dict[str, Any], refused: bool
) -> None:
    book.add(opening(groups=("g-1",)), closing("1"))

    future = book.reserve(opening("0.01", **spender), Limits([budget("1", **limit)]))

    assert isinstance(future.exception(), BudgetUsedUp) == refused


@pytest.mark.parametrize(
    ("period", "before", "renews"),
    [
        ("day", date(2025, 11, 18), date(2025, 11, 20)),
        ("week", date(2025, 11, 16), date(2025, 11, 24)),
        ("month", date(2025, 10, 31), date(2025, 12, 1)),
    ],
)
def test_a_period_begins_anew_and_says_when(book: Book, period: str, before: date, renews: date) -> None:
    book.add(opening(), closing("5"), NOW.replace(month=before.month, day=before.day))
    limits = Limits([budget("1", period=period)])
    free = book.used_up(limits, Spender("u-1"))
    book.add(opening(), closing("1"))

    spent = book.used_up(limits, Spender("u-1"))

    assert free is None
    assert spent is not None
    assert spent.renews == renews


def test_midnight_is_that_of_the_time_zone(book: Book, clock: Clock) -> None:
    limits = Limits([budget("1")], zone=ZoneInfo("Europe/Berlin"))
    book.add(opening(), closing("1"), zone=limits.zone)
    clock.now = NOW.replace(hour=22, minute=59)
    before = book.used_up(limits, Spender("u-1"))
    clock.now += timedelta(minutes=1)

    assert before is not None
    assert book.used_up(limits, Spender("u-1")) is None


def test_a_budget_of_nothing_lets_nothing_leave_and_everything_stay(book: Book) -> None:
    limits = Limits([budget("0")])

    assert isinstance(book.reserve(opening("0.01"), limits).exception(), BudgetUsedUp)
    assert book.reserve(opening("0", location="local"), limits).exception() is None


def test_where_budgets_only_warn_none_refuses(book: Book) -> None:
    assert book.reserve(opening("2"), replace(Limits([budget("1")]), enforced=False)).exception() is None


def test_each_period_is_warned_of_once(book: Book, clock: Clock) -> None:
    limits = Limits([budget("10"), budget("100", scope="team")])
    book.add(opening(), closing("7.99"))

    told = [len(book.reserve(opening("0.01"), limits).result().warnings) for _ in range(3)]
    clock.now += timedelta(days=1)
    book.add(opening(), closing("8"))
    (again,) = book.reserve(opening("0.01"), limits).result().warnings

    assert told == [0, 1, 0]
    assert again.sentence(Currency(code="EUR", per_usd=Decimal("0.5"))) == (
        "your budget for this day is nearly used up (4.00 EUR of 5.00 EUR)"
    )


@pytest.mark.parametrize(
    ("scope", "whose"), [("team", "the team's"), ("group", "your group's"), ("model", "gpt's")], ids=str
)
@pytest.mark.parametrize(
    ("spent", "state"), [("0.95", "is nearly used up"), ("1.00", "is used up")], ids=["nearly", "used up"]
)
def test_what_others_spend_as_well_is_never_told_in_figures(
    book: Book, scope: str, whose: str, spent: str, state: str
) -> None:
    book.add(opening(user="u-2", groups=("g-1",)), closing(spent))
    limits = Limits([budget("1", scope=scope)])
    with book.database.reading() as connection:
        (standing,) = standings(connection, limits.budgets, Spender("u-1", ("g-1",), model="gpt"), NOW.date())
    error = book.reserve(opening("0.10", groups=("g-1",)), limits).exception()

    assert standing.sentence() == f"{whose} budget for this day {state} (renewed on 2025-11-20)"
    assert isinstance(error, BudgetUsedUp)
    assert f"{whose} budget for this day " in str(error)
    assert "$" not in str(error)
    assert str(error).count("renewed on") == 1


@pytest.mark.parametrize("unseen", [{"task": True}, {"message": ""}], ids=["a task", "no message"])
def test_a_warning_waits_for_a_call_that_somebody_reads(book: Book, unseen: dict[str, Any]) -> None:
    limits = Limits([budget("10")])
    book.add(opening(), closing("8"))

    told = [len(book.reserve(opening("0.01", **more), limits).result().warnings) for more in (unseen, {})]

    assert told == [0, 1]


def test_each_limit_is_warned_of_though_another_was(book: Book) -> None:
    soft, hard = budget("5", hard=False), budget("20")
    book.add(opening(), closing("4.5"))
    first = book.reserve(opening("0.01"), Limits([soft, hard])).result().warnings
    book.add(opening(), closing("12"))
    second = book.reserve(opening("0.01"), Limits([soft, hard])).result().warnings
    raised = book.reserve(opening("0.01"), Limits([budget("20.5")])).result().warnings

    assert [[one.budget.limit_usd for one in told] for told in (first, second, raised)] == [
        [5],
        [20],
        [Decimal("20.5")],
    ]


def test_everybody_is_told_once_of_a_budget_that_they_share(book: Book) -> None:
    limits = Limits([budget("10", scope="team")])
    book.add(opening(), closing("9"))

    told = [
        len(book.reserve(opening("0.01", user=user), limits).result().warnings) for user in ("u-1", "u-2", "u-1", "u-2")
    ]

    assert told == [1, 1, 0, 0]


def test_what_open_calls_hold_is_told_apart_from_what_was_spent(book: Book) -> None:
    book.add(opening(), closing("0.40"))
    book.reserve(opening("0.50")).result()

    error = book.reserve(opening("0.20"), Limits([budget("1")])).exception()

    assert isinstance(error, BudgetUsedUp)
    assert error.why == "your budget for this day has no room for it ($0.40 of $1.00, $0.50 held by open calls)"


def test_a_closed_call_frees_what_it_held(book: Book) -> None:
    limits = Limits([budget("1")])
    book.settle(book.reserve(opening("0.9"), limits).result(), closing("0.1"))
    book.flush()

    assert book.reserve(opening("0.9"), limits).exception() is None


def test_a_call_of_unknown_price_counts_with_its_careful_estimate(book: Book) -> None:
    book.add(opening(), closing(None, budgeted=pico(Decimal(1))))

    assert book.used_up(Limits([budget("1")]), Spender("u-1")) is not None


def test_how_all_budgets_stand_can_be_read(book: Book) -> None:
    book.add(opening(groups=("g",)), closing("0.25"))
    budgets = [budget("1"), budget("2", scope="group", period="month"), budget("4", scope="team")]
    with book.database.reading() as connection:
        found = standings(connection, budgets, Spender("u-1", ("g",)), NOW.date())

    assert [(one.subject, one.left) for one in found] == [
        ("u-1", pico(Decimal("0.75"))),
        ("g", pico(Decimal("1.75"))),
        ("", pico(Decimal("3.75"))),
    ]
