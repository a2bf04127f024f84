"""Exact money: whole picodollars, which every database sums without rounding."""

from decimal import Decimal

# A cached token of the cheapest models costs a few billionths of a dollar, so billionths would round it.
PICO = Decimal(1_000_000_000_000)


def pico(usd: Decimal) -> int:
    """Whole trillionths of a dollar."""
    return int((usd * PICO).to_integral_value())


def usd(amount: int) -> Decimal:
    """US dollars of so many picodollars."""
    return Decimal(amount).scaleb(-12)
