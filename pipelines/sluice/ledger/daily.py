"""What a closed booking adds to the daily totals, by everything that they are kept by."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from sluice.ledger.tables import EVERYBODY, MEASURES, daily, daily_latency
from sluice.ledger.values import Closing, Opening

Key = tuple[str, str, str, str]  # dimension, user, day, value
LatencyKey = tuple[str, str, str, int]  # measure, day, model, bucket
PLACES = {name: place for place, name in enumerate(MEASURES)}
BUCKETS_PER_DOUBLING = 4
LONGEST = 128
# Numbers would make every reason its own: "complexity 0.71 is at least 0.60".
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


class Sums:
    """Grows by closed bookings, and is then added to the tables in one go."""

    def __init__(self) -> None:
        self._totals: dict[Key, list[int]] = {}  # in the order of MEASURES
        self._latencies: Counter[LatencyKey] = Counter()

    def add(self, day: str, opening: Opening, closing: Closing) -> None:
        measures = [(PLACES[name], amount) for name, amount in measures_of(opening, closing).items() if amount]
        for dimension, value, findings in _values(opening, closing):
            for user in (EVERYBODY, opening.user):
                sums = self._totals.setdefault((dimension, user, day, value[:LONGEST]), [0] * len(MEASURES))
                for place, amount in measures:
                    sums[place] += amount
                sums[PLACES["findings"]] += findings
        for measure, took in (("first_token", closing.first_token_ms), ("total", closing.total_ms)):
            if took is not None and closing.outcome == "finished":
                self._latencies[measure, day, opening.model[:LONGEST], bucket_of(took)] += 1

    def write(self, connection: Connection) -> None:
        """Add to what is there, always in the same order, within the transaction that closes the bookings."""
        totals = [
            dict(zip(("dimension", "user", "day", "value", *MEASURES), (*key, *sums), strict=True))
            for key, sums in sorted(self._totals.items())
        ]
        latencies = [
            {**dict(zip(("measure", "day", "model", "bucket"), key, strict=True)), "calls": calls}
            for key, calls in sorted(self._latencies.items())
        ]
        if totals:
            add_up(connection, daily, totals, MEASURES)
        if latencies:
            add_up(connection, daily_latency, latencies, ("calls",))


def add_up(connection: Connection, table: Table, rows: list[dict[str, object]], measures: Iterable[str]) -> None:
    """Insert rows, or add their measures to the rows that have their key."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    added = {name: table.c[name] + statement.excluded[name] for name in measures}
    key = [column.name for column in table.primary_key]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=added), rows)


def bucket_of(milliseconds: int) -> int:
    return round(BUCKETS_PER_DOUBLING * math.log2(max(1, milliseconds)))


def milliseconds_of(bucket: int) -> float:
    return float(2 ** (bucket / BUCKETS_PER_DOUBLING))


def measures_of(opening: Opening, closing: Closing) -> dict[str, int]:
    tokens, saving, cost = closing.tokens, closing.saving or 0, closing.cost or 0
    return {
        "calls": 1,
        closing.outcome: 1,
        "estimated": int(closing.measured != "reported"),
        "unpriced": int(closing.cost is None),
        "prompt_tokens": tokens.prompt,
        "cached_tokens": tokens.cached,
        "cache_write_tokens": tokens.cache_write,
        "completion_tokens": tokens.completion,
        "reasoning_tokens": tokens.reasoning,
        "cost": cost,
        "budgeted": closing.budgeted,
        "baseline": 0 if opening.task else closing.baseline or 0,
        "saving": 0 if opening.task else saving,
        "task_cost": cost if opening.task else 0,
        "task_saving": saving if opening.task else 0,
    }


def _values(opening: Opening, closing: Closing) -> Iterator[tuple[str, str, int]]:
    """Each dimension with a value of the booking, and how many findings that value stands for."""
    yield "all", "", sum(opening.classes.values())
    for dimension in ("model", "location", "kind", "preset", "lane", "task_kind"):
        yield dimension, getattr(opening, dimension), 0
    yield "outcome", closing.outcome, 0
    for group in dict.fromkeys(opening.groups):
        yield "group", group, 0
    for reason in dict.fromkeys(NUMBER.sub("…", reason) for reason in opening.reasons):
        yield "leaving" if opening.location == "cloud" else "staying", reason, 0
    for klass, count in opening.classes.items():
        yield "class", klass, count
