"""What a model would cost for a call, in money and in waiting, where that is known."""

from collections.abc import Sequence

from sluice.routing.candidate import Candidate
from sluice.routing.ladder import Burden
from sluice.routing.signals import Signals

# A second of a person's waiting in USD: at 3.60 an hour, a tenth of a cent weighs as much.
SECOND_USD = 0.001
URGENT_SECOND_USD = 0.01
PATIENT_SECOND_USD = 0.0001
# Expected answers, in tokens, where the caller names no limit.
ANSWER_TOKENS = 500
LONG_ANSWER_TOKENS = 1_500


def burden(signals: Signals, candidates: Sequence[Candidate]) -> Burden:
    """Return how much each model weighs in USD; what is not known of one counts like the worst that is known."""
    if signals.preference == "quality":
        return lambda candidate: 0.0
    answer = expected_answer(signals)
    money = [cost for c in candidates if (cost := cost_usd(c, signals.prompt_tokens, answer)) is not None]
    waiting = [seconds for c in candidates if (seconds := _seconds(c, answer)) is not None]
    dearest, slowest, second = max(money, default=0.0), max(waiting, default=0.0), _second(signals)

    def weigh(candidate: Candidate) -> float:
        cost, seconds = cost_usd(candidate, signals.prompt_tokens, answer), _seconds(candidate, answer)
        return (dearest if cost is None else cost) + second * (slowest if seconds is None else seconds)

    return weigh


def expected_answer(signals: Signals) -> int:
    """How many tokens an answer is expected to have."""
    usual = LONG_ANSWER_TOKENS if signals.demand.detailed or signals.task_kind == "code" else ANSWER_TOKENS
    return min(signals.answer_tokens or usual, usual)


def cost_usd(candidate: Candidate, prompt_tokens: int, answer_tokens: int) -> float | None:
    """The price of a call; None where it is not known."""
    if candidate.input_price is None or candidate.output_price is None:
        return None
    return (prompt_tokens * candidate.input_price + answer_tokens * candidate.output_price) / 1e6


def _seconds(candidate: Candidate, answer_tokens: int) -> float | None:
    if candidate.first_token_seconds is None or not candidate.tokens_per_second:
        return None
    return candidate.first_token_seconds + answer_tokens / candidate.tokens_per_second


def _second(signals: Signals) -> float:
    if signals.priority == "high":
        return URGENT_SECOND_USD
    return PATIENT_SECOND_USD if signals.preference == "thrifty" or signals.priority == "low" else SECOND_USD
