"""`sluice report`: what calls cost and saved, in a terminal, a spreadsheet and a program."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sluice.cli import main
from sluice.cli_report import DIMENSIONS
from sluice.figures import DIMENSIONS as OFFERED
from sluice.ledger import Book, Closing, Opening, Tokens, pico

from tests.figures import year
from tests.figures.conftest import CONFIG, GROUPS, PEOPLE


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """A folder with a configuration and the ledger of a month."""
    folder = tmp_path_factory.mktemp("sluice")
    (folder / "sluice.yaml").write_text(CONFIG, encoding="utf-8")
    book = Book(folder / "ledger.sqlite3")
    now = datetime.now(UTC)
    year.write(book, year.calls(300, PEOPLE, GROUPS, now, days=20))
    opening = Opening("u-1", "c", "m", "chat", "auto", "odd [red]model", "cloud", preset="[bold]")
    book.add(opening, Closing("finished", Tokens(10, 5), "reported", None, pico(Decimal(1))))
    book.close()
    return {"SLUICE_CONFIG": str(folder / "sluice.yaml"), "SLUICE_DATA": str(folder), "COLUMNS": "160"}


def run(environ: Mapping[str, str], *arguments: str) -> Result:
    return CliRunner().invoke(main, ["report", *arguments], env=dict(environ))


def test_it_offers_what_there_are_tables_of() -> None:
    assert set(DIMENSIONS) == set(OFFERED)


def test_the_overview_tells_spent_saved_unknown_prices_and_break_even(environ: Mapping[str, str]) -> None:
    result = run(environ)

    assert result.exit_code == 0, result.output
    for part in ("301 calls", "Saved against claude-sonnet: $", "Background tasks, not counted in it: $", "qwen3-8b",
                 "title_generation", "No price is known for odd [red]model", "of $100.00 is saved"):  # fmt: skip
        assert part in result.output


@pytest.mark.parametrize("by", DIMENSIONS)
def test_the_same_sums_in_every_form(environ: Mapping[str, str], by: str) -> None:
    terminal, table, program = (run(environ, "--by", by, *form) for form in ([], ["--csv"], ["--json"]))

    rows = list(csv.DictReader(io.StringIO(table.output)))
    found = json.loads(program.output)
    assert [row[by] for row in rows] == [row["key"] for row in found["rows"]]
    assert [row["cost"] for row in rows] == [row["cost"] for row in found["rows"]]
    assert found["unknown_prices"] == ["odd [red]model"]
    for row in rows:
        assert (row[by] or "–") in terminal.output


def test_one_persons_report_holds_only_theirs(environ: Mapping[str, str]) -> None:
    everybody, one = (json.loads(run(environ, "--json", *who).output) for who in ([], ["--user", "u-2"]))

    assert 0 < one["totals"]["calls"] < everybody["totals"]["calls"]
    assert one["break_even"] is None


def test_another_month_is_empty_and_a_wrong_one_is_told(environ: Mapping[str, str]) -> None:
    assert "0 calls, $0.00 spent" in run(environ, "--month", "2020-01").output
    wrong = run(environ, "--month", "2020-13")
    assert (wrong.exit_code, wrong.output) == (1, "Name a month such as 2026-11.\n")


def test_without_a_ledger_it_says_where_it_would_be(environ: Mapping[str, str], tmp_path: Path) -> None:
    result = run({**environ, "SLUICE_DATA": str(tmp_path)})

    assert result.exit_code == 1
    assert f"There is no ledger at {tmp_path / 'ledger.sqlite3'}" in result.output
