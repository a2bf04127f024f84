"""The line before a local server: fair over people, honest about the wait."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.upstream.line import PATIENCE, Impatient, Line, Place, Rank, Ticket

from tests.growth import grows_linearly


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def serve_all(line: Line, tickets: list[Ticket]) -> list[str]:
    """The people in the order in which they are served, one answer after the other."""
    order: list[Ticket] = []
    while len(order) < len(tickets):
        (ticket,) = [one for one in tickets if one.began is not None and one not in order]
        order.append(ticket)
        line.leave(ticket, answered=True)
    return [ticket.person for ticket in order]


def test_a_free_server_serves_at_once() -> None:
    line = Line(2)
    first, second, third = (line.join("a", Rank.PERSON) for _ in range(3))

    assert [line.place(ticket) for ticket in (first, second, third)] == [None, None, Place(1, None)]


def test_people_take_turns_however_much_one_of_them_asks() -> None:
    line = Line(1)
    tickets = [line.join(person, Rank.PERSON) for person in "aaaabbc"]

    assert "".join(serve_all(line, tickets)) == "abcabaa"


def test_tasks_wait_for_people_and_batches_for_both() -> None:
    line = Line(1)
    ranks = [Rank.PERSON, Rank.BATCH, Rank.TASK, Rank.PERSON]
    tickets = [line.join(f"{number}", rank) for number, rank in enumerate(ranks)]

    assert serve_all(line, tickets) == ["0", "3", "2", "1"]


def test_a_task_that_waited_long_is_as_urgent_as_a_person() -> None:
    clock = Clock()
    line = Line(1, clock)
    tickets = [line.join("busy", Rank.PERSON), line.join("task", Rank.TASK)]
    clock.now = PATIENCE
    tickets.append(line.join("new", Rank.PERSON))
    tickets.append(line.join("newer", Rank.PERSON))

    assert serve_all(line, tickets) == ["busy", "task", "new", "newer"]


@given(st.lists(st.tuples(st.sampled_from("abcdefghij"), st.sampled_from(list(Rank))), max_size=40), st.integers(1, 4))
def test_everybody_is_served_once_and_never_more_than_there_are_slots(
    calls: list[tuple[str, Rank]], slots: int
) -> None:
    line = Line(slots)
    tickets = [line.join(person, rank) for person, rank in calls]
    served: list[Ticket] = []
    while len(served) < len(tickets):
        now = [ticket for ticket in tickets if ticket.began is not None and ticket not in served]

        assert 0 < len(now) <= slots
        served.append(now[0])
        line.leave(now[0], answered=True)

    assert line.waiting == 0


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=30))
def test_nobody_gets_a_second_turn_while_another_waits_for_a_first(people: list[str]) -> None:
    line = Line(1)
    blocker = line.join("somebody", Rank.PERSON)
    tickets = [line.join(person, Rank.PERSON) for person in people]
    line.leave(blocker)

    order = serve_all(line, tickets)

    assert set(order[: len(set(people))]) == set(people)


def test_who_leaves_loses_the_place_and_others_move_up() -> None:
    line = Line(1)
    served, left, behind = (line.join(person, Rank.PERSON) for person in "abc")
    line.leave(left)

    assert line.place(behind) == Place(1, None)
    line.leave(served)
    assert line.place(behind) is None


def test_the_wait_is_estimated_from_what_answers_took() -> None:
    clock = Clock()
    line = Line(2, clock)
    first = line.join("z", Rank.PERSON)
    clock.now = 20
    line.leave(first, answered=True)
    for person in "ab":
        line.join(person, Rank.PERSON)
    clock.now = 25
    places = [line.place(line.join(person, Rank.PERSON)) for person in "cde"]

    # Two answers of 20 s at once, both begun 5 s ago.
    assert places == [Place(1, 15), Place(2, 15), Place(3, 35)]


async def test_a_place_is_told_whenever_it_changes_until_it_is_ones_turn() -> None:
    line = Line(1)
    ahead = [line.join(person, Rank.PERSON) for person in "abc"]
    mine = line.join("d", Rank.PERSON)
    seen = []
    async with aclosing(line.wait(mine, 10)) as places:
        async for place in places:
            seen.append(place.number)
            line.leave(ahead[len(seen) - 1])

    assert seen == [3, 2, 1]
    assert mine.began is not None


async def test_a_wait_past_its_limit_is_given_up() -> None:
    line = Line(1)
    line.join("a", Rank.PERSON)

    with pytest.raises(Impatient) as caught:
        [place async for place in line.wait(line.join("b", Rank.PERSON), 0.05)]

    assert caught.value.place.number == 1


async def test_a_wait_that_is_estimated_longer_is_not_begun() -> None:
    clock = Clock()
    line = Line(1, clock)
    first = line.join("a", Rank.PERSON)
    clock.now = 100
    line.leave(first, answered=True)
    line.join("a", Rank.PERSON)

    with pytest.raises(Impatient):
        await asyncio.wait_for(anext(line.wait(line.join("b", Rank.PERSON), 60, at_once=True)), 5)


def test_the_places_of_all_who_wait_are_counted_in_time_by_their_number() -> None:
    def everybody_looks(people: str) -> None:
        line = Line(1)
        tickets = [line.join(person, Rank.PERSON) for person in people]
        for ticket in tickets:
            line.place(ticket)

    assert grows_linearly(everybody_looks, "abcdefghij", 100)


def test_a_line_that_moves_has_everybody_look_in_time_by_their_number() -> None:
    def one_leaves(people: str) -> None:
        line = Line(1)
        first, *others = [line.join(person, Rank.PERSON) for person in people]
        line.leave(first)
        for ticket in others:
            line.place(ticket)

    assert grows_linearly(one_leaves, "abcdefghij", 100)
