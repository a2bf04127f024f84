"""What a replayed day costs at LiteLLM's prices, beside the same calls all asked of the baseline model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from sluice.ledger import cost
from sluice.ledger.prices import Priced
from sluice.routing import Decision
from sluice.upstream import Usage
from sluice.upstream.quiet_litellm import litellm

from tests.bench.routing.team_day import Asked

# The cloud models of the ladder, under LiteLLM's names.
PRICED = {
    "gpt-4.1": Priced("gpt-4.1", "openai/gpt-4.1"),
    "claude-sonnet": Priced("claude-sonnet", "anthropic/claude-sonnet-5-5"),
}
BASELINE = PRICED["claude-sonnet"]
Answered = Sequence[tuple[Asked, Decision]]


def saving(answered: Answered) -> Mapping[str, Any]:
    """US dollars of a day. What people asked is the headline, as in the ledger; tasks, all local, come apart.

    Cloud-only, Open WebUI sends them to the chat's own model, too. Nothing is taken for cached on either side; pictures
    and the system prompts of presets are not counted.
    """
    chats = [one for one in answered if not one[0].task]
    tasks = [one for one in answered if one[0].task]
    return {
        "baseline": BASELINE.model,
        "prompt_tokens": sum(_usage(asked, BASELINE).prompt_tokens for asked, _ in chats),
        "answer_tokens": sum(asked.answer_tokens for asked, _ in chats),
        **_compared(chats),
        "tasks": _compared(tasks),
    }


def _compared(answered: Answered) -> Mapping[str, Any]:
    paid, alone = sum(_paid(answered), Decimal(0)), sum(_alone(answered), Decimal(0))
    share = float(1 - paid / alone) if alone else 0.0
    return {"cost_usd": f"{paid:.4f}", "cloud_only_usd": f"{alone:.4f}", "saved": f"{share:.1%}"}


def _paid(answered: Answered) -> Iterator[Decimal]:
    """What the calls cost that left the machine."""
    for asked, decision in answered:
        if decision.location == "cloud":
            yield _cost(asked, PRICED[decision.model])


def _alone(answered: Answered) -> Iterator[Decimal]:
    """What every call would cost at the baseline."""
    for asked, _ in answered:
        yield _cost(asked, BASELINE)


def _cost(asked: Asked, model: Priced) -> Decimal:
    found = cost(model, "cloud", _usage(asked, model), {})
    assert found is not None, f"LiteLLM has no price for {model.model}"
    return found


def _usage(asked: Asked, model: Priced) -> Usage:
    """The prompt as that model's tokenizer in LiteLLM counts it; the answer as long as the day says."""
    texts = (text for message in asked.case.call().messages for text in _texts(message["content"]))
    return Usage(sum(_tokens(text, model.model) for text in texts), asked.answer_tokens)


def _texts(content: Any) -> list[str]:
    return [content] if isinstance(content, str) else [part["text"] for part in content if part["type"] == "text"]


@cache
def _tokens(text: str, model: str) -> int:
    count: int = litellm().token_counter(model=model, text=text)
    return count
