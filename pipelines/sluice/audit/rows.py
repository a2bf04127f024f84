"""Read entries as they lie in the file, which somebody may have changed: nothing here is taken for granted."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

QUERY = """
SELECT entries.number, document, hash, persons.number, user, chat, message, salt
FROM entries LEFT JOIN persons ON persons.number = entries.number
WHERE entries.number > ? ORDER BY entries.number LIMIT ?
"""
ALL = -1


@dataclass(frozen=True, slots=True)
class Row:
    """One entry. `person` is user, chat and message, None where they were erased."""

    number: int
    document: bytes
    hash: bytes
    person: tuple[str, str, str] | None
    salt: bytes

    def fields(self) -> dict[str, Any]:
        """Return the document's fields; none where it is no JSON object."""
        try:
            value = json.loads(self.document)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    @property
    def at(self) -> str:
        """When it was written, empty where that cannot be read."""
        return str(self.fields().get("at", ""))


def rows(connection: sqlite3.Connection, after: int, limit: int = ALL) -> Iterator[Row]:
    """Yield the entries after a number, in order. The connection gives texts as bytes."""
    for number, document, hash, named, user, chat, message, salt in connection.execute(QUERY, (after, limit)):
        person = None if named is None else (_text(user), _text(chat), _text(message))
        yield Row(number, _bytes(document), _bytes(hash), person, _bytes(salt))


def stamp(moment: datetime) -> str:
    """Return a time as entries have it, so that texts compare as times do."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def _bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else repr(value).encode()


def _text(value: Any) -> str:
    return _bytes(value).decode("utf-8", "surrogateescape")
