"""Everything that the console's page shows, read from the daily totals in one go."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from sluice.config import Config
from sluice.figures import spans
from sluice.figures.latency import latency_of
from sluice.figures.limits import budgets_of
from sluice.figures.tables import By, table
from sluice.ledger import Row, Span, Spender, Totals, baseline_of, break_even, current, reading

MOST_DAYS_APART = 120  # a longer span is shown by months
MOST_ROWS = 50
SHOWN: tuple[By, ...] = ("model", "preset", "kind")


def overview(
    connection: Connection, config: Config, spender: Spender, count: int, today: date, *, all: bool
) -> dict[str, Any]:
    """Figures of the last `count` days: everybody's where `all`, else the spender's own and nobody else's."""
    span = spans.last_days(count, today)
    user = None if all else spender.user
    sums = reading.totals(connection, span, user)
    models = table(connection, "model", span, user).rows
    baseline = baseline_of(config)
    return {
        "scope": "all" if all else "own",
        "may_see_all": spender.role == "admin",
        "days": count,
        "currency": {"code": config.ledger.currency.code, "rate": float(config.ledger.currency.per_usd)},
        "baseline": baseline.name if baseline else "",
        "ever": bool(sums.calls) or bool(reading.totals(connection, user=user).calls),
        "totals": {**_sums(sums), **_places(connection, span, user)},
        "previous": _sums(reading.totals(connection, spans.before(span), user)),
        "month": {"spent": float(reading.totals(connection, current("month", today), user).cost)},
        "series": _series(connection, span, user),
        "by": _by(connection, config, span, user, models),
        "reasons": [
            {"reason": row.key, "calls": row.totals.calls}
            for row in _most(table(connection, "reason", span, user).rows, "calls")[:MOST_ROWS]
        ],
        "findings": _findings(connection, span, user),
        "budgets": budgets_of(connection, config, spender, today, all=all),
        "break_even": _break_even(connection, config, today) if all else None,
        "latency": latency_of(connection, config, span, user),
        "unknown_prices": [row.key for row in models if row.totals.unpriced],
    }


def _sums(totals: Totals) -> dict[str, Any]:
    return {
        "cost": float(totals.cost),
        "saved": float(totals.saving),
        "calls": totals.calls,
        "failed": totals.failed,
        "tokens": totals.prompt_tokens + totals.completion_tokens,
        "tasks": {"cost": float(totals.task_cost), "saved": float(totals.task_saving)},
    }


def _places(connection: Connection, span: Span, user: str | None) -> dict[str, int]:
    places = {row.key: row.totals.calls for row in table(connection, "location", span, user).rows}
    return {"local": places.get("local", 0), "cloud": places.get("cloud", 0)}


def _series(connection: Connection, span: Span, user: str | None) -> dict[str, Any]:
    at = _steps(span)
    money = reading.by_day(connection, span, user)
    places = reading.by_day_and(connection, "location", span, user)
    return {
        "at": at,
        "cost": _along(at, money, lambda totals: totals.cost),
        # A day on which the cloud cost more than the baseline would have saved nothing.
        "saved": [max(0.0, value) for value in _along(at, money, lambda totals: totals.saving)],
        **{name: _along(at, places.get(name, []), lambda totals: totals.calls) for name in ("local", "cloud")},
    }


def _findings(connection: Connection, span: Span, user: str | None) -> dict[str, Any]:
    at = _steps(span)
    found = reading.by_day_and(connection, "class", span, user)
    return {"at": at, "classes": {name: _along(at, rows, lambda t: t.findings) for name, rows in sorted(found.items())}}


def _steps(span: Span) -> list[str]:
    found = spans.days(span)
    return found if len(found) <= MOST_DAYS_APART else list(dict.fromkeys(day[:7] for day in found))


def _along(at: Sequence[str], rows: Sequence[Row], value: Any) -> list[float]:
    """The value of each day or month, 0 where there are no bookings."""
    width = len(at[0])
    sums: dict[str, Decimal | int] = dict.fromkeys(at, 0)
    for row in rows:
        sums[row.key[:width]] += value(row.totals)
    return [float(sum) if isinstance(sum, Decimal) else sum for sum in sums.values()]


def _by(
    connection: Connection, config: Config, span: Span, user: str | None, models: Sequence[Row]
) -> dict[str, list[dict[str, Any]]]:
    shown: tuple[By, ...] = SHOWN if user is not None else ("model", "user", "group", "preset", "kind")
    found = {by: models if by == "model" else table(connection, by, span, user).rows for by in shown}
    places = {one.name: one.declared for one in config.deployments}
    listed: dict[str, list[dict[str, Any]]] = {
        by: [_row(row, places) for row in _listed(by, rows)] for by, rows in found.items()
    }
    if user is None:
        listed["user"] = _with_local(connection, span, listed["user"])
    return listed


def _with_local(connection: Connection, span: Span, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each person's row with how many of the calls stayed on this machine."""
    local = {row.key: row.totals.calls for row in reading.by_user(connection, span, "location", "local")}
    return [{**row, "local": local.get(row["key"], 0)} for row in rows]


def _row(row: Row, places: Mapping[str, str]) -> dict[str, Any]:
    unknown = row.totals.unpriced > 0
    return {"key": row.key, **_sums(row.totals), "unknown": unknown, "location": places.get(row.key, "")}


def _listed(by: By, rows: Sequence[Row]) -> Sequence[Row]:
    """Without the row of calls that have no such thing, such as a preset."""
    return [row for row in rows if row.key or by == "user"][:MOST_ROWS]


def _most(rows: Sequence[Row], name: str) -> list[Row]:
    return sorted(rows, key=lambda row: -getattr(row.totals, name))


def _break_even(connection: Connection, config: Config, today: date) -> Mapping[str, Any] | None:
    found = break_even(connection, config.savings.hardware, today)
    if found is None:
        return None
    return {
        "price": float(found.price),
        "saved": float(found.saved),
        "share": float(found.share),
        "per_day": float(found.per_day),
        "paid_back_on": found.paid_on.isoformat() if found.paid_on else None,
    }
