"""The verb of the command line that tells what calls cost and saved."""

import json
import os
import sys
from datetime import datetime
from typing import Any

import click

from sluice.errors import ConfigError, SluiceError

DIMENSIONS = (
    *("day", "user", "group", "model", "location", "preset"),
    *("kind", "lane", "task_kind", "outcome", "reason", "class"),
)


@click.command()
@click.option("--by", type=click.Choice(DIMENSIONS), help="One row for each; without it, an overview.")
@click.option("--days", type=click.IntRange(1, 3660), default=30, show_default=True, help="The last days.")
@click.option("--month", metavar="YYYY-MM", help="A calendar month instead.")
@click.option("--user", metavar="USER_ID", help="One person's only, by Open WebUI's id.")
@click.option("--csv", "form", flag_value="csv", help="A table for a spreadsheet.")
@click.option("--json", "form", flag_value="json", help="For programs; money as exact decimals.")
def report(by: str | None, days: int, month: str | None, user: str | None, form: str | None) -> None:
    """Tell what calls cost and saved, and when the hardware has paid for itself. The gateway may be running.

    Amounts with --csv and --json are US dollars, exact; else they are in the currency of sluice.yaml.
    """
    from sluice import figures

    config = _config()
    today = datetime.now(config.ledger.zone).date()
    try:
        span = figures.month(month) if month else figures.last_days(days, today)
        with _ledger(config) as connection:
            _print(connection, config, span, today, by or ("model" if form else None), user, form)
    except SluiceError as error:
        _stop(str(error))


def _print(connection: Any, config: Any, span: Any, today: Any, by: Any, user: str | None, form: str | None) -> None:
    from sluice import figures
    from sluice.figures import terminal

    if form == "csv":
        click.echo("".join(figures.csv_lines(figures.table(connection, by, span, user))), nl=False)
    elif form == "json":
        click.echo(json.dumps(figures.summary(connection, config, span, today, by, user), ensure_ascii=False))
    else:
        terminal.show(connection, config, span, today, by, user)


def _config() -> Any:
    from sluice.config import load
    from sluice.server.settings import config_path

    try:
        return load(config_path(os.environ), os.environ)
    except ConfigError as error:
        _stop(str(error))


def _ledger(config: Any) -> Any:
    """A connection for reading, without bringing the schema up to date: that is the gateway's."""
    from sluice.ledger.database import connect
    from sluice.server.settings import data_folder

    file = data_folder(os.environ) / "ledger.sqlite3"
    if not config.ledger.url and not file.exists():
        _stop(f"There is no ledger at {file}. The gateway makes it when it starts; SLUICE_DATA names its folder.")
    return connect(config.ledger.url or file).reading()


def _stop(sentence: str) -> Any:
    click.echo(sentence, err=True)
    sys.exit(1)
