"""Secrets in tables: the cells under a heading that names them, in CSV, tabs or Markdown."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from sluice.guard.classes import CLASS_OF
from sluice.guard.secrets.folding import holds_any
from sluice.guard.secrets.values import is_key, is_password, is_value
from sluice.guard.values import Finding

_SCORE = 0.8
_EDGES = " \t\r\"'`*"
_PASSWORD = re.compile(
    r"(?:\w+[ _\-])?(?:pass(?:word|wd|wort|phrase|code)?|pwd|pw|pin|kennwort|mot de passe|mdp|contrase[nñ]a|clave|senha"
    r"|wachtwoord|parola d'ordine)s?(?:[ _\-]\w+)?"
)
_KEY = re.compile(
    r"(?:\w+[ _\-.]){0,2}(?:(?:api|access|secret|auth|private|license|signing)[ _\-]?key|token|secret|credentials?)s?"
)
_STEMS = (
    "pass",
    "pwd",
    "pw",
    "pin",
    "kennwort",
    "mdp",
    "contrase",
    "clave",
    "senha",
    "wachtwoord",
    "parola",
    "key",
    "token",
    "secret",
    "credential",
)
_RULE = re.compile(r"[\s:\-+=]*")


@dataclass(frozen=True, slots=True)
class Table:
    """What separates its cells, the columns that hold secrets with their types, and how many rows it has."""

    separator: str
    columns: Mapping[int, str]
    rows: int


def find(text: str, lowered: str) -> Iterator[Finding]:
    """Yield the cells under headings such as `password`."""
    if "\n" not in text or not holds_any(lowered, _STEMS):
        return
    lines = lowered.split("\n")
    at = number = 0
    while number < len(lines):
        table = _table(lines, number)
        if table:
            yield from _cells(text, at + len(lines[number]) + 1, lines[number + 1 : number + 1 + table.rows], table)
        for line in lines[number : number + 1 + (table.rows if table else 0)]:
            at += len(line) + 1
            number += 1


def _table(lines: list[str], number: int) -> Table | None:
    """Return the table that a line is the heading of."""
    head = lines[number]
    if len(head) > 1000:
        return None
    separator = next((sign for sign in "|\t;," if sign in head), "")
    if not separator or not holds_any(head, _STEMS):
        return None
    heads = [part.strip(_EDGES) for part in head.split(separator)]
    columns = {column: type for column, part in enumerate(heads) if (type := _type(part))}
    if not columns or sum(map(bool, heads)) < 2:
        return None
    rows = takewhile(lambda line: line.count(separator) == len(heads) - 1 and len(line) <= 4000, lines[number + 1 :])
    return Table(separator, columns, sum(1 for _ in rows))


def _type(head: str) -> str | None:
    return "PASSWORD" if _PASSWORD.fullmatch(head) else "API_KEY" if _KEY.fullmatch(head) else None


def _cells(text: str, at: int, rows: list[str], table: Table) -> Iterator[Finding]:
    for row in rows:
        for column, cell in enumerate(row.split(table.separator)):
            if column in table.columns and not _RULE.fullmatch(cell):
                start = at + len(cell) - len(cell.lstrip(_EDGES))
                end = start + len(cell.strip(_EDGES))
                if _is_secret(table, column, text[start:end]):
                    yield Finding(table.columns[column], CLASS_OF[table.columns[column]], start, end, _SCORE)
            at += len(cell) + 1


def _is_secret(table: Table, column: int, value: str) -> bool:
    if table.columns[column] == "API_KEY":
        return is_key(value)
    # The parameters of a function stand between commas, too, one line below the other.
    judged = is_value if table.separator in "|\t" else is_password
    return len(value) >= 4 and " " not in value and judged(value)
