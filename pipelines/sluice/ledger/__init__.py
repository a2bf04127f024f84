"""The ledger: what calls cost and saved, and what may still be spent."""

from sluice.ledger import feedback, reading
from sluice.ledger.book import Book, Reservation
from sluice.ledger.budgets import Limits, Spender, Standing, standings
from sluice.ledger.database import Database
from sluice.ledger.money import pico, usd
from sluice.ledger.periods import Span, current, day_of
from sluice.ledger.prices import baseline_of, cost
from sluice.ledger.savings import BreakEven, break_even
from sluice.ledger.values import (
    Booking,
    Closing,
    Dimension,
    Feedback,
    Health,
    Latency,
    Opening,
    Outcome,
    Quote,
    Row,
    Signal,
    Tokens,
    Totals,
)
from sluice.ledger.wording import amount

__all__ = [
    "Book",
    "Booking",
    "BreakEven",
    "Closing",
    "Database",
    "Dimension",
    "Feedback",
    "Health",
    "Latency",
    "Limits",
    "Opening",
    "Outcome",
    "Quote",
    "Reservation",
    "Row",
    "Signal",
    "Span",
    "Spender",
    "Standing",
    "Tokens",
    "Totals",
    "amount",
    "baseline_of",
    "break_even",
    "cost",
    "current",
    "day_of",
    "feedback",
    "pico",
    "reading",
    "standings",
    "usd",
]
