"""Erasing a person from every file of the gateway, beside one that runs."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sluice.audit import Audit
from sluice.erasure import erase
from sluice.guard import Memory
from sluice.ledger import Book, Closing, Feedback, Opening, Tokens, Totals, reading
from sluice.masking import Vault

from tests.audit.conftest import entry

NOW = datetime(2025, 11, 19, tzinfo=UTC)
USERS = [f"person-{number:03}-{'x' * (number % 7)}" for number in range(20)]


@dataclass
class Files:
    """What a running gateway has open."""

    folder: Path
    audit: Audit
    book: Book
    memory: Memory
    vault: Vault

    def call_of(self, user: str, number: int) -> None:
        """Leave the traces of one call."""
        conversation = (user, f"chat-of-{user}-{number % 5}")
        self.audit.add(entry(user))
        opening = Opening(user, conversation[1], "m", "chat", "auto", "gpt", "cloud")
        self.book.add(opening, Closing("finished", Tokens(1, 1), "reported", 1000, 1000), NOW)
        self.book.note(Feedback(user, conversation[1], "m", "thumbs_up"))
        self.memory.keep(conversation, [f"turn-{number}"], ["personal"])
        self.memory.consent(conversation, "frontier", [f"ask-{number}"], NOW)
        with self.vault.using(conversation) as (map, _):
            map.placeholder("PERSON", "personal", f"value-{number}")

    def spent(self) -> Totals:
        with self.book.database.reading() as connection:
            return reading.totals(connection)

    def on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self.folder.iterdir()) if path.is_file())


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    with ExitStack() as stack:
        audit = stack.enter_context(closing(Audit(tmp_path / "audit.sqlite3")))
        book = stack.enter_context(closing(Book(tmp_path / "ledger.sqlite3")))
        memory = stack.enter_context(closing(Memory(tmp_path / "guard.sqlite3")))
        vault = stack.enter_context(closing(Vault(tmp_path)))
        yield Files(tmp_path, audit, book, memory, vault)


def test_no_byte_of_any_file_names_an_erased_person_and_nothing_else_is_lost(files: Files) -> None:
    order = random.Random(7)
    for number in range(150):
        files.call_of(order.choice(USERS), number)
    spent, head = files.spent(), files.audit.head().hash.hex()
    gone, stay = USERS[:6], USERS[6:]
    assert all(user.encode() in files.on_disk() for user in USERS)

    erased = [erase(files.folder, user) for user in gone]

    left = files.on_disk()
    assert [user for user in gone if user.encode() in left] == []
    assert all(user.encode() in left for user in stay)
    assert all(one.entries == one.bookings > 0 and not one.busy for one in erased)
    assert files.spent() == spent
    assert files.audit.verify(head).ok


def test_nobody_can_tell_any_more_whose_an_erased_entry_was(files: Files) -> None:
    files.call_of("u-1", 1)
    with closing(sqlite3.connect(files.folder / "audit.sqlite3")) as connection:
        ((salt,),) = connection.execute("SELECT salt FROM persons").fetchall()
    assert salt in files.on_disk()

    erase(files.folder, "u-1")

    assert salt not in files.on_disk()


def test_the_gateway_goes_on_with_its_files(files: Files) -> None:
    files.call_of("u-1", 1)
    erase(files.folder, "u-1")

    files.call_of("u-1", 2)

    assert files.audit.verify().entries == 3
    assert files.audit.verify().erased == 1
    assert len(files.vault.entries("u-1", "chat-of-u-1-2")) == 1


def test_a_file_that_somebody_reads_is_named(files: Files) -> None:
    files.call_of("u-1", 1)
    with closing(sqlite3.connect(files.folder / "ledger.sqlite3", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM bookings").fetchall()

        erased = erase(files.folder, "u-1", wait_seconds=0.1)

    assert erased.busy == ("ledger.sqlite3",)


def test_files_that_are_not_there_are_not_made(tmp_path: Path) -> None:
    Audit(tmp_path / "audit.sqlite3").close()

    erase(tmp_path, "u-1")

    assert [path.name for path in tmp_path.glob("*.sqlite3")] == ["audit.sqlite3"]
