"""What a call costs: an override of the configuration, else LiteLLM's map; never a guess."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sluice.config import Deployment
from sluice.config.schema import Location, Price
from sluice.upstream import Usage
from sluice.upstream.quiet_litellm import litellm

MILLION = Decimal(1_000_000)


def cost(deployment: Deployment, location: Location, usage: Usage, overrides: Mapping[str, Price]) -> Decimal | None:
    """US dollars for the usage; 0 on this machine, None where the price is not known.

    Cached and tiered prices of the map are honoured by LiteLLM's own calculation.
    """
    if price := overrides.get(deployment.name):
        return _at(price, usage)
    if location == "local":
        return Decimal(0)
    try:
        prompt, completion = litellm().cost_per_token(
            model=deployment.model,
            prompt_tokens=usage.prompt_tokens,
            completion_tokens=usage.completion_tokens,
            usage_object=_usage_object(usage),
        )
    except Exception:  # LiteLLM raises a bare Exception for a model that its map lacks
        return None
    # Its map holds binary floats; twelve places are below a millionth of a cent.
    return (Decimal(str(prompt)) + Decimal(str(completion))).quantize(Decimal("1e-12")).normalize()


def _at(price: Price, usage: Usage) -> Decimal:
    total = price.input_per_million * usage.prompt_tokens + price.output_per_million * usage.completion_tokens
    return total / MILLION


def _usage_object(usage: Usage) -> Any:
    return litellm().Usage(
        prompt_tokens=usage.prompt_tokens,
        completion_tokens=usage.completion_tokens,
        total_tokens=usage.total_tokens,
        **usage.details,
    )
