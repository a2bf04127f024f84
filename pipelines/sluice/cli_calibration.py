"""The verbs of the command line that learn from a team's own history: a threshold for a share, and a new fit."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sluice.cli_output import stop, table
from sluice.errors import SluiceError

if TYPE_CHECKING:
    from sluice.config import Config
    from sluice.learning import Move, Past, Rule
    from sluice.learning.moves import Price
    from sluice.routing import Calibration
    from sluice.routing.fitting import Observation

HISTORY = click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="How far back to look."
)


@click.command()
@click.option(
    "--cloud-share",
    type=click.FloatRange(0, 1),
    default=0.2,
    show_default=True,
    help="The share of the questions that may leave which Auto should prefer the cloud for.",
)
@HISTORY
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
def calibrate(cloud_share: float, days: int, dry_run: bool) -> None:
    """Set Auto's threshold so that a share of your own questions goes to the cloud."""
    try:
        _calibrate(cloud_share, days, dry_run=dry_run)
    except SluiceError as error:
        stop(str(error))


@click.command()
@HISTORY
@click.option("--apply", is_flag=True, help="Switch it on; without it, nothing is changed.")
def refit(days: int, apply: bool) -> None:
    """Fit the estimate anew from the profile and from what people made of local answers, and show what would move."""
    try:
        _refit(days, apply=apply)
    except SluiceError as error:
        stop(str(error))


def _calibrate(share: float, days: int, *, dry_run: bool) -> None:
    from sluice.learning import TooShort, threshold_for
    from sluice.routing.calibration_file import read_calibration, write_calibration

    config, data = _config(), _data()
    before, past = read_calibration(data), _past(config, data, days)
    stands = _rule(config, before)
    try:
        threshold = threshold_for(past, before, share)
    except TooShort as error:
        unchanged = f"Nothing was changed; the threshold stays {stands.threshold:g}."
        stop(f"The last {days} days say too little: {error}. {unchanged}")
    until = datetime.now(UTC).date().isoformat()
    learned_from = f"{share:.0%} of {len(past)} questions in {days} days until {until}"
    after = before.model_copy(update={"threshold": threshold, "threshold_from": learned_from})
    _show_moves(past, stands, replace(stands, calibration=after, threshold=threshold), _price(config))
    click.echo(f"A threshold of {threshold:g} sends {learned_from}; it was {stands.threshold:g}.")
    if dry_run:
        click.echo("Nothing was changed.")
        return
    write_calibration(data, after)
    _say_what_comes_first(config, threshold)


def _refit(days: int, *, apply: bool) -> None:
    from sluice.learning import evidence
    from sluice.routing.calibration_file import read_calibration, write_calibration
    from sluice.routing.fitting import fitted

    config, data = _config(), _data()
    before, past = read_calibration(data), _past(config, data, days)
    profiled, heard = _profiled(config, data), evidence(past)
    if not profiled and not heard:
        stop("There is nothing to learn from: no profile, and no local answer of Auto. Run `sluice profile` first.")
    learned_from = f"{len(profiled)} answers of the profile and {len(heard)} of the last {days} days"
    kinds = fitted([*profiled, *heard])
    after = before.model_copy(update={"kinds": kinds, "kinds_from": learned_from})
    _show_fit([*profiled, *heard], before, after)
    stands = _rule(config, before)
    _show_moves(past, stands, replace(stands, calibration=after), _price(config))
    if not apply:
        click.echo("Nothing was changed. `sluice refit --apply` switches it on.")
        return
    write_calibration(data, after)
    click.echo("It is switched on; the calibration before is kept as calibration.previous.json.")


def _profiled(config: "Config", data: Path) -> "list[Observation]":
    """What the profile knows of the models that answer here, without asking anybody."""
    from sluice.profile import Results, items
    from sluice.profile.learning import observations
    from sluice.profile.running import subjects
    from sluice.routing import complexity
    from sluice.upstream import Fleet

    fleet = Fleet(config)
    asked = subjects(fleet, items(), candidates=fleet.assumed_candidates())
    return observations(asked, Results(data), complexity)


def _past(config: "Config", data: Path, days: int) -> "list[Past]":
    from sluice.learning import past_calls
    from sluice.ledger import feedback, reading
    from sluice.ledger.database import connect, migrate

    database = connect(config.ledger.url or data / "ledger.sqlite3")
    since = datetime.now(UTC) - timedelta(days=days)
    try:
        migrate(database)
        with database.reading() as connection:
            booked = reading.recent(connection, since, limit=None)
            return past_calls(reversed(booked), feedback.given_since(connection, since))
    finally:
        database.close()


def _rule(config: "Config", calibration: "Calibration") -> "Rule":
    """What decides now, but for the valve, which only the gateway knows."""
    from sluice.learning import Rule
    from sluice.routing.calibration import threshold_in_force

    routing = config.routing
    threshold = threshold_in_force(None, routing.chosen_threshold, calibration, routing.auto_threshold)
    return Rule(calibration, threshold)


def _price(config: "Config") -> "Price":
    """Today's price of a call at the first model of the role cloud, else of the cloud."""
    from sluice.ledger import cost, day_of
    from sluice.ledger.prices import priced
    from sluice.upstream import Usage

    cloud = [one for one in config.deployments if one.declared == "cloud"]
    chosen = next((one for one in cloud if "cloud" in one.roles), cloud[0] if cloud else None)
    today = day_of(datetime.now(UTC), config.ledger.zone)

    def price(prompt: int, answer: int) -> Decimal | None:
        return cost(priced(chosen), "cloud", Usage(prompt, answer), config.prices, today) if chosen else None

    return price


def _show_fit(observed: "list[Observation]", before: "Calibration", after: "Calibration") -> None:
    head = ["task kind", "answers", "fell short", "estimate before", "after"]
    lines = []
    for kind in sorted({one.kind for one in observed}):
        seen = [one for one in observed if one.kind == kind]
        mean = [sum(c.adjusted(one.score, kind) for one in seen) / len(seen) for c in (before, after)]
        short = sum(one.failed for one in seen)
        lines.append([kind, str(len(seen)), str(short), *(f"{value:.2f}" for value in mean)])
    table(head, lines)


def _show_moves(past: "list[Past]", before: "Rule", after: "Rule", price: "Price") -> None:
    from sluice.learning import moves

    found = moves(past, before, after, price)
    if not found:
        click.echo("No question of that time was Auto's to decide, so nothing would have moved.")
        return
    head = ["task kind", "calls", "private", "cloud before", "after", "to cloud", "to local", "USD more"]
    table(head, [_line(move) for move in found])
    if unpriced := sum(move.unpriced for move in found):
        click.echo(f"No price is known for {unpriced} of them; add it under `prices:` in sluice.yaml.")


def _line(move: "Move") -> list[str]:
    counts = (move.calls, move.stayed_private, move.cloud_before, move.cloud_after, move.to_cloud, move.to_local)
    return [move.kind, *map(str, counts), f"{move.usd:+.4f}"]


def _say_what_comes_first(config: "Config", threshold: float) -> None:
    chosen = config.routing.chosen_threshold
    if chosen is None:
        click.echo("A running gateway takes it within seconds. A threshold in its valves comes first.")
    else:
        first = f"sluice.yaml names `auto_threshold: {chosen:g}`, which comes first"
        click.echo(f"{first}. Remove it to use {threshold:g}.")


def _config() -> "Config":
    from sluice.config import load
    from sluice.server.settings import config_path

    return load(config_path(os.environ), os.environ)


def _data() -> Path:
    from sluice.server.settings import data_folder

    return data_folder(os.environ)
