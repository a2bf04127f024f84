"""The verbs of the command line about what the guard finds: wrong alarms, fingerprints of source code."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click

from sluice.errors import SluiceError


@click.group()
def alarms() -> None:
    """See what people called wrong alarms of the guard, and answer them."""


@alarms.command("list")
@click.option("--state", type=click.Choice(["open", "allowed", "dismissed"]), default="open")
def alarms_list(state: Any) -> None:
    """Print a line for each alarm: its mark, what it is, how often it was reported. The text itself is not kept."""
    with _memory() as memory:
        found = memory.alarms(state)
    for alarm in found:
        click.echo(f"{alarm.mark}  {alarm.type:24} {alarm.klass:12} {alarm.reports:4} reports, last {alarm.last}")
    if not found:
        click.echo(f"There is no {state} alarm.")


@alarms.command("allow")
@click.argument("mark")
def alarms_allow(mark: str) -> None:
    """Let this very text pass from now on, for everybody."""
    _answer(mark, "allowed")


@alarms.command("dismiss")
@click.argument("mark")
def alarms_dismiss(mark: str) -> None:
    """Say that the alarm was right; an allowed one is an alarm again."""
    _answer(mark, "dismissed")


def _answer(mark: str, state: Any) -> None:
    with _memory() as memory:
        if not memory.has_alarm(mark):
            _stop(f"There is no alarm {mark}. `sluice alarms list` prints those there are.")
        _record(mark, state)
        memory.answer(mark, state)
    click.echo(f"The alarm is {state}.")


def _record(mark: str, state: str) -> None:
    """Write it into the audit log first; whoever has the command line is nobody by name."""
    from sluice.audit import Audit, Entry
    from sluice.server.settings import data_folder

    try:
        with closing(Audit(data_folder(os.environ) / "audit.sqlite3")) as audit:
            audit.add(Entry(event="alarm", action=state, detail={"mark": mark}))
    except SluiceError as error:
        _stop(str(error))


@contextmanager
def _memory() -> Iterator[Any]:
    from sluice.guard import Memory
    from sluice.server.settings import data_folder

    memory = Memory(data_folder(os.environ) / "guard.sqlite3")
    try:
        yield memory
    finally:
        memory.close()


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="To write.")
def fingerprint(folder: Path, output: Path) -> None:
    """Write hashes of your own source code in FOLDER, so that pasted pieces of it are recognised. Holds no text."""
    from sluice.guard.documents.making import make

    try:
        made = make(folder, output, lambda files: click.echo(f"{files} files read", err=True))
    except OSError as error:
        _stop(f"Nothing was written, because {output} cannot be ({type(error).__name__}). Name another file with -o.")
    for why, files in sorted(made.left_out.items()):
        click.echo(f"Left out, {why}: {files}")
    if not made.hashes:
        _stop(f"{folder} holds no source code that can be told from others', so {output} recognises nothing.")
    click.echo(f"{output}: {made.hashes:,} fingerprints of {made.files:,} files, {made.size:,} bytes.")
    click.echo("Name it under privacy.organisation.fingerprints in sluice.yaml.")


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)
