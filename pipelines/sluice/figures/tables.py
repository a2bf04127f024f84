"""Tables of sums, by day, person, model and the like."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import fields as fields_of
from decimal import Decimal
from typing import Any, Literal, get_args

from sqlalchemy import Connection

from sluice.ledger import Dimension, Row, Span, Totals, reading

By = Literal[
    "day", "user", "group", "model", "location", "preset", "kind", "lane", "task_kind", "outcome", "reason", "class"
]
DIMENSIONS: tuple[By, ...] = get_args(By)
# What tells others apart: for admins only.
PERSONAL: frozenset[By] = frozenset({"user", "group"})
COLUMNS = tuple(field.name for field in fields_of(Totals))
# A spreadsheet would take such a text for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of sums by one thing."""

    by: By
    rows: list[Row]


def table(connection: Connection, by: By, span: Span, user: str | None = None) -> Table:
    """Everybody's sums, or one user's. `reason` is why calls left the machine."""
    if by == "day":
        return Table(by, reading.by_day(connection, span, user))
    if by == "user":
        return Table(by, reading.by_user(connection, span) if user is None else [_alone(connection, span, user)])
    dimension: Dimension = "leaving" if by == "reason" else by
    return Table(by, reading.by(connection, dimension, span, user))


def fields(row: Row) -> dict[str, Any]:
    """A row as the JSON API gives it: money as exact decimals in text, US dollars."""
    return {name: _plain(getattr(row.totals, name)) for name in COLUMNS}


def csv_lines(found: Table) -> Iterator[str]:
    """A line of names, then a line for each row; money in US dollars, exact."""
    yield _line([found.by, *COLUMNS])
    for row in found.rows:
        key = f"'{row.key}" if row.key.startswith(FORMULA) else row.key
        yield _line([key, *fields(row).values()])


def _alone(connection: Connection, span: Span, user: str) -> Row:
    return Row(user, reading.totals(connection, span, user))


def _plain(value: int | Decimal) -> int | str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _line(values: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(values)
    return out.getvalue()
