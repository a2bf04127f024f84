"""Read the book: sums from the daily totals, which stay small however many bookings there are, and single bookings."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from sluice.ledger import rows
from sluice.ledger.daily import measures_of, milliseconds_of
from sluice.ledger.money import usd
from sluice.ledger.periods import Span
from sluice.ledger.tables import EVERYBODY, MEASURES, MONEY, bookings, daily, daily_latency, settlements
from sluice.ledger.values import Booking, Dimension, Latency, Row, Totals

ALL_TIME = Span()
PERCENTILES = (0.5, 0.95, 0.99)


def totals(connection: Connection, span: Span = ALL_TIME, user: str | None = None) -> Totals:
    """Sums of everybody, or of one user."""
    return _totals(connection.execute(_sums("all", span, user)).one())


def by(connection: Connection, dimension: Dimension, span: Span = ALL_TIME, user: str | None = None) -> list[Row]:
    """Sums for each value of a dimension, the most expensive first, then the most used.

    A user in two groups counts in both; of the reasons of a call, each counts.
    """
    query = _sums(dimension, span, user, daily.c.value).group_by(daily.c.value)
    return _ordered(connection, query)


def by_day(
    connection: Connection,
    span: Span = ALL_TIME,
    user: str | None = None,
    dimension: Dimension = "all",
    value: str = "",
) -> list[Row]:
    """Sums for each day that has bookings, the first day first; of one model, class or the like where one is named."""
    query = _sums(dimension, span, user, daily.c.day).where(daily.c.value == value).group_by(daily.c.day)
    return [_row(row) for row in connection.execute(query.order_by(daily.c.day))]


def by_day_and(
    connection: Connection, dimension: Dimension, span: Span = ALL_TIME, user: str | None = None
) -> dict[str, list[Row]]:
    """For each value of a dimension its sums by day, the first day first: what charts over time are drawn from."""
    query = _sums(dimension, span, user, daily.c.value, daily.c.day).group_by(daily.c.value, daily.c.day)
    found: dict[str, list[Row]] = defaultdict(list)
    for value, *row in connection.execute(query.order_by(daily.c.day)):
        found[value].append(_row(row))
    return dict(found)


def by_user(connection: Connection, span: Span = ALL_TIME, dimension: Dimension = "all", value: str = "") -> list[Row]:
    """Sums for each user, of one location, model or the like where one is named.

    Those without a name, and those who were erased, are the empty one together.
    """
    query = select(daily.c.user, *_measures()).where(
        daily.c.dimension == dimension, daily.c.value == value, daily.c.user != EVERYBODY, *_within(span)
    )
    return _ordered(connection, query.group_by(daily.c.user))


def latencies(connection: Connection, span: Span = ALL_TIME) -> list[Latency]:
    """Percentiles of finished answers for each model and measure."""
    table = daily_latency
    calls = func.sum(table.c.calls).label("calls")
    days = [*([table.c.day >= span.first.isoformat()] if span.first else []),
            *([table.c.day <= span.last.isoformat()] if span.last else [])]  # fmt: skip
    query = select(table.c.model, table.c.measure, table.c.bucket, calls).where(and_(True, *days))
    counts: dict[tuple[str, Literal["first_token", "total"]], dict[int, int]] = defaultdict(dict)
    for row in connection.execute(query.group_by(table.c.model, table.c.measure, table.c.bucket)):
        counts[row.model, row.measure][row.bucket] = int(row.calls)
    return [_latency(model, measure, buckets) for (model, measure), buckets in sorted(counts.items())]


def of_chat(connection: Connection, chat: str, user: str | None = None, limit: int = 100) -> list[Booking]:
    """The last bookings of a chat, the newest first; of one user's where one is named."""
    where = [bookings.c.chat == chat, *([bookings.c.user == user] if user is not None else [])]
    return _bookings(connection, *where, limit=limit)


