"""Erasing a person and dropping old entries: the chain stays whole, and nothing is left behind."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sluice.audit import json_lines

from tests.audit.conftest import START, Log


def test_an_erased_person_is_in_no_entry_and_the_rest_stays(log: Log) -> None:
    noted = log.head()

    assert log.audit.erase("u-1") == 3

    found = log.verify(noted)
    lines = [json.loads(line) for line in json_lines(log.path)]
    assert (found.ok, found.entries, found.erased) == (True, 6, 3)
    assert [line["user"] for line in lines] == [None, "u-2", None, "u-3", None, ""]
    assert lines[0]["counts"] == {"personal": 2}
    assert (lines[-1]["event"], lines[-1]["detail"]) == ("erasure", {"entries": 3})


def test_erasing_again_finds_nothing_and_is_written_down(log: Log) -> None:
    log.audit.erase("u-1")

    assert log.audit.erase("u-1") == 0
    assert log.verify().ok


def test_entries_past_their_time_are_dropped_and_the_rest_verifies(log: Log) -> None:
    noted = log.head()
    log.now = START + timedelta(days=10, seconds=1)
    log.add("u-4")

    assert log.audit.expire(10) == 2

    found = log.verify(noted)
    assert (found.ok, found.entries, found.first) == (True, 5, "2025-11-19T12:00:02.000+00:00")


def test_a_log_whose_entries_are_all_dropped_goes_on(log: Log) -> None:
    log.now = START + timedelta(days=100)

    assert log.audit.expire(1) == 5
    assert log.audit.expire(1) == 0

    log.add("u-1")
    events = [json.loads(line)["event"] for line in json_lines(log.path)]
    assert events == ["expiry", "call"]
    assert log.verify().ok


def test_a_head_that_was_dropped_is_told_to_be_older(log: Log) -> None:
    noted = json.loads(next(json_lines(log.path)))["hash"]
    log.now = START + timedelta(days=100)
    log.audit.expire(1)

    assert "older than entry 5" in log.verify(noted).fault


def test_nothing_of_dropped_entries_is_left_on_the_disk(log: Log) -> None:
    log.now = START + timedelta(days=100)
    log.audit.expire(1)
    log.audit.close()

    assert b"u-1" not in log.on_disk()
    assert b"personal data" not in log.on_disk()


STEP = st.one_of(
    st.tuples(st.just("add"), st.sampled_from(["u-1", "u-2", "u-3"])),
    st.tuples(st.just("erase"), st.sampled_from(["u-1", "u-2", "u-3"])),
    st.tuples(st.just("wait"), st.integers(1, 5)),
    st.tuples(st.just("expire"), st.integers(1, 5)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(STEP, max_size=25), number=st.integers())
def test_whatever_was_erased_and_dropped_in_whatever_order_the_chain_is_whole(
    make_log: Callable[[str], Log], steps: list[tuple[str, object]], number: int
) -> None:
    log = make_log(f"log-{number}-{random.randrange(10**9)}")
    for verb, what in steps:
        if verb == "add":
            log.add(str(what))
        elif verb == "wait":
            log.now += timedelta(days=int(str(what)))
        elif verb == "erase":
            log.audit.erase(str(what))
        else:
            log.audit.expire(int(str(what)))

        assert log.verify().fault == ""
