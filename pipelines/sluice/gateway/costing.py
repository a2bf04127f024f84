"""What one attempt costs by the configuration that it is made under: expected, measured, and at the baseline."""

from datetime import date
from decimal import Decimal
from functools import cached_property

from sluice.config import LANES, Config, Deployment
from sluice.config.schema import Target
from sluice.identity import Caller
from sluice.ledger import Limits, Quote, Spender
from sluice.ledger.prices import Priced, baseline_of, careful, cost, energy, priced, quote
from sluice.routing import Candidate
from sluice.switches import Switches
from sluice.upstream import Usage

# What an answer takes when the caller names no limit, in tokens: budgets keep so much free.
ANSWER_TOKENS = 1024


class Costing:
    """The prices of one model on one day. Money in US dollars."""

    def __init__(self, config: Config, deployment: Deployment, candidate: Candidate, today: date) -> None:
        self.title = candidate.title
        self._config = config
        self._model = priced(deployment)
        self._longest = deployment.info.get("max_output_tokens")
        self._location = candidate.location
        self._today = today

    @cached_property
    def quote(self) -> Quote | None:
        return quote(self._model, self._location, self._config.prices, self._today)

    @property
    def baseline_name(self) -> str:
        return self._baseline.name if self._baseline else ""

    def expected(self, prompt_tokens: int, answer_tokens: int | None) -> Usage:
        """What the call may take: its prompt, and an answer as long as is allowed or usual."""
        allowed = answer_tokens or ANSWER_TOKENS
        return Usage(prompt_tokens, min(allowed, self._longest) if self._longest else allowed)

    def cost(self, usage: Usage, milliseconds: int | None = None) -> Decimal | None:
        """What it costs, power on this machine included; None where the price is not known."""
        price = cost(self._model, self._location, usage, self._config.prices, self._today)
        if price is None or self._location == "cloud" or milliseconds is None:
            return price
        return price + energy(milliseconds, self._config.energy)

    def budgeted(self, usage: Usage) -> Decimal:
        """What budgets count: nothing on this machine, and a careful estimate where the price is not known."""
        if self._location == "local":
            return Decimal(0)
        price = cost(self._model, self._location, usage, self._config.prices, self._today)
        return careful(usage, self._config.ledger.unknown_price) if price is None else price

    def baseline(self, usage: Usage) -> Decimal | None:
        """What the same tokens would have cost at the baseline; None without one, or where its price is not known."""
        if self._baseline is None:
            return None
        return cost(self._baseline, "cloud", usage, self._config.prices, self._today)

    @cached_property
    def _baseline(self) -> Priced | None:
        return baseline_of(self._config)


def limits_of(config: Config, switches: Switches) -> Limits:
    """The budgets in force, as the switches have them."""
    ledger = config.ledger
    return Limits(config.budgets, ledger.zone, switches.budgets == "enforce", ledger.currency)


def spender_of(caller: Caller) -> Spender:
    """Whose budgets a call draws on before a model is chosen."""
    return Spender(caller.user or "", tuple(sorted(caller.groups)), caller.role)


def picks_model(lane: str, target: Target) -> bool:
    """Whether the person picked a cloud model by its name, in whose stead no other answers over a budget."""
    return target == "picked" and lane not in LANES
