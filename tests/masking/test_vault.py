"""What was masked is kept for one person and chat, encrypted, for a time."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sluice.errors import StaysLocal
from sluice.masking import Map, Vault
from sluice.masking.map import MOST_ENTRIES

ANN, BOB = ("ann", "c-1"), ("bob", "c-1")


def add(vault: Vault, conversation: tuple[str, str], *names: str) -> list[str]:
    with vault.using(conversation) as (map, _):
        return [map.placeholder("PERSON", "personal", name) for name in names]


def test_a_map_outlives_the_process_and_goes_on_counting(tmp_path: Path) -> None:
    first = Vault(tmp_path)
    add(first, ANN, "Vogel")
    first.close()
    second = Vault(tmp_path)

    assert add(second, ANN, "Vogel", "Brandt") == ["[PERSON_1]", "[PERSON_2]"]
    assert [entry.value for entry in second.entries(*ANN)] == ["Vogel", "Brandt"]
    second.close()


def test_nobody_else_has_it_and_no_file_tells_it(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    add(vault, ANN, "Vogel-Brandt")

    assert vault.entries(*BOB) == ()
    assert vault.entries("ann", "c-2") == ()
    vault.close()
    assert all(b"Vogel" not in file.read_bytes() for file in tmp_path.iterdir())
    assert stat.S_IMODE((tmp_path / "vault.key").stat().st_mode) == 0o600


def test_without_a_chat_a_map_is_for_one_call(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    for _ in range(2):
        with vault.using(None) as (map, _):
            assert map.placeholder("PERSON", "personal", "Vogel") == "[PERSON_1]"
            assert len(map) == 1
    vault.close()


def test_two_calls_at_once_never_give_out_one_number_twice(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    threads = [threading.Thread(target=add, args=(vault, ANN, f"Name{'abcdefghij'[n]}")) for n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(entry.number for entry in vault.entries(*ANN)) == list(range(1, 11))
    vault.close()


def test_old_maps_are_forgotten_and_those_of_a_person_on_demand(tmp_path: Path) -> None:
    vault = Vault(tmp_path, days=30)
    add(vault, ANN, "Vogel")
    add(vault, ("ann", "c-2"), "Vogel")
    add(vault, BOB, "Vogel")

    vault.expire(datetime.now(UTC) + timedelta(days=29))
    assert vault.entries(*ANN)
    vault.forget(*ANN)
    assert (vault.entries(*ANN), bool(vault.entries("ann", "c-2"))) == ((), True)
    vault.forget("ann")
    assert (vault.entries("ann", "c-2"), bool(vault.entries(*BOB))) == ((), True)
    vault.expire(datetime.now(UTC) + timedelta(days=31))
    assert vault.entries(*BOB) == ()
    vault.close()


def test_what_another_process_erased_does_not_come_back(tmp_path: Path) -> None:
    running, erasing = Vault(tmp_path), Vault(tmp_path)
    add(running, ANN, "Vogel")
    erasing.forget("ann")

    add(running, ANN, "Brandt")

    assert [entry.value for entry in erasing.entries(*ANN)] == ["Brandt"]
    running.close()
    erasing.close()


def test_a_map_that_is_used_stays(tmp_path: Path) -> None:
    vault = Vault(tmp_path, days=30)
    add(vault, ANN, "Vogel")
    with sqlite3.connect(tmp_path / "vault.sqlite3") as connection:
        connection.execute("UPDATE maps SET used = '2020-01-01T00:00:00+00:00'")
    connection.close()

    add(vault, ANN, "Vogel")
    vault.expire(datetime.now(UTC))

    assert vault.entries(*ANN)
    vault.close()


def test_a_row_that_was_moved_to_somebody_else_tells_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    add(vault, ANN, "Vogel")
    with sqlite3.connect(tmp_path / "vault.sqlite3") as connection:
        connection.execute("UPDATE maps SET user = 'bob'")
    connection.close()

    assert vault.entries(*BOB) == ()
    vault.close()


def test_nothing_is_kept_of_a_call_that_fails(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with pytest.raises(StaysLocal), vault.using(ANN) as (map, _):
        fail(map)

    assert add(vault, ANN, "Brandt") == ["[PERSON_1]"]
    vault.close()


def fail(map: Map) -> None:
    map.placeholder("PERSON", "personal", "Vogel")
    raise StaysLocal("it cannot be masked")


def test_a_chat_in_which_too_much_was_masked_stays_local() -> None:
    map = Map()
    for number in range(MOST_ENTRIES):
        map.placeholder("CUSTOMER_NUMBER", "personal", f"K-{number}")

    with pytest.raises(StaysLocal, match=f"{MOST_ENTRIES:,} values"):
        map.placeholder("CUSTOMER_NUMBER", "personal", "one more")


def test_a_map_that_another_key_sealed_is_forgotten_not_fatal(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    first = Vault(tmp_path)
    add(first, ANN, "Vogel")
    first.close()
    (tmp_path / "vault.key").unlink()
    second = Vault(tmp_path)

    assert add(second, ANN, "Brandt") == ["[PERSON_1]"]
    assert "cannot be read with this key" in caplog.text
    second.close()
