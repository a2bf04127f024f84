"""The verb of the command line that profiles the team's own local models."""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sluice.cli_output import stop, table
from sluice.errors import SluiceError, UpstreamError

if TYPE_CHECKING:
    from sluice.config import Config
    from sluice.profile import Result, Results
    from sluice.profile.running import Subject

GOES_ON = "What was answered is kept; run it again to go on."


@click.command()
@click.option("--model", help="Ask this local model; else those that answer each kind of question here.")
@click.option("--limit", type=click.IntRange(min=1), help="Ask only so many questions, of every kind.")
@click.option("--again", is_flag=True, help="Forget what these models answered before.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def profile(model: str | None, limit: int | None, again: bool, dry_run: bool) -> None:
    """Ask your local models graded questions, and fit the estimate to where they fall short. No cloud is called.

    It takes some minutes, and goes on where it was broken off.
    """
    try:
        asyncio.run(_profile(model, limit, again=again, dry_run=dry_run))
    except UpstreamError as error:
        stop(f"{error} {GOES_ON}")
    except SluiceError as error:
        stop(str(error))
    except KeyboardInterrupt:
        stop(f"Broken off. {GOES_ON}")


async def _profile(model: str | None, limit: int | None, *, again: bool, dry_run: bool) -> None:
    from sluice.profile import Results, items
    from sluice.profile.running import rest, run, subjects
    from sluice.upstream import Fleet, quiet_litellm

    config, data = _config(), _data()
    fleet, results = Fleet(config), Results(data)
    await fleet.look()
    chosen = subjects(fleet, items()[:limit], model)
    if again:
        for subject in chosen:
            results.forget(subject.deployment.model)
    try:
        with _progress(sum(rest(subject, results) for subject in chosen)) as advance:
            for subject in chosen:
                await run(subject, config.routing, results, advance)
    finally:
        await quiet_litellm.close()
    _learn(data, chosen, results, dry_run=dry_run)


def _learn(data: Path, chosen: "list[Subject]", results: "Results", *, dry_run: bool) -> None:
    """Show how they did and write what follows from it, beside what is known of other kinds."""
    from sluice.profile.learning import observations, rows
    from sluice.profile.running import shown
    from sluice.routing import complexity
    from sluice.routing.calibration_file import read_calibration, write_calibration
    from sluice.routing.fitting import fitted

    observed = observations(chosen, results, complexity)
    adjustments = fitted(observed)
    for subject in chosen:
        _show_levels(subject, results)
    table(
        ["task kind", "passed", "estimate", "adjusted"],
        [
            [row.kind, f"{row.passed} of {row.asked}", f"{row.estimate:.2f}", f"{row.adjusted:.2f}"]
            for row in rows(observed, adjustments)
        ],
    )
    if dry_run:
        click.echo("Nothing was changed.")
        return
    known = read_calibration(data)
    learned_from = f"profile: {len(observed)} answers of {shown(chosen)}"
    kinds = {**known.kinds, **adjustments}
    write_calibration(data, known.model_copy(update={"kinds": kinds, "kinds_from": learned_from[:500]}))
    click.echo("The estimate is adjusted, and a running gateway follows within seconds.")


def _show_levels(subject: "Subject", results: "Results") -> None:
    from sluice.profile.learning import by_level
    from sluice.upstream import title

    levels = by_level(subject.items, results, subject.deployment.model)
    said = ", ".join(f"{level}: {passed} of {asked}" for level, (passed, asked) in levels.items())
    click.echo(f"{title(subject.deployment)} passed at level {said}")


class _progress:
    """A bar on the terminal, which shows how many questions are left and how long that takes."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._task = self._bar.add_task("asking", total=total)

    def __enter__(self) -> "Callable[[Result], None]":
        self._bar.start()
        return lambda result: self._bar.advance(self._task)

    def __exit__(self, *_: object) -> None:
        self._bar.stop()


def _config() -> "Config":
    from sluice.config import load
    from sluice.server.settings import config_path

    return load(config_path(os.environ), os.environ)


def _data() -> Path:
    from sluice.server.settings import data_folder

    return data_folder(os.environ)
