"""The ledger: what calls cost, and what may still be spent."""

from sluice.ledger.bookings import Book, Booking, Outcome, nano
from sluice.ledger.budgets import used_up
from sluice.ledger.prices import cost

__all__ = ["Book", "Booking", "Outcome", "cost", "nano", "used_up"]
