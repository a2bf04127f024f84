"""What people made of answers, for whoever learns from it."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, select

from sluice.ledger import rows
from sluice.ledger.tables import feedback
from sluice.ledger.values import Feedback, Signal

SAME = ("user", "chat", "message", "signal", "task_kind", "lane", "model", "location", "complexity")


def note(connection: Connection, given: Feedback) -> None:
    """Write one signal down; within a writing transaction."""
    at = rows.milliseconds(given.at or datetime.now(UTC))
    row = {"id": (at << rows.RANDOM_BITS) | secrets.randbits(rows.RANDOM_BITS), "at": at}
    connection.execute(feedback.insert(), {**row, **{name: getattr(given, name) for name in SAME}})


def is_noted(connection: Connection, user: str, message: str, signal: Signal) -> bool:
    """Whether a person said this of an answer before."""
    same = (feedback.c.user == user, feedback.c.message == message, feedback.c.signal == signal)
    return connection.execute(select(feedback.c.id).where(*same).limit(1)).first() is not None


def given_since(connection: Connection, since: datetime | None = None) -> list[Feedback]:
    """Every signal since a moment, the oldest first."""
    query = select(feedback).order_by(feedback.c.at, feedback.c.id)
    if since:
        query = query.where(feedback.c.at >= rows.milliseconds(since))
    return [_feedback(row) for row in connection.execute(query).mappings()]


def _feedback(row: RowMapping) -> Feedback:
    return Feedback(**{name: row[name] for name in SAME}, at=rows.moment_of(row["at"]))
