"""What `sluice report --json` prints: a table with the sums, the savings and the break-even around it."""

from datetime import date
from typing import Any

from sqlalchemy import Connection

from sluice.config import Config
from sluice.figures.tables import By, fields, table
from sluice.ledger import Row, Span, baseline_of, break_even, reading


def summary(
    connection: Connection, config: Config, span: Span, today: date, by: By, user: str | None = None
) -> dict[str, Any]:
    """Money in US dollars as exact decimals in text."""
    baseline = baseline_of(config)
    paid = break_even(connection, config.savings.hardware, today) if user is None else None
    return {
        "since": span.first.isoformat() if span.first else None,
        "until": span.last.isoformat() if span.last else None,
        "user": user,
        "totals": fields(Row("", reading.totals(connection, span, user))),
        "by": by,
        "rows": [{"key": row.key, **fields(row)} for row in table(connection, by, span, user).rows],
        "baseline": baseline.name if baseline else None,
        "unknown_prices": unknown_prices(connection, span, user),
        "break_even": None
        if paid is None
        else {
            "price": str(paid.price),
            "saved": f"{paid.saved.normalize():f}",
            "per_day": f"{paid.per_day.normalize():f}",
            "paid_on": paid.paid_on.isoformat() if paid.paid_on else None,
        },
    }


def unknown_prices(connection: Connection, span: Span, user: str | None = None) -> list[str]:
    """Models that were billed at a price that is not known."""
    return [row.key for row in table(connection, "model", span, user).rows if row.totals.unpriced]
