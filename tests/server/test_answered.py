"""What counts as the answer of a message, of all that was booked under its id."""

from __future__ import annotations

from pathlib import Path

from sluice.gateway.second_opinion import KIND
from sluice.identity import Caller
from sluice.ledger import Book, Closing, Opening, Tokens
from sluice.server.answered import answers_of


def test_tasks_and_second_opinions_are_no_answers(tmp_path: Path) -> None:
    book = Book(tmp_path / "ledger.sqlite3")
    for kind, task in (("chat", False), ("tool round", False), (KIND, False), ("query_generation", True)):
        opening = Opening("u-1", "c-1", "m-1", kind, "auto", "qwen", "local", task=task)
        book.add(opening, Closing("finished", Tokens(10, 5), "reported", 0, 0))
    with book.database.reading() as connection:
        found = answers_of(connection, Caller(user="u-1", chat="c-1", message="m-1"))
    book.close()

    assert {one.opening.kind for one in found} == {"chat", "tool round"}
