"""Bookings as rows of the tables, and back."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping

from sluice.ledger.money import pico, usd
from sluice.ledger.values import Booking, Closing, Opening, Quote, Tokens

RANDOM_BITS = 22  # of a booking's id; the rest is its time in milliseconds
SAME = ("user", "chat", "message", "kind", "lane", "model", "location", "asked", "role", "preset", "task", "task_kind")


def milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def moment_of(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def opened(booking: int, at: datetime, day: str, opening: Opening) -> dict[str, Any]:
    """The row of a booking as it opens."""
    return {
        "id": booking,
        "at": milliseconds(at),
        "day": day,
        **{name: getattr(opening, name) for name in SAME},
        "groups": json.dumps(sorted(opening.groups)),
        "complexity": opening.complexity,
        "attempt": opening.attempt,
        "reasons": json.dumps(opening.reasons),
        "classes": json.dumps(dict(opening.classes), sort_keys=True),
        "expected_prompt": opening.expected.prompt,
        "expected_completion": opening.expected.completion,
        "held": opening.held,
        **_price(opening.quote),
        "baseline": opening.baseline,
    }


def closed(booking: int, at: datetime, closing: Closing) -> dict[str, Any]:
    """The row that closes a booking."""
    tokens = closing.tokens
    return {
        "booking": booking,
        "at": milliseconds(at),
        "outcome": closing.outcome,
        "measured": closing.measured,
        **{name: getattr(tokens, name) for name in Tokens.__slots__},
        "cost": closing.cost,
        "budgeted": closing.budgeted,
        "baseline_cost": closing.baseline,
        "saving": closing.saving,
        "first_token_ms": closing.first_token_ms,
        "total_ms": closing.total_ms,
    }


def opening_of(row: RowMapping) -> Opening:
    return Opening(
        **{name: row[name] for name in SAME},
        groups=tuple(json.loads(row["groups"])),
        complexity=row["complexity"],
        attempt=row["attempt"],
        reasons=tuple(json.loads(row["reasons"])),
        classes=json.loads(row["classes"]),
        expected=Tokens(row["expected_prompt"], row["expected_completion"]),
        held=row["held"],
        quote=_quote(row),
        baseline=row["baseline"],
    )


def booking_of(row: RowMapping) -> Booking:
    """A booking from a row of both tables; the settlement's columns are empty while it runs."""
    return Booking(row["id"], moment_of(row["at"]), opening_of(row), closing_of(row))


def closing_of(row: RowMapping) -> Closing | None:
    if row["outcome"] is None:
        return None
    return Closing(
        outcome=row["outcome"],
        tokens=Tokens(**{name: row[name] for name in Tokens.__slots__}),
        measured=row["measured"],
        cost=row["cost"],
        budgeted=row["budgeted"],
        baseline=row["baseline_cost"],
        first_token_ms=row["first_token_ms"],
        total_ms=row["total_ms"],
    )


def _price(quote: Quote | None) -> dict[str, Any]:
    if quote is None:
        return dict.fromkeys(("price_source", "price_since", "price_input", "price_output", "price_cached"))
    return {
        "price_source": quote.source,
        "price_since": quote.since.isoformat(),
        "price_input": pico(quote.input_per_million),
        "price_output": pico(quote.output_per_million),
        "price_cached": None if quote.cached_per_million is None else pico(quote.cached_per_million),
    }


def _quote(row: RowMapping) -> Quote | None:
    if row["price_source"] is None:
        return None
    cached: Decimal | None = None if row["price_cached"] is None else usd(row["price_cached"])
    since = datetime.fromisoformat(row["price_since"]).date()
    return Quote(row["price_source"], since, usd(row["price_input"]), usd(row["price_output"]), cached)
