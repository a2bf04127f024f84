"""What the guard remembers between calls: labels, consents and wrong alarms, without a text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sluice.guard import PRIVATE, Finding, Memory

ANN, BOB = ("ann", "chat-1"), ("bob", "chat-1")
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
TEXT = "Ask Meridian Blue or ask meridian  BLUE, the key is swordfish"
FOUND = [
    Finding("ORGANISATION_TERM", "confidential", 4, 17, 1.0),
    Finding("ORGANISATION_TERM", "confidential", 25, 39, 1.0),
]
KEY = Finding("PASSWORD", "secret", 52, 61, 1.0)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "guard.sqlite3"


@pytest.fixture
def memory(path: Path) -> Iterator[Memory]:
    memory = Memory(path)
    yield memory
    memory.close()


def test_labels_are_of_the_turns_of_one_chat_of_one_person(memory: Memory) -> None:
    memory.keep(ANN, ["turn-2"], ["personal", "secret"])

    assert memory.labels(ANN, ["turn-1", "turn-2"]) == {"personal", "secret"}
    assert memory.labels(ANN, ["turn-1", "turn-3"]) == frozenset()
    assert memory.labels(BOB, ["turn-2"]) == frozenset()
    assert memory.labels(("ann", "chat-2"), ["turn-2"]) == frozenset()


def test_labels_that_cannot_be_read_make_the_chat_private(memory: Memory, path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE labels")

    memory.keep(ANN, ["turn-1"], ["personal"])

    assert memory.labels(ANN, ["turn-1"]) == {PRIVATE}


def test_a_consent_holds_for_one_chat_and_one_lane_and_can_be_taken_back(memory: Memory) -> None:
    memory.consent(ANN, "frontier", ["file"], NOW)

    assert memory.consents(ANN, "frontier") == ({"file"}, frozenset())
    assert memory.consents(ANN, "gpt") == (frozenset(), frozenset())
    assert memory.consents(BOB, "frontier") == (frozenset(), frozenset())

    memory.consent(ANN, "frontier", ["file"], NOW, given=False)

    assert memory.consents(ANN, "frontier") == (frozenset(), {"file"})


def test_consents_that_cannot_be_read_were_not_given(memory: Memory, path: Path) -> None:
    memory.consent(ANN, "frontier", ["file"], NOW)
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE consents")

    assert memory.consents(ANN, "frontier") == (frozenset(), frozenset())


def test_a_wrong_alarm_is_one_in_the_queue_however_it_is_written_and_allowed_by_one_answer(memory: Memory) -> None:
    assert memory.report({TEXT: FOUND}, NOW) == 1
    (alarm,) = memory.alarms()
    assert (alarm.type, alarm.klass, alarm.reports) == ("ORGANISATION_TERM", "confidential", 1)
    assert not memory.is_wrong(TEXT, FOUND[0])

    assert memory.answer(alarm.mark, "allowed")

    assert memory.is_wrong(TEXT, FOUND[1])
    assert not memory.is_wrong("Ask Meridian Grey", Finding("ORGANISATION_TERM", "confidential", 4, 17, 1.0))
    assert memory.alarms() == []


def test_a_secret_is_never_a_wrong_alarm(memory: Memory) -> None:
    assert memory.report({TEXT: [KEY]}, NOW) == 0
    memory.report({TEXT: FOUND}, NOW)
    memory.answer(memory.alarms()[0].mark, "allowed")

    assert not memory.is_wrong(TEXT, KEY)


def test_the_answer_of_another_process_is_seen(memory: Memory, path: Path) -> None:
    memory.report({TEXT: FOUND}, NOW)
    other = Memory(path)
    other.answer(other.alarms()[0].mark, "allowed")
    other.close()

    memory.labels(ANN, [])

    assert memory.is_wrong(TEXT, FOUND[0])


def test_an_unknown_alarm_cannot_be_answered(memory: Memory) -> None:
    assert not memory.answer("nothing", "allowed")


def test_it_outlives_the_process_holds_no_text_and_forgets_a_person(path: Path) -> None:
    first = Memory(path)
    first.keep(ANN, ["turn-1"], ["personal"])
    first.report({TEXT: FOUND}, NOW)
    first.close()
    second = Memory(path)

    assert second.labels(ANN, ["turn-1"]) == {"personal"}
    assert second.salt == first.salt

    second.forget("ann")

    assert second.labels(ANN, ["turn-1"]) == frozenset()
    second.close()
    stored = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"meridian" not in stored.lower()
