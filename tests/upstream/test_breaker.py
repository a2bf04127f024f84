"""A circuit breaker: closed, open for longer each time, half-open for one trial."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.upstream.breaker import Breaker, Pause

PAUSE = Pause(first=30, longest=300)


def opened(now: float = 0) -> Breaker:
    return Breaker().failed(now, PAUSE, "down")


def test_one_failure_opens_it_for_the_first_pause_and_then_one_trial_is_let_through() -> None:
    breaker = opened()

    assert [breaker.position(now) for now in (0, 29.9, 30)] == ["open", "open", "half-open"]
    assert breaker.admits(30)
    assert not breaker.begun(30).admits(30)


def test_a_trial_that_succeeds_closes_it_and_one_whose_caller_leaves_lets_the_next_try() -> None:
    on_trial = opened().begun(31)

    assert on_trial.succeeded().position(31) == "closed"
    assert on_trial.released().admits(31)


@pytest.mark.parametrize(("trials", "seconds"), [(1, 60), (2, 120), (3, 240), (4, 300), (50, 300)])
def test_each_failed_trial_doubles_the_pause_up_to_the_longest(trials: int, seconds: float) -> None:
    breaker = opened()
    for _ in range(trials):
        tried_at = breaker.until
        breaker = breaker.begun(tried_at).failed(tried_at, PAUSE, "down")

    assert breaker.until == tried_at + seconds


def test_calls_that_fail_together_open_it_once() -> None:
    breaker = opened()
    for _ in range(50):
        breaker = breaker.failed(1, PAUSE, "down")

    assert breaker.until == 30


def test_the_wait_that_a_provider_asks_for_is_kept_where_it_is_longer() -> None:
    assert Breaker().failed(0, PAUSE, "busy", at_least=90).until == 90
    assert Breaker().failed(0, PAUSE, "busy", at_least=3).until == 30


def test_without_a_pause_it_never_opens() -> None:
    assert Breaker().failed(0, Pause(0, 0), "busy", at_least=90).admits(0)


@given(st.lists(st.tuples(st.sampled_from(["begin", "fail", "succeed", "leave"]), st.floats(0, 100))))
def test_while_it_is_open_nothing_is_let_through_and_a_success_always_closes_it(steps: list[tuple[str, float]]) -> None:
    breaker, now = Breaker(), 0.0
    for step, seconds in steps:
        now += seconds
        if step == "begin":
            breaker = breaker.begun(now)
        elif step == "fail":
            breaker = breaker.failed(now, PAUSE, "down")
        else:
            breaker = breaker.succeeded() if step == "succeed" else breaker.released()

        assert breaker.admits(now) <= (breaker.position(now) != "open")
        assert breaker.until <= now + PAUSE.longest
        assert breaker.succeeded().admits(now)
