"""Find names where the shape of a text says so: mail headers, lists of who was there, chat logs, tables."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from sluice.guard.matching import matches_in_lines
from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import Words
from sluice.guard.naming.vocabulary import GREETED, ORGANISATION_HEADS, PERSONAL, words_in


def in_records(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield the names that the shape of a line or of a table gives away, and whether they are tied."""
    yield from _in_headers(words)
    yield from _booked(words)
    yield from _speakers(words)
    yield from _called(words)
    yield from _columns(words)


_HEADER = re.compile(
    r"[ \t>*-]*(?:From|To|Cc|Bcc|Reply-To|Sender|Von|An|De|À|Da|A|Para|Van|Aan|(?P<certain>Attendees|Participants|"
    r"Present|Apologies|In attendance|Absent|Teilnehmer|Teilnehmende|Anwesend|Anwesende|Abwesend|Entschuldigt|"
    r"Protokoll|Présents?|Excusés?|Absents?|Asistentes|Ausentes|Presenti|Assenti|Aanwezig|Afwezig|Notulist|Presentes|"
    r"Participantes|Obecni|Nieobecni))[ \t*]*:[ \t]*(?=\S)([^\n]{1,400})"
)


def _in_headers(words: Words) -> Iterator[tuple[Name, bool]]:
    for match in matches_in_lines(_HEADER, words.text, ":"):
        for start, end in _parts(match[2], match.start(2), ";,<(&"):
            name = _whole(words, start, end, certain=bool(match["certain"]) or _looks_full(words, start, end))
            if name:
                yield name, True


def _looks_full(words: Words, start: int, end: int) -> bool:
    """Say whether a sender is two or three words with capitals and no department: `Cressida Vane-Tempest`."""
    first = bisect_left(words.starts, start)
    kinds = words.kinds[first : bisect_left(words.starts, end, first)]
    return 2 <= len(kinds) <= 3 and all(
        kind.capital and kind.letter not in "WNO" and kind.lower not in ORGANISATION_HEADS | GREETED for kind in kinds
    )


def _parts(line: str, offset: int, marks: str) -> Iterator[tuple[int, int]]:
    begun = 0
    for index, character in enumerate(line + marks[0]):
        if character in marks:
            yield offset + begun, offset + index
            begun = index + 1


# As airlines write who travels: CASTELLANOS/RIVER MX.
_BOOKED = re.compile(
    r"(?P<name>[A-Z](?<![\w/].)[A-Z -]{1,24}/[A-Z]{2,20}(?: [A-Z]{2,20})?)[ ]?"
    r"(?:MR|MRS|MS|MX|MISS|MSTR|DR|CHD|INF|ADT)\b"
)


def _booked(words: Words) -> Iterator[tuple[Name, bool]]:
    for match in _BOOKED.finditer(words.text) if "/" in words.text else ():
        first, after = bisect_left(words.starts, match.start("name")), bisect_left(words.starts, match.end("name"))
        if after - first > 1:
            yield Name("PERSON", first, after - 1, full=True), True


_SPEAKER = re.compile(
    r"[ \t]*(?P<time>[\[(]?\d[\d:/.\-, APMapmT]{3,24}[\])]?[ \t]*[-–]?[ \t]*)?[<*]{0,2}(?P<name>[^\W\d_][^\W\d_.'’ "
    r"-]*(?:[ .'’-]{1,2}[^\W\d_]+){0,3})[>*]{0,2}[ \t]?(?:[:>]|(?<=>))(?=[ \t*\"“«])"
)

_SPEAKER_AND_TIME = re.compile(
    r"^[ \t]*(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,2})[ \t]{1,3}"
    r"(?P<time>[\[(]?\d\d?:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?)[\])]?[ \t]*$",
    re.MULTILINE,
)


