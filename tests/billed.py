"""Compare, call by call, what a provider billed with what the ledger holds and with what LiteLLM takes for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from sluice.ledger import Booking, pico
from sluice.upstream.quiet_litellm import litellm

from tests.standins.record import Received


def flat(booking: Booking) -> dict[str, Any]:
    """A booking with all that it says on one level."""
    closing = asdict(booking.closing) if booking.closing else {}
    return {"id": booking.id, **asdict(booking.opening), **closing, **closing.get("tokens", {})}


def expected_tokens(billed: Mapping[str, Any]) -> dict[str, int]:
    """What the ledger must say; Anthropic counts cached tokens beside the prompt, the ledger within it."""
    if "input_tokens" in billed:
        read, write = billed["cache_read_input_tokens"], billed["cache_creation_input_tokens"]
        prompt = billed["input_tokens"] + read + write
        return {"prompt": prompt, "cached": read, "cache_write": write, "completion": billed["output_tokens"]}
    cached = billed["prompt_tokens_details"]["cached_tokens"]
    prompt, completion = billed["prompt_tokens"], billed["completion_tokens"]
    return {"prompt": prompt, "cached": cached, "cache_write": 0, "completion": completion}


def expected_cost(model: str, tokens: Mapping[str, int]) -> int:
    """Picodollars by the rates in LiteLLM's map, multiplied here and not by its calculation."""
    listed = litellm().model_cost[model]

    def rate(name: str) -> Decimal:
        return Decimal(str(listed.get(name) or 0))

    plain = tokens["prompt"] - tokens["cached"] - tokens["cache_write"]
    cost = plain * rate("input_cost_per_token") + tokens["completion"] * rate("output_cost_per_token")
    cost += tokens["cached"] * rate("cache_read_input_token_cost")
    return pico(cost + tokens["cache_write"] * rate("cache_creation_input_token_cost"))


def litellms_cost(model: str, billed: Mapping[str, Any]) -> int:
    """Picodollars that LiteLLM takes for the usage as the provider wrote it, read by LiteLLM's own adapter."""
    if "input_tokens" in billed:
        usage = litellm().AnthropicConfig().calculate_usage(usage_object=dict(billed), reasoning_content=None)
    else:
        usage = litellm().Usage(**billed)
    cost = litellm().completion_cost(completion_response=litellm().ModelResponse(model=model, usage=usage), model=model)
    return pico(Decimal(str(cost)))


def assert_booked(rows: Sequence[Mapping[str, Any]], received: Sequence[Received], models: Mapping[str, str]) -> None:
    """Each received call has its booking, in order, and those that were answered are right to the picodollar.

    `models` holds, for each deployment's name, the model's name at the provider.
    """
    cloud = [row for row in rows if row["location"] == "cloud"]
    assert [models[row["model"]] for row in cloud] == [one.json["model"] for one in received]
    for row, one in zip(cloud, received, strict=True):
        if one.billed is None:
            assert (row["outcome"], row["prompt"], row["cost"]) == ("failed", 0, 0)
        elif row["outcome"] == "finished":
            tokens = expected_tokens(one.billed)
            assert {name: row[name] for name in tokens} == tokens
            assert row["measured"] == "reported"
            assert row["cost"] == row["budgeted"] == expected_cost(one.json["model"], tokens)
            assert row["cost"] == litellms_cost(one.json["model"], one.billed)
        else:
            assert_booked_as_far_as_it_went(row, one)


def assert_booked_as_far_as_it_went(row: Mapping[str, Any], received: Received) -> None:
    """An answer that was left or cut has no usage of its own: its booking holds what was sent and seen."""
    assert row["outcome"] in ("cancelled", "cut")
    assert row["measured"] == "estimated"
    assert received.finished_at is None
    assert row["prompt"] > 0
    assert row["cost"] == expected_cost(received.json["model"], row)
