"""Read the columns of tables: what the head of a column says, it says of every cell below."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

_MARKS = (",", ";", "\t", "|")
_MOST_COLUMNS = 64
_MOST_OVER = 4  # fields of a line beyond the heads
_WIDEST_HEAD = 40  # characters of the head of a column
_DIGIT = re.compile(r"\d")
_RULE = re.compile(r"[\s|:+-]+")
_LABEL = re.compile(r"[\s\"'|*]*[^\W\d_][\w .'’/#&º°:*|\"-]*(?: \([\w ./-]+\)[\s\"'|*]*)?")
_PADDING = " \t\"'|*"
# Heads that say nothing of their cells, but that this is a table.
_USUAL_HEADS = (
    "name first_name last_name first name last name firstname lastname surname forename full name fullname"
    " title id no nr vorname nachname familienname anrede nom prénom prenom civilité nombre apellido apellidos"
    " nome cognome sobrenome naam voornaam achternaam imię nazwisko email e-mail mail courriel correo date"
    " datum fecha data status state amount betrag total sum price preis country land pays país paese kraj notes"
    " note comment kommentar bemerkung gender sex geschlecht role company firma type category department"
    " quantity qty age alter salary gehalt active created diagnosis"
)
_USUAL = frozenset(_USUAL_HEADS.split()) | {"first name", "last name", "full name"}
_SQL = re.compile(r"\(([^()\n]{3,2000})\)\s{0,3}VALUES\b", re.IGNORECASE)
_ROW = re.compile(r"\(([^()]{3,4000})\)")


class Cell(NamedTuple):
    """A field of a table without its padding, and what its column is about."""

    start: int
    end: int
    names: frozenset[str]


Says = Callable[[str], frozenset[str]]


class Cells:
    """The cells of all tables of a text whose columns say what they hold, in order."""

    def __init__(self, found: Sequence[Cell]) -> None:
        self.all = found
        self._starts = [cell.start for cell in found]

    def at(self, place: int) -> Cell | None:
        """Return the cell in which a place lies."""
        if not self._starts:
            return None
        index = bisect_right(self._starts, place) - 1
        return self.all[index] if index >= 0 and place < self.all[index].end else None


def cells(text: str, says: Says) -> Cells:
    """Return the cells below heads that say something; `says` reads a head."""
    if "\n" not in text and "VALUES" not in text and "values" not in text:
        return Cells(())
    found = [*_listed(text, says), *_inserted(text, says)]
    return Cells(sorted(found, key=lambda cell: cell.start))


def _listed(text: str, says: Says) -> Iterator[Cell]:
    heads: list[frozenset[str]] = []
    mark, offset = "", 0
    lines = text.splitlines(keepends=True)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        start, offset = offset, offset + len(line)
        if heads and mark in line:
            fields = list(_fields(text, start, start + len(line.rstrip("\r\n")), mark))
            if 0 <= len(fields) - len(heads) <= _MOST_OVER and (len(fields) == len(heads) or _DIGIT.search(line)):
                yield from _row(text, fields, _shared(heads, len(fields)))
                continue
        if not (heads and _RULE.fullmatch(line)):
            heads, mark = _heads(line, following, says)


def _heads(line: str, following: str, says: Says) -> tuple[list[frozenset[str]], str]:
    """Return what each column of a head line says, and what parts them; nothing if it is not a head line."""
    mark, number = _most_often(line)
    if not 0 < number < _MOST_COLUMNS or following.count(mark) < number or len(line) > _WIDEST_HEAD * (number + 1):
        return [], ""
    labels = line.rstrip("\r\n").split(mark)
    if any(len(label.strip(_PADDING)) > _WIDEST_HEAD for label in labels):
        return [], ""
    heads = [says(label) if _LABEL.fullmatch(label) else frozenset() for label in labels]
    usual = sum(
        bool(head) or label.strip(_PADDING).lower() in _USUAL for head, label in zip(heads, labels, strict=True)
    )
    return (heads, mark) if sum(map(bool, heads)) > 1 or (any(heads) and usual * 2 >= len(heads)) else ([], "")


def _most_often(line: str) -> tuple[str, int]:
    """Return which mark stands most often in a line, and how often."""
    best, most = "", 0
    for mark in _MARKS:
        if mark in line and (number := line.count(mark)) > most:
            best, most = mark, number
    return best, most


def _fields(text: str, start: int, end: int, mark: str) -> Iterator[tuple[int, int]]:
    """Yield where the fields of a line stand; a mark within double quotes parts nothing."""
    quoted, begun = False, start
    for at in range(start, end):
        character = text[at]
        if character == '"':
            quoted = not quoted
        elif character == mark and not quoted:
            yield begun, at
            begun = at + 1
    yield begun, end


def _shared(heads: Sequence[frozenset[str]], number: int) -> Sequence[frozenset[str]]:
    """Return what each of so many fields may be: an address without quotes is cut into more fields than its head."""
    over = number - len(heads)
    return [frozenset().union(*heads[max(0, index - over) : index + 1]) for index in range(number)]


def _row(text: str, fields: Sequence[tuple[int, int]], heads: Sequence[frozenset[str]]) -> Iterator[Cell]:
    for (start, end), names in zip(fields, heads, strict=False):
        written = text[start:end]
        bare = written.strip(_PADDING)
        if bare:
            begins = start + written.index(bare)
            yield Cell(begins, begins + len(bare), names)


def _inserted(text: str, says: Says) -> Iterator[Cell]:
    """Yield the values of `INSERT INTO table (columns) VALUES (values), (values)`."""
    for head in _SQL.finditer(text):
        heads = [says(label) for label in head[1].split(",")]
        place = head.end()
        while (row := _ROW.match(text, _next_row(text, place))) is not None:
            fields = list(_fields(text, *row.span(1), ","))
            if len(fields) == len(heads):
                yield from _row(text, fields, heads)
            place = row.end()


def _next_row(text: str, place: int) -> int:
    while place < len(text) and text[place] in ", \t\r\n":
        place += 1
    return place
