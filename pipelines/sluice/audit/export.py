"""Print the audit log for people and other programs."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sluice.audit import store
from sluice.audit.entry import PERSONAL, PUBLIC
from sluice.audit.rows import Row, rows, stamp

COLUMNS = ("number", "at", *PERSONAL, *PUBLIC, "person", "hash")
_PAGE = 500  # entries that are read at once, so that a slow reader holds nothing up


def json_lines(path: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[str]:
    """Yield entries as one JSON object a line, from `since` on and before `until`.

    user, chat and message are null where the person was erased.
    """
    for entry in _entries(path, since, until):
        yield json.dumps(entry, ensure_ascii=False) + "\n"


def csv_lines(path: Path, since: datetime | None = None, until: datetime | None = None) -> Iterator[str]:
    """Yield the same as a table with a heading: counts as `personal=2 secret=1`, reasons joined by `; `."""
    yield _csv_line(COLUMNS)
    for entry in _entries(path, since, until):
        yield _csv_line([_cell(entry.get(name)) for name in COLUMNS])


def _entries(path: Path, since: datetime | None, until: datetime | None) -> Iterator[dict[str, Any]]:
    lower, upper = stamp(since) if since else "", stamp(until) if until else ""
    for row in _pages(path):
        entry = _entry(row)
        if lower <= entry["at"] and (not upper or entry["at"] < upper):
            yield entry


def _pages(path: Path) -> Iterator[Row]:
    with store.reading(path) as connection:
        last = store.checkpoint(connection).link.number
        # A damaged file may find other rows than those asked for, and again and again.
        while page := [row for row in rows(connection, last, _PAGE) if row.number > last]:
            yield from page
            last = page[-1].number


def _entry(row: Row) -> dict[str, Any]:
    """The fields in their order; what was tampered with is shown as it stands."""
    person = row.person or (None, None, None)
    known = {"number": row.number, "at": "", **row.fields(), **dict(zip(PERSONAL, person, strict=True))}
    known["hash"] = row.hash.hex()
    return {name: known.get(name) for name in COLUMNS}


def _cell(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(f"{key}={count}" for key, count in value.items())
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return "" if value is None else str(value)


def _csv_line(cells: Any) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue()
