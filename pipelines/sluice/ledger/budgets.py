"""Whether a budget is used up."""

import logging
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from sluice.config.schema import Budget
from sluice.ledger.bookings import Book, start_of

log = logging.getLogger("sluice.ledger")


def used_up(budgets: Sequence[Budget], book: Book, user: str | None, now: datetime | None = None) -> str:
    """The first budget that is spent, as a reason in words; empty when there is money left."""
    moment = now or datetime.now(UTC)
    for budget in budgets:
        try:
            spent = book.spent(start_of(budget.period, moment), user if budget.scope == "user" else None)
        except sqlite3.Error as error:  # the ledger fails open: a chat does not end over its books
            log.error("What was spent cannot be read (%s)", error)
            return ""
        if spent >= budget.limit_usd:
            whose = "your" if budget.scope == "user" else "the team's"
            return f"{whose} budget for this {budget.period} is used up (${spent:.2f} of ${budget.limit_usd:.2f})"
    return ""
