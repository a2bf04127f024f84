"""What is said of a person's money beside an answer: the month, the tightest budget, what the answer saved so far."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from sluice.config import Config
from sluice.figures.limits import standing_of
from sluice.ledger import Spender, Standing, current, reading, standings


def purse(connection: Connection, config: Config, spender: Spender, today: date) -> dict[str, Any]:
    """`month` is what the person spent in it, `budget` how their own tightest one stands, if any. US dollars.

    Where no price is known of a call of the month, there is no `month`: what is known is not what was spent.
    """
    month = reading.totals(connection, current("month", today), spender.user)
    tightest = _tightest(standings(connection, config.budgets, spender, today), spender)
    found: dict[str, Any] = {**({} if month.unpriced else {"month": float(month.cost)}), **currency_of(config)}
    if tightest:
        shown = standing_of(tightest, spender.user, all=False)
        found["budget"] = {name: shown[name] for name in ("period", "spent", "limit", "renews")}
    return found


def currency_of(config: Config) -> dict[str, Any]:
    """What amounts are shown in, where that is not US dollars."""
    shown = config.ledger.currency
    return {} if shown.code == "USD" else {"currency": {"code": shown.code, "per_usd": float(shown.per_usd)}}


def saved_by(connection: Connection, message: str, spender: Spender) -> float:
    """What all calls of an answer saved, its rounds of tools included, which Open WebUI does not sum up."""
    found = reading.of_message(connection, message, spender.user)
    return float(reading.summed([one for one in found if one.closing]).saving)


def tasks_of(connection: Connection, chat: str, spender: Spender) -> dict[str, Any]:
    """What all background tasks of a chat cost so far, apart from its answers; nothing where a price is not known."""
    cost, calls, unpriced = reading.tasks_of_chat(connection, chat, spender.user)
    return {"tasks_cost": float(cost)} if calls and not unpriced else {}


def _tightest(found: Sequence[Standing], spender: Spender) -> Standing | None:
    own = [one for one in found if one.budget.scope == "user" and one.subject == spender.user]
    return min(own, key=lambda one: one.left, default=None)
