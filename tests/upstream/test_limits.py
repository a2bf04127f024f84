"""Limits per minute, and which failures are worth asking the same model again."""

from typing import Any

import pytest
from sluice.config.schema import Routing
from sluice.errors import UpstreamError
from sluice.upstream.rates import Rates
from sluice.upstream.retries import pause


@pytest.mark.parametrize(
    ("info", "asked", "tokens", "wait"),
    [
        ({}, [(0, 10_000)] * 9, 10_000, 0),
        ({"requests_per_minute": 2}, [(0, 1)], 1, 0),
        ({"requests_per_minute": 2}, [(0, 1), (10, 1)], 1, 40),
        ({"requests_per_minute": 2}, [(0, 1), (10, 1), (15, 1)], 1, 50),
        ({"tokens_per_minute": 100}, [(0, 50)], 50, 0),
        ({"tokens_per_minute": 100}, [(0, 50), (5, 10)], 60, 40),
        ({"tokens_per_minute": 100}, [(0, 50), (5, 50)], 80, 45),
        ({"tokens_per_minute": 100}, [], 500, 0),
        ({"tokens_per_minute": 100}, [(5, 1)], 500, 45),
        ({"requests_per_minute": 1, "tokens_per_minute": 100}, [(0, 90), (15, 5)], 20, 55),
    ],
    ids=["no limit", "room", "full", "over", "tokens fit", "tokens wait", "all must go", "alone", "above", "both"],
)
def test_a_call_waits_until_its_minute_has_room(
    info: dict[str, Any], asked: list[tuple[float, int]], tokens: int, wait: float
) -> None:
    now = [0.0]
    rates = Rates(lambda: now[0])
    for at, each in asked:
        now[0] = at
        rates.asked("m", each)
    now[0] = 20.0

    assert rates.wait("m", info, tokens) == wait


def test_a_minute_later_nothing_counts_any_more() -> None:
    now = [0.0]
    rates = Rates(lambda: now[0])
    rates.asked("m", 100)
    rates.answered("m", 900)
    full = rates.wait("m", {"tokens_per_minute": 1000}, 1)
    now[0] = 60.0

    assert (full, rates.wait("m", {"tokens_per_minute": 1000}, 1)) == (60.0, 0.0)


def failure(kind: str, retry_after: float | None = None) -> UpstreamError:
    return UpstreamError("It failed.", status=500, kind=kind, retry_after=retry_after)


@pytest.mark.parametrize(
    ("error", "retried", "seconds"),
    [
        (failure("down"), 0, 0.125),
        (failure("down"), 1, 0.25),
        (failure("down"), 2, None),
        (failure("cut"), 0, 0.125),
        (failure("busy", 1.5), 0, 1.5),
        (failure("busy", 2.5), 0, None),
        (failure("busy", 0.0), 0, 0.125),
        *((failure(kind), 0, None) for kind in ("timeout", "unreachable", "memory", "key", "missing", "filter")),
    ],
    ids=lambda value: f"{value.kind} {value.retry_after}" if isinstance(value, UpstreamError) else None,
)
def test_only_what_may_pass_soon_is_tried_again(error: UpstreamError, retried: int, seconds: float | None) -> None:
    assert pause(error, retried, Routing(retries=2, retry_seconds=2), lambda: 0.0) == seconds


def test_waits_differ_so_that_calls_which_failed_together_do_not_come_back_together() -> None:
    routing = Routing(retries=1)

    assert pause(failure("down"), 0, routing, lambda: 0.0) != pause(failure("down"), 0, routing, lambda: 0.9)
