"""How fast and how surely models answered: everybody's from the daily counts, a person's from their newest calls."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import quantiles
from typing import Any

from sqlalchemy import Connection

from sluice.config import Config
from sluice.figures.tables import table
from sluice.ledger import Booking, Span, reading

NEWEST = 500  # calls that a person's own figures are taken from


def latency_of(connection: Connection, config: Config, span: Span, user: str | None) -> list[dict[str, Any]]:
    """One row for each model, the most used first; seconds, None where nothing was measured."""
    rows = table(connection, "model", span, user).rows
    places = {one.name: one.declared for one in config.deployments}
    measured = _everybodys(connection, span) if user is None else _ones(connection, user)
    found = [
        {
            "model": row.key,
            "location": places.get(row.key, ""),
            "calls": row.totals.calls,
            "failed": row.totals.failed + row.totals.cut,
            **dict.fromkeys(("first_p50", "first_p95", "total_p50")),
            **measured.get(row.key, {}),
        }
        for row in rows
        if row.key
    ]
    return sorted(found, key=lambda one: -one["calls"])


def _everybodys(connection: Connection, span: Span) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for one in reading.latencies(connection, span):
        if one.measure == "first_token":
            found[one.model] |= {"first_p50": one.p50 / 1000, "first_p95": one.p95 / 1000}
        else:
            found[one.model] |= {"total_p50": one.p50 / 1000}
    return found


def _ones(connection: Connection, user: str) -> dict[str, dict[str, float]]:
    """Of one person, whose calls have no counts of their own."""
    calls: dict[str, list[Booking]] = defaultdict(list)
    for booking in reading.recent(connection, user=user, limit=NEWEST):
        calls[booking.opening.model].append(booking)
    return {model: _measured(found) for model, found in calls.items()}


def _measured(found: Sequence[Booking]) -> dict[str, float]:
    closed = [one.closing for one in found if one.closing and one.closing.outcome == "finished"]
    first = _seconds(one.first_token_ms for one in closed)
    total = _seconds(one.total_ms for one in closed)
    return {
        **({"first_p50": _percentile(first, 50), "first_p95": _percentile(first, 95)} if first else {}),
        **({"total_p50": _percentile(total, 50)} if total else {}),
    }


def _seconds(milliseconds: Iterable[int | None]) -> list[float]:
    return [one / 1000 for one in milliseconds if one is not None]


def _percentile(values: Sequence[float], rank: int) -> float:
    return values[0] if len(values) == 1 else quantiles(values, n=100, method="inclusive")[rank - 1]
