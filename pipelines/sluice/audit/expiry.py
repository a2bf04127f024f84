"""Find out which entries are past their time."""

from pathlib import Path

from sluice.audit import store
from sluice.audit.chain import Link
from sluice.audit.rows import rows


def last_expired(path: Path, before: str) -> tuple[Link, int]:
    """Return the last of the oldest entries that were all written before a time.

    With it comes how many erased entries the erasures among them account for.
    """
    with store.reading(path) as connection:
        link, erased = store.checkpoint(connection).link, 0
        for row in rows(connection, link.number):
            fields = row.fields()
            if not "" < str(fields.get("at", "")) < before:
                break
            link = Link(row.number, row.hash)
            erased += erased_by(fields)
    return link, erased


def erased_by(fields: dict[str, object]) -> int:
    """Return how many entries lost their person by this one."""
    detail = fields.get("detail")
    count = detail.get("entries") if fields.get("event") == "erasure" and isinstance(detail, dict) else 0
    return count if isinstance(count, int) else 0
