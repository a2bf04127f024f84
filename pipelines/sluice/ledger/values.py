"""What the ledger holds, as plain values: ids, words and counts, never a text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from sluice.config.schema import Location

Outcome = Literal["finished", "failed", "cancelled", "cut"]
# How the tokens are known: from the provider, estimated from what was sent and seen, or, after the gateway was killed,
# taken over from the estimate that the call was opened with.
Measured = Literal["reported", "estimated", "recovered"]
Signal = Literal["regenerated", "corrected", "asked_cloud", "thumbs_up", "thumbs_down", "edited"]
# What daily totals are kept by. `leaving` and `staying` are the reasons of calls in the cloud and on this machine.
Dimension = Literal[
    "all", "model", "location", "kind", "preset", "lane", "task_kind", "group", "outcome", "leaving", "staying", "class"
]


@dataclass(frozen=True, slots=True)
class Quote:
    """The price of a model as it was when it was used, in USD per million tokens; the rates are the common ones.

    Tiers, pictures and sound have rates of their own, which only the calculation knows.
    """

    source: str  # such as `sluice.yaml` or `litellm 1.106.2`
    since: date  # from when on it holds, or the day on which it was read
    input_per_million: Decimal
    output_per_million: Decimal
    cached_per_million: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a call took. Cached tokens are part of the prompt's, reasoning is part of the answer's."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0
    cache_write: int = 0
    reasoning: int = 0
    image: int = 0
    audio: int = 0


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known of an attempt before its call. Money in picodollars."""

    user: str  # empty where nobody proved who they are
    chat: str
    message: str
    kind: str  # chat, tool round, a task's name, batch, api, second opinion
    lane: str
    model: str  # the deployment's name
    location: Location
    asked: str = ""  # the model as the caller named it
    groups: tuple[str, ...] = ()
    role: str = ""
    preset: str = ""
    task: bool = False  # a background task of Open WebUI
    task_kind: str = ""
    complexity: float | None = None
    attempt: int = 1  # the how manyth model that was asked for this call
    reasons: tuple[str, ...] = ()
    classes: Mapping[str, int] = field(default_factory=dict)
    expected: Tokens = Tokens()
    held: int = 0  # what budgets keep free for it
    quote: Quote | None = None
    baseline: str = ""  # the model that savings are compared with


@dataclass(frozen=True, slots=True)
class Closing:
    """How an attempt ended and what it took. Money in picodollars; `cost` is None where the price is not known."""

    outcome: Outcome
    tokens: Tokens
    measured: Measured
    cost: int | None
    budgeted: int  # what budgets count: the cost, or a careful estimate where it is not known
    baseline: int | None = None  # what the baseline model would have cost, for finished answers
    first_token_ms: int | None = None
    total_ms: int | None = None

    @property
    def saving(self) -> int | None:
        """Against the baseline; None where there is nothing to compare."""
        return None if self.baseline is None or self.cost is None else self.baseline - self.cost


@dataclass(frozen=True, slots=True)
class Booking:
    """One attempt to have one model answer, as it stands in the book. Money in US dollars."""

    id: int
    at: datetime
    opening: Opening
    closing: Closing | None  # None while it runs

    @property
    def tokens_per_second(self) -> float | None:
        """Of the answer, from its first token on."""
        closing = self.closing
        if closing is None or closing.total_ms is None or closing.first_token_ms is None:
            return None
        seconds = (closing.total_ms - closing.first_token_ms) / 1000
        return closing.tokens.completion / seconds if seconds > 0 else None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over bookings. Money in US dollars."""

    calls: int = 0
    finished: int = 0
    failed: int = 0
    cancelled: int = 0
    cut: int = 0
    estimated: int = 0  # calls whose tokens were not reported
    unpriced: int = 0  # calls whose price is not known: `cost` lacks them, `budgeted` holds a careful estimate
    prompt_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    cost: Decimal = Decimal(0)
    budgeted: Decimal = Decimal(0)
    baseline: Decimal = Decimal(0)
    saving: Decimal = Decimal(0)  # of what people asked for
    task_cost: Decimal = Decimal(0)  # of background tasks; part of `cost`
    task_saving: Decimal = Decimal(0)  # of background tasks on local models: never part of `saving`
    findings: int = 0  # for the dimension `class`: how many were found


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table of sums: the value of its dimension, a day in ISO form or a user's id."""

    key: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class Latency:
    """Approximate percentiles of one model in milliseconds, within a tenth."""

    model: str
    measure: Literal["first_token", "total"]
    calls: int
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person made of an answer."""

    user: str
    chat: str
    message: str
    signal: Signal
    task_kind: str = ""
    lane: str = ""
    model: str = ""
    location: Location = "local"
    complexity: float | None = None
    at: datetime | None = None  # when it is written down, if None


@dataclass(frozen=True, slots=True)
class Health:
    """How the ledger does: what waits to be written and what could not be."""

    waiting: int  # settlements in memory
    lost: int  # settlements that were given up since the start, each a call that stands at its estimate or not at all
    unreserved: int  # calls since the start that went on without a reservation
    late: int  # settlements that came after another gateway had settled the call at its estimate
    fault: str = ""  # the kind of the failure while it lasts