def _speakers(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield who speaks in a chat log: after a time of day, or where at least two people take four turns."""
    if ":" not in words.text and ">" not in words.text:
        return
    signs = ":>" if ">" in words.text else ":"
    matches = [
        *matches_in_lines(_SPEAKER, words.text, signs),
        *matches_in_lines(_SPEAKER_AND_TIME, words.text, ":"),
    ]
    sure = [match["name"] for match in matches if _whole(words, *match.span("name"))]
    is_log = len(matches) >= 4 and len(set(sure)) >= 2
    is_log = is_log or (bool(sure) and 1 < len(matches) == _lines(words.text))
    may_be_log = bool(sure) and len(matches) > len({match["name"] for match in matches}) > 1
    for match in matches:
        timed = match["time"] is not None
        name = _whole(words, *match.span("name"), certain=timed or is_log or may_be_log)
        if name:
            yield name, timed or is_log


def _lines(text: str) -> int:
    return sum(not line.isspace() for line in text.splitlines() if line)


_CALLED = re.compile(
    r"^[ \t>*-]{0,8}(?P<name>[^\W\d_]{3,20})(?:, (?P<next>[a-z]{2,8})\b| ?[-–—] (?=[a-z]))", re.MULTILINE
)
_ASKED = words_in("did do does can could will would have has are is was were please what when where why how shall")


def _called(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield who is called at the beginning of a line: `Caspian, did you send it?`."""
    for match in _CALLED.finditer(words.text):
        if match["next"] is None or match["next"] in _ASKED or match["next"] in PERSONAL:
            index = bisect_left(words.starts, match.start("name"))
            if _can_be_called(words, index) and words.ends[index] == match.end("name"):
                yield Name("PERSON", index, index), False


def _can_be_called(words: Words, index: int) -> bool:
    kind = words.kinds[index] if index < len(words.kinds) else None
    return kind is not None and kind.capital and not kind.upper and kind.letter in "FfbLlUK"


# The last word of the head of a column; the first set leaves no doubt that it holds names of people.
_STRICT_HEADS = words_in(
    "surname given first last vorname nachname familienname nom prénom prénoms nombre apellido apellidos nome "
    "guest guests passenger passengers attendee attendees pupil pupils student students resident residents gäste "
    "cognome sobrenome naam voornaam achternaam imię nazwisko firstname lastname fullname forename forenames christian"
    " nickname förnamn efternamn fornavn efternavn jméno příjmení"
)
_HEADS = _STRICT_HEADS | words_in(
    "name patient patientin customer client cliente employee kunde kundin mitarbeiter mitarbeiterin contact klant "
    "guest guests passenger pupil student child resident attendee member buyer seller owner author assignee reporter"
    " driver recipient sender gast schüler schülerin kind teilnehmer mitglied élève invité passager alumno huésped"
    " alunno ospite leerling lid aluno hóspede uczeń gość"
    " manager tenant mieter paciente paziente employé salarié empleado dipendente werknemer pacjent klient"
)
_QUALIFIED = frozenset(["first name", "last name", "full name", "family name", "given name", "middle name"])
_PARTIAL = 64  # cells of a header line
_CELL_MARKS = (",", ";", "\t", "|")


def _columns(words: Words) -> Iterator[tuple[Name, bool]]:
    """Yield the cells of columns that hold names: by their head, or by their head and one cell that surely is one."""
    if not any(kind.lower in _HEADS for kind in words.kinds):
        return
    for columns, rows in _tables(words.text):
        for number, strict in columns.items():
            cells = [row[number] for row in rows]
            sure = any(_whole(words, *cell) for cell in cells)
            if strict or sure:
                found = (_whole(words, *cell, certain=True, strict=strict) for cell in cells)
                yield from ((name, True) for name in found if name)


def _tables(text: str) -> Iterator[tuple[dict[int, bool], list[list[tuple[int, int]]]]]:
    """Yield the columns of each table that may hold names, and where the cells of its rows stand."""
    columns: dict[int, bool] = {}
    rows: list[list[tuple[int, int]]] = []
    mark, width, position = "", 0, 0
    for line in text.splitlines(keepends=True):
        offset, position = position, position + len(line)
        found = _mark_of(line)
        if not found and not columns:
            continue
        cells = line.rstrip("\r\n").split(found)[:_PARTIAL] if found else []
        if columns and (found != mark or len(cells) != width):
            yield columns, rows
            columns, rows = {}, []
        if columns:
            rows.append(_placed(cells, offset))
        else:
            columns, mark, width = _heads(cells), found, len(cells)
    if columns:
        yield columns, rows


def _placed(cells: list[str], offset: int) -> list[tuple[int, int]]:
    places = []
    for cell in cells:
        places.append((offset, offset + len(cell)))
        offset += len(cell) + 1
    return places


def _heads(cells: list[str]) -> dict[int, bool]:
    """Return which columns hold names, and whether their head leaves no doubt."""
    found: dict[int, bool] = {}
    for number, cell in enumerate(cells):
        head = cell.strip(" \t\"'|*").replace("_", " ").lower() if len(cell) < 50 else ""
        last = head.rpartition(" ")[2]
        if last in _HEADS:
            found[number] = last in _STRICT_HEADS or head in _QUALIFIED
    return found if len(cells) > len(found) or any(found.values()) else {}


def _mark_of(line: str) -> str:
    """Return the mark that most often parts the cells of a line, nothing if none does."""
    best, most = "", 0
    for mark in _CELL_MARKS:
        if mark in line and (number := line.count(mark)) > most:
            best, most = mark, number
    return best


def _whole(words: Words, start: int, end: int, *, certain: bool = False, strict: bool = False) -> Name | None:
    """Return the stretch as a name if its words can be one; `strict` says that they can be nothing else."""
    first = bisect_left(words.starts, start)
    last = bisect_left(words.starts, end, first) - 1
    if not 0 <= last - first <= 4:
        return None
    letters = "".join(words.kinds[index].letter for index in range(first, last + 1))
    name = Name("PERSON", first, last, full=last > first)
    if "F" in letters or (any(letter in "fLb" for letter in letters) and (certain or len(letters) > 1)):
        return name
    if certain and any(letter in "UXlLK" for letter in letters) and "W" not in letters:
        return name
    return name if strict and words.kinds[first].capital and "N" not in letters else None
