"""Forget a person, and bookings that are older than they are kept; what everything cost stays in the totals."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from sluice.ledger.daily import add_up
from sluice.ledger.rows import milliseconds
from sluice.ledger.tables import (
    EVERYBODY,
    MEASURES,
    bookings,
    daily,
    feedback,
    open_bookings,
    settlements,
    warnings,
)

NOBODY = ""


def forget(connection: Connection, user: str) -> int:
    """Keep what a person's calls cost, and no longer whose they were; return how many they are."""
    if user in (NOBODY, EVERYBODY):
        return 0
    nameless = {"user": NOBODY, "chat": "", "message": ""}
    found = connection.execute(update(bookings).where(bookings.c.user == user).values(nameless)).rowcount
    own = daily.c.user == user
    sums = connection.execute(select(daily).where(own).order_by(*daily.primary_key)).mappings().all()
    if sums:
        add_up(connection, daily, [{**row, "user": NOBODY} for row in sums], MEASURES)
    connection.execute(delete(daily).where(own))
    connection.execute(delete(feedback).where(feedback.c.user == user))
    connection.execute(delete(warnings).where(warnings.c.scope == "user", warnings.c.subject == user))
    return found


def expire(connection: Connection, keep_days: int, today: date) -> int:
    """Drop bookings older than so many days, but for those that are open; return how many."""
    last = (today - timedelta(days=keep_days)).isoformat()
    is_open = select(open_bookings.c.booking)
    old = select(bookings.c.id).where(bookings.c.day < last, bookings.c.id.not_in(is_open))
    count = connection.scalar(select(func.count()).select_from(old.subquery())) or 0
    if count:
        connection.execute(delete(settlements).where(settlements.c.booking.in_(old)))
        connection.execute(delete(bookings).where(bookings.c.day < last, bookings.c.id.not_in(is_open)))
        connection.execute(delete(feedback).where(feedback.c.at < _start(last)))
    return count


def _start(day: str) -> int:
    return milliseconds(datetime.fromisoformat(day).replace(tzinfo=UTC))
