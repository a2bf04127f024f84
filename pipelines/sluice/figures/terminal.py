"""The report for a person at a terminal."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from rich.console import Console
from rich.table import Table as Shown
from sqlalchemy import Connection

from sluice.config import Config
from sluice.config.accounting import Currency
from sluice.figures.summary import unknown_prices
from sluice.figures.tables import By, table
from sluice.ledger import BreakEven, Row, Span, Totals, amount, baseline_of, break_even, reading

OVERVIEW: tuple[By, ...] = ("model", "kind")


def show(
    connection: Connection,
    config: Config,
    span: Span,
    today: date,
    by: By | None = None,
    user: str | None = None,
    console: Console | None = None,
) -> None:
    """Print the sums, then a table or the overview's tables, then what an admin ought to know."""
    console, currency = console or Console(), config.ledger.currency
    totals = reading.totals(connection, span, user)
    # Names come from configuration and callers: nothing of them is markup.
    for line in _head(config, span, totals):
        console.print(line, markup=False, highlight=False)
    for one in (by,) if by else OVERVIEW:
        console.print(_shown(one, table(connection, one, span, user).rows, currency))
    paid = break_even(connection, config.savings.hardware, today) if user is None else None
    for line in _foot(currency, paid, unknown_prices(connection, span, user)):
        console.print(line, markup=False, highlight=False)


def _head(config: Config, span: Span, totals: Totals) -> Iterator[str]:
    currency, baseline = config.ledger.currency, baseline_of(config)
    yield f"From {span.first} to {span.last}: {totals.calls:,} calls, {amount(totals.cost, currency)} spent."
    if baseline is None:
        yield "Nothing is compared: name a model under `savings: baseline:` in sluice.yaml."
        return
    without = totals.cost - totals.task_cost + totals.saving
    share = f", {totals.saving / without:.0%} of what it would have cost" if without > 0 < totals.saving else ""
    yield f"Saved against {baseline.name}: {amount(totals.saving, currency)}{share}."
    yield f"Background tasks, not counted in it: {amount(totals.task_saving, currency)}."


def _shown(by: By, rows: list[Row], currency: Currency) -> Shown:
    shown = Shown(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    shown.add_column(by.replace("_", " "), overflow="fold")
    for name in ("calls", "tokens in", "tokens out", "spent", "saved", "failed"):
        shown.add_column(name, justify="right", no_wrap=True)
    for row in rows:
        shown.add_row(*_cells(row, currency))
    return shown


def _cells(row: Row, currency: Currency) -> list[str]:
    totals = row.totals
    spent = amount(totals.cost, currency) + (" + ?" if totals.unpriced else "")
    counts = [f"{count:,}" for count in (totals.calls, totals.prompt_tokens, totals.completion_tokens)]
    saved = amount(totals.saving + totals.task_saving, currency)
    return [_plain(row.key) or "–", *counts, spent, saved, f"{totals.failed + totals.cut:,}"]


def _plain(text: str) -> str:
    """A name as it stands, where rich would read `[…]` as markup."""
    return text.replace("[", r"\[")


def _foot(currency: Currency, paid: BreakEven | None, unknown: list[str]) -> Iterator[str]:
    if unknown:
        names = ", ".join(unknown)
        yield f"No price is known for {names}: these calls are missing above. Add them under `prices:` in sluice.yaml."
    if paid is None:
        return
    yield f"The hardware: {amount(paid.saved, currency)} of {amount(paid.price, currency)} is saved ({_share(paid)})."
    if paid.is_paid:
        yield "It has paid for itself."
    elif paid.paid_on:
        yield f"At {amount(paid.per_day, currency)} a day it has on {paid.paid_on}."
    else:
        yield "At this pace it never has: nothing is saved."


def _share(paid: BreakEven) -> str:
    return f"{min(Decimal(1), paid.share):.0%}"
