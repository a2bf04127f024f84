"""What a call costs: an override of the configuration, else LiteLLM's map; never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import Any

from sluice.config import Config, Deployment
from sluice.config.accounting import Energy, Price, UnknownPrice
from sluice.config.schema import Location
from sluice.ledger.values import Quote, Tokens
from sluice.upstream import Usage
from sluice.upstream.quiet_litellm import litellm

MILLION = Decimal(1_000_000)
MILLISECONDS_PER_HOUR = 3_600_000
# LiteLLM's map holds binary floats; twelve places are below a millionth of a cent.
EXACT = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Priced:
    """A model to ask the price of: its name in sluice.yaml and LiteLLM's name."""

    name: str
    model: str


def priced(deployment: Deployment) -> Priced:
    return Priced(deployment.name, deployment.model)


def baseline_of(config: Config) -> Priced | None:
    """The model that savings are compared with: as configured, else the first frontier model, else the first cloud."""
    wanted = config.savings.baseline
    if wanted:
        found = next((one for one in config.deployments if one.name == wanted), None)
        return priced(found) if found else Priced(wanted, wanted)
    for role in ("frontier", "cloud"):
        for deployment in config.deployments:
            if role in deployment.roles and deployment.declared == "cloud":
                return priced(deployment)
    return next((priced(one) for one in config.deployments if one.declared == "cloud"), None)


def unpriced(config: Config, today: date | None = None) -> list[str]:
    """The cloud models that no price is known of."""
    one_each = Usage(1_000, 1_000)
    cloud = [deployment for deployment in config.deployments if deployment.declared == "cloud"]
    return [one.name for one in cloud if cost(priced(one), "cloud", one_each, config.prices, today) is None]


def cost(
    model: Priced, location: Location, usage: Usage, overrides: Mapping[str, Price], today: date | None = None
) -> Decimal | None:
    """US dollars for the usage; 0 on this machine, None where the price is not known.

    Cached, tiered, image, sound and reasoning prices of the map are honoured by LiteLLM's own calculation.
    """
    if price := _override(model, overrides, today):
        return _at(price, usage)
    if location == "local":
        return Decimal(0)
    try:
        prompt, completion = litellm().cost_per_token(
            model=model.model,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            usage_object=_usage_object(usage),
        )
    except Exception:  # LiteLLM raises a bare Exception for a model that its map lacks
        return None
    if not _is_listed(model.model):
        return None
    return (Decimal(str(prompt)) + Decimal(str(completion))).quantize(EXACT).normalize()


def quote(model: Priced, location: Location, overrides: Mapping[str, Price], today: date) -> Quote | None:
    """The price as it is today, to be kept with a booking; None on this machine and where it is not known."""
    if price := _override(model, overrides, today):
        rates = (price.input_per_million, price.output_per_million, price.cached_per_million)
        return Quote("sluice.yaml", price.since or today, *rates)
    listed = None if location == "local" else _listed(model.model)
    return Quote(f"litellm {version('litellm')}", today, *listed) if listed else None


def careful(usage: Usage, unknown: UnknownPrice) -> Decimal:
    """What budgets count where the price is not known."""
    total = unknown.input_per_million * usage.prompt_tokens + unknown.output_per_million * usage.completion_tokens
    return total / MILLION


def energy(milliseconds: int, rates: Energy) -> Decimal:
    """US dollars for the power that a local answer of this time drew."""
    kilowatt_hours = rates.watts * milliseconds / MILLISECONDS_PER_HOUR / 1000
    return (kilowatt_hours * rates.usd_per_kwh).quantize(EXACT)


def tokens_of(usage: Usage) -> Tokens:
    """The tokens of a usage by kind, as far as the provider tells."""
    prompt = usage.details.get("prompt_tokens_details") or {}
    completion = usage.details.get("completion_tokens_details") or {}
    return Tokens(
        prompt=usage.prompt_tokens,
        completion=usage.completion_tokens,
        cached=_count(prompt, "cached_tokens"),
        cache_write=_count(prompt, "cache_creation_tokens", "cache_write_tokens"),
        reasoning=_count(completion, "reasoning_tokens"),
        image=_count(prompt, "image_tokens") + _count(completion, "image_tokens"),
        audio=_count(prompt, "audio_tokens") + _count(completion, "audio_tokens"),
    )


def _count(details: Mapping[str, Any], *names: str) -> int:
    return next((int(details[name]) for name in names if details.get(name)), 0)


def _override(model: Priced, overrides: Mapping[str, Price], today: date | None) -> Price | None:
    price = overrides.get(model.name)
    if price is None or (price.since and today and today < price.since):
        return None
    return price


def _at(price: Price, usage: Usage) -> Decimal:
    tokens = tokens_of(usage)
    plain = usage.prompt_tokens
    total = Decimal(0)
    for count, rate in ((tokens.cached, price.cached_per_million), (tokens.cache_write, price.cache_write_per_million)):
        if rate is not None:
            total += rate * count
            plain -= count
    return (
        total + price.input_per_million * max(0, plain) + price.output_per_million * usage.completion_tokens
    ) / MILLION


@cache
def _listed(model: str) -> tuple[Decimal, Decimal, Decimal | None] | None:
    """A model's rates in LiteLLM's map, for a million tokens: prompt, answer, cached prompt."""
    try:
        info: Mapping[str, Any] = litellm().get_model_info(model)
    except Exception:  # as above: it raises a bare Exception where it knows nothing
        return None
    keys = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")
    prompt, answer, cached = (None if info.get(key) is None else Decimal(str(info[key])) * MILLION for key in keys)
    return (prompt or Decimal(0), answer or Decimal(0), cached) if prompt or answer else None


def _is_listed(model: str) -> bool:
    """Whether a price is given at all: some entries of the map have none, and would pass for free."""
    return _listed(model) is not None


def _usage_object(usage: Usage) -> Any:
    return litellm().Usage(
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        total_tokens=usage.total_tokens,
        **usage.details,
    )
