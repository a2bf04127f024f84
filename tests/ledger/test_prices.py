"""What a call costs: as configured, else as LiteLLM's map says, else unknown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from sluice.config import Config, parse
from sluice.config.accounting import Energy, Price, UnknownPrice
from sluice.ledger import Tokens
from sluice.ledger.prices import Priced, baseline_of, careful, cost, energy, quote, tokens_of, unpriced
from sluice.upstream import Usage

TODAY = date(2025, 11, 19)
USAGE = Usage(1_000, 500)
GPT = Priced("m", "openai/gpt-4.1")
UNHEARD = Priced("m", "openai/never-heard-of")


def price(**more: Any) -> dict[str, Price]:
    return {"m": Price.model_validate({"input_per_million": 1, "output_per_million": 10, **more})}


def config(more: str = "") -> Config:
    models = (
        "model_list:\n"
        "  - {model_name: qwen, litellm_params: {model: ollama_chat/qwen3}, model_info: {roles: [standard]}}\n"
        "  - {model_name: mini, litellm_params: {model: openai/gpt-4.1-mini}, model_info: {roles: [cloud]}}\n"
        "  - model_name: best\n"
        "    litellm_params: {model: anthropic/claude-sonnet-5-5}\n"
        "    model_info: {roles: [frontier]}\n"
    )
    return parse(models + more, Path("sluice.yaml"), {})


def test_this_machine_costs_nothing() -> None:
    assert cost(GPT, "local", USAGE, {}) == 0


# Dollars for a million tokens in the map of the pinned LiteLLM: 2 in, 8 out, 0.5 cached for gpt-4.1; for gemini-2.5-pro
# 1.25 in and 10 out, and 2.5 in and 15 out where the prompt has more than 200,000.
@pytest.mark.parametrize(
    ("model", "usage", "usd"),
    [
        ("openai/gpt-4.1", Usage(1_000, 500), "0.006"),
        ("openai/gpt-4.1", Usage(1_000, 500, {"prompt_tokens_details": {"cached_tokens": 800}}), "0.0048"),
        ("openai/gpt-4.1", Usage(1_000, 500, {"completion_tokens_details": {"reasoning_tokens": 400}}), "0.006"),
        ("gemini/gemini-2.5-pro", Usage(200_000, 1_000), "0.26"),
        ("gemini/gemini-2.5-pro", Usage(200_001, 1_000), "0.5150025"),
        ("gemini/gemini-2.5-flash", Usage(1_000, 0, {"prompt_tokens_details": {"audio_tokens": 1_000}}), "0.001"),
    ],
    ids=["plain", "cached", "reasoning is part of the answer", "below the tier", "above the tier", "sound"],
)
def test_a_cloud_model_costs_what_the_map_says(model: str, usage: Usage, usd: str) -> None:
    assert cost(Priced("m", model), "cloud", usage, {}) == Decimal(usd)


@pytest.mark.parametrize("model", [GPT, UNHEARD])
def test_a_price_of_the_configuration_comes_first(model: Priced) -> None:
    assert cost(model, "cloud", USAGE, price()) == Decimal("0.006")


def test_a_price_of_the_configuration_knows_cached_tokens() -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 600, "cache_creation_tokens": 100}}
    rates = price(cached_per_million="0.1", cache_write_per_million=2)

    assert cost(GPT, "cloud", Usage(1_000, 0, details), rates) == Decimal("0.00056")
    assert cost(GPT, "cloud", Usage(1_000, 0, details), price()) == Decimal("0.001")


def test_cached_tokens_that_are_counted_beside_the_prompt_make_no_call_cheaper_than_nothing() -> None:
    details = {"prompt_tokens_details": {"cached_tokens": 5_000}}

    assert cost(GPT, "cloud", Usage(1_000, 0, details), price(cached_per_million="0.1")) == Decimal("0.0005")


def test_a_price_of_the_configuration_holds_from_its_day_on() -> None:
    rates = price(since="2025-11-20")

    assert cost(UNHEARD, "cloud", USAGE, rates, date(2025, 11, 19)) is None
    assert cost(UNHEARD, "cloud", USAGE, rates, date(2025, 11, 20)) == Decimal("0.006")


def test_an_unknown_price_is_not_guessed_and_budgets_count_a_high_one() -> None:
    assert cost(UNHEARD, "cloud", USAGE, {}) is None
    assert careful(Usage(1_000_000, 1_000_000), UnknownPrice()) == 210


def test_an_entry_of_the_map_without_rates_is_no_free_model() -> None:
    from sluice.upstream.quiet_litellm import litellm

    rateless = next(
        name
        for name, entry in litellm().model_cost.items()
        if entry.get("mode") == "chat"
        and not entry.get("input_cost_per_token")
        and not entry.get("output_cost_per_token")
        and entry.get("litellm_provider") == "github_copilot"
    )

    assert cost(Priced("m", rateless), "cloud", USAGE, {}) is None


def test_a_quote_says_where_a_price_is_from_and_since_when() -> None:
    ours, listed = quote(GPT, "cloud", price(since="2025-01-02"), TODAY), quote(GPT, "cloud", {}, TODAY)

    assert ours is not None
    assert listed is not None
    assert (ours.source, ours.since, ours.input_per_million) == ("sluice.yaml", date(2025, 1, 2), 1)
    assert (listed.source, listed.since) == (f"litellm {version('litellm')}", TODAY)
    assert (listed.input_per_million, listed.output_per_million, listed.cached_per_million) == (2, 8, Decimal("0.5"))
    assert quote(UNHEARD, "cloud", {}, TODAY) is None
    assert quote(GPT, "local", {}, TODAY) is None


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ("", "best"),
        ("savings: {baseline: mini}\n", "mini"),
        ("savings: {baseline: openai/gpt-4.1}\n", "openai/gpt-4.1"),
    ],
    ids=["frontier", "a model of ours", "any of LiteLLM's"],
)
def test_the_baseline_is_the_configured_model_or_the_frontier(more: str, name: str) -> None:
    baseline = baseline_of(config(more))

    assert baseline is not None
    assert baseline.name == name


def test_cloud_models_without_a_price_are_named() -> None:
    text = "prices: {mini: {input_per_million: 1, output_per_million: 1, since: 2026-01-01}}\n"

    assert unpriced(config()) == []
    assert unpriced(parse(_renamed(), Path("sluice.yaml"), {})) == ["mini"]
    assert unpriced(config(text), TODAY) == []


def _renamed() -> str:
    return (
        "model_list:\n"
        "  - {model_name: mini, litellm_params: {model: openai/gpt-unheard}}\n"
        "  - {model_name: known, litellm_params: {model: openai/gpt-4.1}}\n"
    )


def test_power_is_watts_by_time_by_price() -> None:
    # 300 watts for a minute are five watt-hours.
    assert energy(60_000, Energy(watts=Decimal(300), usd_per_kwh=Decimal("0.4"))) == Decimal("0.002")
    assert energy(60_000, Energy()) == 0


def test_tokens_are_told_apart_as_far_as_they_are_reported() -> None:
    details = {
        "prompt_tokens_details": {
            "cached_tokens": 5,
            "cache_creation_tokens": 4,
            "audio_tokens": 3,
            "image_tokens": None,
        },
        "completion_tokens_details": {"reasoning_tokens": 2, "audio_tokens": 1},
    }

    assert tokens_of(Usage(100, 50, details)) == Tokens(100, 50, cached=5, cache_write=4, reasoning=2, audio=3 + 1)
    assert tokens_of(USAGE) == Tokens(1_000, 500)
