"""A gateway that is killed under load: no call that a provider received is missing from the ledger."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta

import httpx
from sluice.ledger import Book, Booking, Totals, reading
from sluice.ledger.book import ALIVE_FOR

from tests.server.process import Running, person, wait_until
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, Usage

BEFORE, AT_ONCE = 24, 8


def later() -> datetime:
    """When a gateway that is killed now no longer seems alive."""
    return datetime.now(UTC) + ALIVE_FOR + timedelta(seconds=1)


def read(gateway: Running, *, recovering: bool = False) -> tuple[list[Booking], Totals]:
    with closing(Book(gateway.data / "ledger.sqlite3", clock=later)) as book:
        if recovering:
            book.start()
        with book.database.reading() as connection:
            found = reading.recent(connection, limit=None)
            return [one for one in found if one.opening.location == "cloud"], reading.totals(connection)


def test_every_call_that_left_before_the_kill_is_booked_and_those_it_cut_are_marked(
    make_gateway: Callable[..., Running], cloud: Cloud
) -> None:
    gateway = make_gateway().start()
    assert gateway.process is not None
    cloud.script.always(Answer("Yes.", usage=Usage(1_000, 10)))
    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = list(people.map(lambda _: gateway.ask("Is it?", "gpt").status_code, range(BEFORE)))
    wait_until(lambda: read(gateway)[1].finished == BEFORE, "what was measured is written")
    cloud.script.always(Answer("word " * 2_000, piece=5, delay_between=0.05))

    def cut(_: int) -> None:
        with suppress(httpx.HTTPError):
            gateway.ask("Tell me everything.", "gpt", stream=True, headers=person(message="m-cut"))

    with ThreadPoolExecutor(AT_ONCE) as people:
        people.map(cut, range(AT_ONCE))
        wait_until(lambda: len(cloud.record.chats()) == BEFORE + AT_ONCE, "all calls left")
        gateway.process.kill()
        gateway.process.wait()

    found, summed = read(gateway, recovering=True)

    recovered = [one for one in found if one.closing and one.closing.measured == "recovered"]
    measured = [one.closing.tokens for one in found if one.closing and one.closing.measured == "reported"]
    assert answers == [200] * BEFORE
    assert len(found) == len(cloud.record.chats()) == BEFORE + AT_ONCE
    assert [(tokens.prompt, tokens.completion) for tokens in measured] == [(1_000, 10)] * BEFORE
    assert [one.opening.message for one in recovered] == ["m-cut"] * AT_ONCE
    assert all(one.closing and one.closing.outcome == "cut" and one.closing.cost for one in recovered)
    assert (summed.finished, summed.cut) == (BEFORE, AT_ONCE)
