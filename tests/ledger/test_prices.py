"""What a call costs: as configured, else as LiteLLM's map says, else unknown."""

from decimal import Decimal

from sluice.config.accounting import Price
from sluice.ledger.prices import Priced, cost
from sluice.upstream import Usage

USAGE = Usage(1000, 500)


def deployment(model: str) -> Priced:
    return Priced("m", model)


def test_this_machine_costs_nothing() -> None:
    assert cost(deployment("openai/gpt-4.1"), "local", USAGE, {}) == 0


def test_a_cloud_model_costs_what_the_map_says() -> None:
    # 2 and 8 dollars for a million tokens: the map of the pinned LiteLLM.
    assert cost(deployment("openai/gpt-4.1"), "cloud", USAGE, {}) == Decimal("0.006")


def test_cached_tokens_are_cheaper() -> None:
    cached = Usage(1000, 500, {"prompt_tokens_details": {"cached_tokens": 800}})

    price = cost(deployment("openai/gpt-4.1"), "cloud", cached, {})

    assert price is not None
    assert price < Decimal("0.006")


def test_a_price_of_the_configuration_comes_first() -> None:
    price = Price(input_per_million=Decimal(1), output_per_million=Decimal(10))

    assert cost(deployment("openai/gpt-4.1"), "cloud", USAGE, {"m": price}) == Decimal("0.006")
    assert cost(deployment("openai/never-heard-of"), "cloud", USAGE, {"m": price}) == Decimal("0.006")


def test_an_unknown_price_is_not_guessed() -> None:
    assert cost(deployment("openai/never-heard-of"), "cloud", USAGE, {}) is None
