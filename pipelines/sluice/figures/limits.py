"""Which budgets somebody may see, and how each stands."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from sluice.config import Config
from sluice.config.accounting import Budget
from sluice.figures.tables import table
from sluice.ledger import Span, Spender, Standing, current, reading, standings, usd

MOST_PEOPLE = 10  # whose budgets an admin sees at once: those who spent most


def standing_of(one: Standing, user: str | None, *, all: bool) -> dict[str, Any]:
    """A budget as the JSON API gives it.

    What a group, a model or the team spends is others' as well, so that figures of it are for who may see all.
    """
    mine = one.budget.scope == "user" and one.subject == user
    known = {
        "scope": one.budget.scope,
        "whose": one.subject if all or mine else "",
        "mine": mine,
        "period": one.budget.period,
        "renews": one.renews.isoformat(),
        "hard": one.budget.hard,
        "warn_at": one.budget.warn_at,
        "used_up": one.is_used_up,
    }
    if not (all or mine):
        return known
    return {**known, "spent": float(usd(one.spent + one.held)), "limit": float(one.budget.limit_usd)}


def budgets_of(
    connection: Connection, config: Config, spender: Spender, today: date, *, all: bool
) -> list[dict[str, Any]]:
    """Everybody's budgets where `all`, else those that are only the spender's own."""
    found = (
        standing_everybodys(connection, config.budgets, today)
        if all
        else standings(connection, config.budgets, spender, today)
    )
    shown = [standing_of(one, spender.user, all=all) for one in found]
    return [one for one in shown if "limit" in one]


def standing_everybodys(connection: Connection, budgets: Sequence[Budget], today: date) -> Iterator[Standing]:
    """Each budget once for each that it was drawn on this month, and in any case for whom it names."""
    span = current("month", today)
    for budget in budgets:
        for spender in _spenders(connection, span, budget.scope, budget.name):
            yield from standings(connection, [budget], spender, today)


def _spenders(connection: Connection, span: Span, scope: str, name: str | None) -> list[Spender]:
    if scope == "team":
        return [Spender("")]
    if scope == "user":
        people = [name] if name else _drawing(reading.by_user(connection, span))
        return [Spender(person) for person in people]
    if scope == "group":
        groups = [name] if name else _drawing(table(connection, "group", span).rows)
        return [Spender("", (group,)) for group in groups]
    models = [name] if name else _drawing(table(connection, "model", span).rows)
    return [Spender("", model=model) for model in models]


def _drawing(rows: Any) -> list[str]:
    return [row.key for row in rows if row.key and row.totals.budgeted][:MOST_PEOPLE]
