"""Amounts of money as people read them."""

from decimal import Decimal

from sluice.config.accounting import Currency

US_DOLLARS = Currency()
SMALLEST_WHOLE = Decimal("0.005")


def amount(usd: Decimal, currency: Currency = US_DOLLARS) -> str:
    """Such as $3.20, 3.20 EUR, and with as many places as a small amount needs: $0.0084."""
    shown = usd * currency.per_usd
    digits = f"{shown:.2f}" if shown == 0 or abs(shown) >= SMALLEST_WHOLE * 10 else _small(shown)
    return f"${digits}" if currency.code == "USD" else f"{digits} {currency.code}"


def _small(shown: Decimal) -> str:
    """Two digits that are not zero, however small."""
    places = max(2, 1 - shown.adjusted())
    return f"{shown:.{places}f}"
