"""What was saved against the baseline, and when hardware has paid for itself."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from sluice.config.accounting import Hardware
from sluice.ledger.periods import Span
from sluice.ledger.reading import totals

PACE_DAYS = 30  # the current pace is that of so many days
LONGEST_DAYS = 365 * 50  # beyond, "never" is the truer word


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How far hardware has paid for itself. Money in US dollars."""

    price: Decimal
    saved: Decimal  # since it was bought, without what background tasks saved
    per_day: Decimal  # at the current pace
    paid_on: date | None  # None where it never is at this pace, or there is no pace yet

    @property
    def share(self) -> Decimal:
        return self.saved / self.price

    @property
    def is_paid(self) -> bool:
        return self.saved >= self.price


def break_even(connection: Connection, hardware: Sequence[Hardware], today: date) -> BreakEven | None:
    """Everything that was bought, taken together; None where nothing is configured."""
    if not hardware:
        return None
    price = sum((one.price_usd for one in hardware), Decimal(0))
    bought = min(one.bought for one in hardware)
    saved = totals(connection, Span(bought, today)).saving
    days = min(PACE_DAYS, max(1, (today - bought).days + 1))
    recent = totals(connection, Span(today - timedelta(days=days - 1), today)).saving
    per_day = recent / days
    return BreakEven(price, saved, per_day, _paid_on(price - saved, per_day, today))


def _paid_on(left: Decimal, per_day: Decimal, today: date) -> date | None:
    if left <= 0:
        return today
    if per_day <= 0 or left / per_day > LONGEST_DAYS:
        return None
    return today + timedelta(days=math.ceil(left / per_day))
