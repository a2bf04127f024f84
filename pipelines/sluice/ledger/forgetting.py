"""Forget a person, and bookings that are older than they are kept; what everything cost stays in the totals."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, and_, delete, or_, select, update

from sluice.ledger.daily import add_up
from sluice.ledger.rows import RANDOM_BITS, milliseconds
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
BATCH = 2_000  # bookings in one transaction: others wait for it


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
    own_budget = and_(warnings.c.scope == "user", warnings.c.subject == user)
    connection.execute(delete(warnings).where(or_(warnings.c.user == user, own_budget)))
    return found


def expire(connection: Connection, keep_days: int, today: date) -> int:
    """Drop at most BATCH bookings older than so many days, but for those that are open; return how many."""
    first_kept = today - timedelta(days=keep_days)
    is_open = select(open_bookings.c.booking)
    # Ids grow with time, so that what is kept need not be read; a day begins elsewhere up to a day later.
    old = select(bookings.c.id).where(
        bookings.c.id < _start(first_kept + timedelta(days=1)) << RANDOM_BITS,
        bookings.c.day < first_kept.isoformat(),
        bookings.c.id.not_in(is_open),
    )
    batch = old.order_by(bookings.c.id).limit(BATCH)
    connection.execute(delete(settlements).where(settlements.c.booking.in_(batch)))
    count = connection.execute(delete(bookings).where(bookings.c.id.in_(batch))).rowcount
    if count:
        connection.execute(delete(feedback).where(feedback.c.at < _start(first_kept)))
    return count


def _start(day: date) -> int:
    return milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
