"""The figures of the console's page: complete, consistent, and nobody else's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sluice.config import Config
from sluice.figures import overview
from sluice.ledger import Spender, reading
from sqlalchemy import Connection

from tests.figures.conftest import GROUPS, NOW, PEOPLE

TODAY = NOW.date()


def everybodys(connection: Connection, config: Config, days: int = 31) -> dict[str, Any]:
    return overview(connection, config, Spender("boss", (), "admin"), days, TODAY, all=True)


def own(connection: Connection, config: Config, user: str, days: int = 31) -> dict[str, Any]:
    return overview(connection, config, Spender(user, GROUPS[:1], "user"), days, TODAY, all=False)


@pytest.mark.parametrize("name", ["cost", "saved", "calls", "tokens", "local", "cloud"])
def test_everybodys_figures_are_those_of_each_together(connection: Connection, config: Config, name: str) -> None:
    each = [own(connection, config, user)["totals"][name] for user in PEOPLE]

    assert everybodys(connection, config)["totals"][name] == pytest.approx(sum(each))


@pytest.mark.parametrize("days", [7, 31, 365])
def test_days_and_months_add_up_to_the_totals(connection: Connection, config: Config, days: int) -> None:
    found = everybodys(connection, config, days)
    series, totals = found["series"], found["totals"]

    assert sum(series["cost"]) == pytest.approx(totals["cost"])
    assert sum(series["local"]) == totals["local"]
    assert {len(values) for values in series.values()} == {len(found["findings"]["at"])}
    assert series["at"][-1] == ("2026-03" if days == 365 else "2026-03-18")


def test_a_persons_own_figures_name_nobody_else_and_nothing_of_the_team(connection: Connection, config: Config) -> None:
    found = own(connection, config, "u-2")
    said = json.dumps(found)

    assert not any(f'"{name}"' in said for name in ("u-1", "u-3", *GROUPS))
    assert set(found["by"]) == {"model", "preset", "kind"}
    assert [one["scope"] for one in found["budgets"]] == ["user"]
    assert found["break_even"] is None


def test_an_admin_sees_how_much_of_each_persons_calls_stayed_here(connection: Connection, config: Config) -> None:
    rows = everybodys(connection, config)["by"]["user"]

    assert {row["key"]: row["local"] for row in rows} == {
        user: own(connection, config, user)["totals"]["local"] for user in PEOPLE
    }


def test_somebody_without_calls_has_an_empty_page(connection: Connection, config: Config) -> None:
    found = own(connection, config, "nobody")

    assert (found["ever"], found["totals"]["calls"], found["latency"], found["reasons"]) == (False, 0, [], [])


def test_an_admin_sees_every_budget_that_is_drawn_on(connection: Connection, config: Config) -> None:
    found = {(one["scope"], one["whose"]): one for one in everybodys(connection, config)["budgets"]}
    spent = {row.key: float(row.totals.cost) for row in reading.by_user(connection)}

    assert set(found) == {("team", ""), *(("group", group) for group in GROUPS), *(("user", user) for user in PEOPLE)}
    assert 0 < found["user", "u-1"]["spent"] <= spent["u-1"] + 1e-9
    assert found["team", ""]["spent"] == pytest.approx(sum(found["user", user]["spent"] for user in PEOPLE))


def test_what_the_hardware_saved_is_told_with_a_day_to_come(connection: Connection, config: Config) -> None:
    found = everybodys(connection, config)["break_even"]

    assert found["price"] == 100
    assert 0 < found["saved"] < 100
    assert found["paid_back_on"] > TODAY.isoformat()


@pytest.mark.parametrize("user", [None, "u-1"], ids=["everybody", "one"])
def test_latencies_are_those_of_the_models_in_seconds(connection: Connection, config: Config, user: str | None) -> None:
    found = own(connection, config, user) if user else everybodys(connection, config)
    rows = {row["model"]: row for row in found["latency"]}

    assert rows["qwen3-8b"]["location"] == "local"
    for row in rows.values():
        assert 0 < row["first_p50"] <= row["first_p95"]
        assert row["first_p50"] < row["total_p50"]
