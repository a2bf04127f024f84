"""Close bookings and add them to the daily totals, in one transaction: each booking once, whoever tries again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, RowMapping, and_, delete, not_, select

from sluice.ledger import rows
from sluice.ledger.daily import Sums
from sluice.ledger.tables import bookings, gateways, open_bookings, settlements
from sluice.ledger.values import Closing, Opening

# As many ids as every database takes in one statement.
MOST = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """A booking that is to be closed, with all that was known as it opened, in case that was never written."""

    id: int
    opened: datetime
    day: str
    opening: Opening
    closed: datetime
    closing: Closing


def settle(connection: Connection, entries: Sequence[Entry]) -> int:
    """Close at most MOST bookings; return how many had been closed already."""
    if not entries:
        return 0
    ids = [entry.id for entry in entries]
    done = set(connection.scalars(select(settlements.c.booking).where(settlements.c.booking.in_(ids))))
    users = select(bookings.c.id, bookings.c.user).where(bookings.c.id.in_(ids))
    known: dict[int, str] = {row.id: row.user for row in connection.execute(users)}
    fresh = [entry for entry in entries if entry.id not in done]
    unwritten = [rows.opened(e.id, e.opened, e.day, e.opening) for e in fresh if e.id not in known]
    if unwritten:
        connection.execute(bookings.insert(), unwritten)
    if fresh:
        connection.execute(settlements.insert(), [rows.closed(e.id, e.closed, e.closing) for e in fresh])
        connection.execute(delete(open_bookings).where(open_bookings.c.booking.in_([e.id for e in fresh])))
    sums = Sums()
    for entry in fresh:
        # As it stands now: the person may have been erased since.
        user = known.get(entry.id, entry.opening.user)
        opening = entry.opening if user == entry.opening.user else replace(entry.opening, user=user)
        sums.add(entry.day, opening, entry.closing)
    sums.write(connection)
    return len(done)


def recover(connection: Connection, now: datetime, own: str) -> int:
    """Close at its estimate what other gateways left open that are no longer alive; return how many they were."""
    dead = and_(gateways.c.alive_until < rows.milliseconds(now), gateways.c.id != own)
    alive = select(gateways.c.id).where(not_(dead))
    orphaned = (
        select(open_bookings.c.booking)
        .where(open_bookings.c.gateway.not_in(alive), open_bookings.c.gateway != own)
        .order_by(open_bookings.c.booking)
        .limit(MOST)
    )
    left = select(bookings).where(bookings.c.id.in_(orphaned))
    recovered = 0
    while found := connection.execute(left).mappings().all():
        settle(connection, [_at_its_estimate(row, now) for row in found])
        recovered += len(found)
    connection.execute(delete(gateways).where(dead))
    return recovered


def _at_its_estimate(row: RowMapping, now: datetime) -> Entry:
    opening = rows.opening_of(row)
    priced = opening.quote is not None or opening.location == "local"
    closing = Closing(
        outcome="cut",
        tokens=opening.expected,
        measured="recovered",
        cost=opening.held if priced else None,
        budgeted=opening.held,
    )
    return Entry(row["id"], rows.moment_of(row["at"]), row["day"], opening, now, closing)
