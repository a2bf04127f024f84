"""A year of a team's calls, invented from a fixed seed and written as the gateway writes them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice

from sluice.ledger import Book, Closing, Opening, Tokens, pico
from sluice.ledger.rows import RANDOM_BITS
from sluice.ledger.settling import MOST, Entry, settle

# Name, location, dollars per million tokens in and out, milliseconds to the first token, tokens a second.
MODELS = (
    ("qwen3-8b", "local", "0", "0", 420, 38),
    ("llama3.2-3b", "local", "0", "0", 180, 72),
    ("qwen2.5-coder-7b", "local", "0", "0", 380, 41),
    ("claude-sonnet", "cloud", "3", "15", 900, 66),
    ("gpt-4.1", "cloud", "2", "8", 700, 80),
)
BASELINE = ("claude-sonnet", Decimal(3), Decimal(15))
LEAVING = (
    "complexity 0.74 is at least 0.60",
    "you asked for the cloud",
    "the prompt is longer than any local model takes",
    "an image, and no local model sees",
    "the local server is down",
)
CLASSES = ("personal", "secret", "financial", "source_code", "document", "medical", "legal", "confidential")
TASKS = ("title_generation", "tags_generation", "follow_up_generation")


def calls(
    count: int, people: Sequence[str], groups: Sequence[str], until: datetime, days: int = 365
) -> Iterator[Entry]:
    """So many calls over so many days, the oldest first: more on weekdays, and more from month to month."""
    dice = random.Random(20261124)
    moments = sorted(_moment(dice, until, days) for _ in range(count))
    for number, at in enumerate(moments):
        yield _entry(dice, number, at, people, groups)


def write(book: Book, entries: Iterator[Entry]) -> None:
    """Book them in batches, each in one transaction."""
    while batch := list(islice(entries, MOST)):
        with book.database.writing() as connection:
            settle(connection, batch)


def _moment(dice: random.Random, until: datetime, days: int) -> datetime:
    while True:
        at = until - timedelta(days=days * (1 - dice.random() ** 0.6), seconds=dice.randrange(30_000))
        if at.weekday() < 5 or dice.random() < 0.18:
            return at


def _entry(dice: random.Random, number: int, at: datetime, people: Sequence[str], groups: Sequence[str]) -> Entry:
    whose = min(int(dice.expovariate(3.2 / len(people))), len(people) - 1)
    is_task = dice.random() < 0.45
    model = MODELS[0] if is_task else dice.choices(MODELS, (46, 14, 12, 19, 9))[0]
    name, location, price_in, price_out, first, speed = model
    prompt = round(dice.lognormvariate(6.6, 0.9))
    answer = round(dice.lognormvariate(3.0 if is_task else 5.7, 0.6))
    found = {one: dice.randint(1, 4) for one in CLASSES if dice.random() < 0.02 + 0.05 * (one == "personal")}
    cost = (Decimal(price_in) * prompt + Decimal(price_out) * answer) / 1_000_000
    baseline = (BASELINE[1] * prompt + BASELINE[2] * answer) / 1_000_000
    first_ms = round(first * dice.lognormvariate(0, 0.5))
    opening = Opening(
        user=people[whose],
        chat=f"chat-{number // 9}",
        message="" if is_task else f"message-{number}",
        kind=dice.choice(TASKS) if is_task else dice.choices(("chat", "tool round", "api"), (80, 15, 5))[0],
        lane="local" if is_task else dice.choice(("auto", "auto", "standard", "coder", "frontier")),
        model=name,
        location=location,  # type: ignore[arg-type]
        groups=(groups[whose % len(groups)],),
        preset="" if is_task else dice.choice(("auto", "auto", "everyday", "private", "deep-analysis", "code-review")),
        task=is_task,
        reasons=(dice.choices(LEAVING, (50, 22, 12, 9, 7))[0],) if location == "cloud" else ("it is easy",),
        classes={} if is_task else found,
        baseline=BASELINE[0],
    )
    outcome = dice.choices(("finished", "cancelled", "failed", "cut"), (965, 18, 12, 5))[0]
    closing = Closing(
        outcome=outcome,  # type: ignore[arg-type]
        tokens=Tokens(prompt, answer if outcome == "finished" else answer // 3),
        measured="reported" if outcome == "finished" else "estimated",
        cost=pico(cost),
        budgeted=pico(cost),
        baseline=pico(baseline) if outcome == "finished" else None,
        first_token_ms=first_ms,
        total_ms=first_ms + round(1000 * answer / speed),
    )
    day = at.astimezone(UTC).date().isoformat()
    return Entry((round(at.timestamp() * 1000) << RANDOM_BITS) | number, at, day, opening, at, closing)
