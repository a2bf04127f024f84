"""The audit log and erasing from the command line, beside a gateway that has the files open."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sluice.audit import COLUMNS
from sluice.cli import main

from tests.audit.conftest import Log


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Log]:
    made = Log(tmp_path / "audit.sqlite3")
    made.add("u-1", "u-2", "u-1")
    yield made
    made.audit.close()


def run(log: Log, *arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, env={"SLUICE_DATA": str(log.path.parent)})


def test_a_whole_log_is_told_with_the_head_to_note(log: Log) -> None:
    result = run(log, "audit", "verify")

    assert result.exit_code == 0
    assert "3 entries from 2025-11-19T12:00:00" in result.stdout
    assert f"head {log.head()}" in result.stdout


def test_a_changed_entry_is_told_and_ends_with_1(log: Log) -> None:
    log.tamper("UPDATE entries SET document = replace(document, 'mask', 'none') WHERE number = 2")

    result = run(log, "audit", "verify")

    assert result.exit_code == 1
    assert "Entry 2 of 2025-11-19T12:00:01" in result.stderr


def test_a_head_that_is_no_more_is_told(log: Log) -> None:
    noted = log.head()
    log.tamper("DELETE FROM entries WHERE number = 3")

    assert run(log, "audit", "verify").exit_code == 0
    assert run(log, "audit", "verify", "--expect", noted).exit_code == 1


def test_entries_are_printed_as_lines_or_as_a_table(log: Log, tmp_path: Path) -> None:
    lines = run(log, "audit", "export", "--since", "2025-11-19T12:00:01").stdout.splitlines()
    run(log, "audit", "export", "--csv", "-o", str(tmp_path / "log.csv"))

    heading, first, *_ = csv.reader((tmp_path / "log.csv").read_text(encoding="utf-8").splitlines())
    assert [json.loads(line)["number"] for line in lines] == [2, 3]
    assert tuple(heading) == COLUMNS
    assert dict(zip(heading, first, strict=True))["counts"] == "personal=2"


def test_a_person_is_erased_after_a_yes_and_the_log_stays_whole(log: Log) -> None:
    asked = run(log, "erase", "u-1")
    result = run(log, "erase", "--yes", "u-1")

    assert (asked.exit_code, result.exit_code) == (1, 0)
    assert "Erased from 2 audit entries" in result.stdout
    assert (log.verify().ok, log.verify().erased) == (True, 2)


@pytest.mark.parametrize("arguments", [("audit", "verify"), ("audit", "export"), ("erase", "--yes", "u-1")])
def test_where_no_log_is_that_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, arguments, env={"SLUICE_DATA": str(tmp_path)})

    assert result.exit_code == 1
    assert "There is no audit log at" in result.stderr


@pytest.mark.parametrize("verb", [("audit", "verify"), ("audit", "export"), ("erase",), ("alarms", "allow")])
def test_every_verb_explains_itself(verb: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, [*verb, "--help"]).exit_code == 0