def tasks_of_chat(connection: Connection, chat: str, user: str) -> tuple[Decimal, int, int]:
    """What all closed background tasks of a user's chat cost, how many they are, and of how many no price is known."""
    cost = settlements.c.cost
    query = (
        select(func.coalesce(func.sum(cost), 0), func.count(), func.count() - func.count(cost))
        .select_from(bookings.join(settlements, settlements.c.booking == bookings.c.id))
        .where(bookings.c.chat == chat, bookings.c.user == user, bookings.c.task)
    )
    spent, calls, unpriced = connection.execute(query).one()
    return usd(int(spent)), int(calls), int(unpriced)


def of_message(connection: Connection, message: str, user: str | None = None) -> list[Booking]:
    """All bookings of one message, tool rounds and tasks included, the newest first."""
    where = [bookings.c.message == message, *([bookings.c.user == user] if user is not None else [])]
    return _bookings(connection, *where, limit=None)


def recent(
    connection: Connection,
    since: datetime | None = None,
    user: str | None = None,
    limit: int | None = 100,
    before: int | None = None,
) -> list[Booking]:
    """The last bookings, the newest first; `before` is the id of the last one of the page above."""
    where = [
        *([bookings.c.id >= rows.milliseconds(since) << rows.RANDOM_BITS] if since else []),
        *([bookings.c.user == user] if user is not None else []),
        *([bookings.c.id < before] if before is not None else []),
    ]
    return _bookings(connection, *where, limit=limit)


def summed(found: Sequence[Booking]) -> Totals:
    """What single bookings come to; those that are open count as calls, and with nothing yet."""
    sums: dict[str, int] = dict.fromkeys(MEASURES, 0)
    for booking in found:
        if booking.closing is None:
            sums["calls"] += 1
            continue
        for name, measure in measures_of(booking.opening, booking.closing).items():
            sums[name] += measure
        sums["findings"] += sum(booking.opening.classes.values())
    return _totals([sums[name] for name in MEASURES])


def _bookings(connection: Connection, *where: ColumnElement[bool], limit: int | None) -> list[Booking]:
    closing = [column for column in settlements.c if column.name not in ("booking", "at")]
    query = (
        select(bookings, *closing)
        .outerjoin(settlements, settlements.c.booking == bookings.c.id)
        .where(and_(True, *where))
        .order_by(bookings.c.id.desc())
        .limit(limit)
    )
    return [rows.booking_of(row) for row in connection.execute(query).mappings()]


def _sums(dimension: str, span: Span, user: str | None, *columns: Any) -> Select[Any]:
    whose = EVERYBODY if user is None else user
    return select(*columns, *_measures()).where(daily.c.dimension == dimension, daily.c.user == whose, *_within(span))


def _measures() -> Iterator[ColumnElement[Any]]:
    for name in MEASURES:
        yield func.coalesce(func.sum(daily.c[name]), 0).label(name)


def _within(span: Span) -> Iterator[ColumnElement[bool]]:
    if span.first:
        yield daily.c.day >= span.first.isoformat()
    if span.last:
        yield daily.c.day <= span.last.isoformat()


def _ordered(connection: Connection, query: Select[Any]) -> list[Row]:
    found = [_row(row) for row in connection.execute(query)]
    return sorted(found, key=lambda row: (-row.totals.cost, -row.totals.calls, row.key))


def _row(row: Sequence[Any]) -> Row:
    return Row(row[0], _totals(row[1:]))


def _totals(sums: Sequence[int]) -> Totals:
    """From what the measures come to, which Totals has in the same order."""
    exact = (usd(int(amount)) if name in MONEY else int(amount) for name, amount in zip(MEASURES, sums, strict=True))
    return Totals(*exact)  # type: ignore[arg-type]


def _latency(model: str, measure: Literal["first_token", "total"], buckets: dict[int, int]) -> Latency:
    calls = sum(buckets.values())
    found = [milliseconds_of(_bucket_at(buckets, share * calls)) for share in PERCENTILES]
    return Latency(model, measure, calls, *found)


def _bucket_at(buckets: dict[int, int], rank: float) -> int:
    """The bucket that holds the call of this rank."""
    passed = 0
    for bucket in sorted(buckets):
        passed += buckets[bucket]
        if passed >= rank:
            return bucket
    return max(buckets)
