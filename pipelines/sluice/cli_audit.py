"""The verbs of the command line about what was decided for whom: the audit log, and erasing a person."""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sluice.errors import SluiceError

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z"])
FILE = click.option(
    "--file",
    "path",
    type=click.Path(path_type=Path),
    help="A copy of the log; without it, the log of the gateway here, which may be running.",
)


@click.group()
def audit() -> None:
    """Check and export the log of what was decided: who, when, classes and counts, where to, and why. Never a text."""


@audit.command("verify")
@FILE
@click.option("--expect", metavar="HASH", default="", help="A head noted earlier; it must still be part of the log.")
def audit_verify(path: Path | None, expect: str) -> None:
    """Tell whether every entry is as it was written; exit 1 with the first that is not.

    Prints the number of entries and the hash of the last one, the head. Note it where nobody who can write the log can:
    `--expect` tells later whether entries were removed from the end, or all of it was written anew.
    """
    from sluice.audit import verify

    found = verify(_log(path), expect)
    if not found.ok:
        _stop(f"The audit log is not as it was written. {found.fault}")
    click.echo(f"The audit log is whole: {found.entries:,} entries{_span(found)}.")
    if found.erased:
        click.echo(f"{found.erased:,} of them no longer tell whom they concern, because that was erased.")
    click.echo(f"head {found.head}")


@audit.command("export")
@FILE
@click.option("--since", type=MOMENT, help="From this time on (UTC).")
@click.option("--until", type=MOMENT, help="Before this time (UTC).")
@click.option("--csv", "as_csv", is_flag=True, help="A table with a heading; without it, one JSON object a line.")
@click.option("-o", "--output", type=click.File("w", encoding="utf-8"), default="-", help="Without it, print.")
def audit_export(path: Path | None, since: datetime | None, until: datetime | None, as_csv: bool, output: Any) -> None:
    """Print the entries, the oldest first. user, chat and message are empty where a person was erased."""
    from sluice.audit import csv_lines, json_lines

    lines = csv_lines if as_csv else json_lines
    _write(lines(_log(path), _utc(since), _utc(until)), output)


@click.command()
@click.argument("user_id")
@click.confirmation_option(prompt="This cannot be undone. Erase this person?")
def erase(user_id: str) -> None:
    """Erase a person from all that the gateway keeps. It may be running.

    USER_ID is Open WebUI's id of the person, as in the column `user` of `sluice audit export`. What was masked and what
    the guard remembers is deleted; costs keep their sums and the audit log stays verifiable, without telling whom they
    concern. Chats and files are Open WebUI's: delete the user there. Backups are yours.
    """
    from sluice.erasure import erase as erase_everywhere
    from sluice.server.settings import data_folder

    folder = data_folder(os.environ)
    if not (folder / "audit.sqlite3").exists():
        _stop(_missing(folder / "audit.sqlite3"))
    try:
        erased = erase_everywhere(folder, user_id, ledger=_ledger_url())
    except SluiceError as error:
        _stop(str(error))
    if erased.busy:
        _stop(
            f"The person is erased, but {', '.join(erased.busy)} is in use, so traces may be left in its free space. "
            "Run this again when no export runs."
        )
    click.echo(f"Erased from {erased.entries:,} audit entries, {erased.bookings:,} bookings, masks and memory.")


def _ledger_url() -> str | None:
    """Where the ledger is, if not in the data folder. Raises ConfigError where sluice.yaml cannot be read."""
    from sluice.config import load
    from sluice.server.settings import config_path

    return load(config_path(os.environ), os.environ).ledger.url


def _log(path: Path | None) -> Path:
    from sluice.server.settings import data_folder

    path = path or data_folder(os.environ) / "audit.sqlite3"
    if not path.exists():
        _stop(_missing(path))
    return path


def _missing(path: Path) -> str:
    return f"There is no audit log at {path}. The gateway makes it when it starts; SLUICE_DATA names its folder."


def _span(found: Any) -> str:
    return f" from {found.first} to {found.last}" if found.entries else ""


def _write(lines: Iterable[str], output: Any) -> None:
    for line in lines:
        output.write(line)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


def _stop(sentence: str) -> Any:
    click.echo(sentence, err=True)
    sys.exit(1)
