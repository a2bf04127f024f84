"""Look a second time for addresses where text is about real people: houses by name, ways, bare numbers."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.addresses import extended
from sluice.guard.identifiers.dates import MONTHS
from sluice.guard.identifiers.streets import CAPITAL
from sluice.guard.identifiers.ways import LITTLE, NO_STREET
from sluice.guard.matching import places_among
from sluice.guard.naming.lexicon import ENGLISH, flags_of
from sluice.guard.values import Finding

_SCORE = 0.55
CAP = rf"{CAPITAL}[\w'’-]{{1,30}}"
UNITS = (
    r"Flat|Unit|Apartment|Apt\.?|Suite|Ste\.?|Whg\.?|Wohnung|Appt\.?|Appartement|Piso|Interno|Plot|Penthouse"
    "|Mieszkanie|Apto\\.?|Bloco|Dpto\\.?|Depto\\.?|Bloque|Bl\\.?|number|house|huisnummer|nummer"
)
_NO_PLACE_WORDS = (
    "uhr jahre jahren j yr yrs year years class klasse priority prio ticket zi zimmer raum bed ward bett station page"
    " seite monate monat tage tag stunden mal prozent euro stück personen kinder heures ans jours mois horas años"
    " días meses"
    " ore anni giorni mesi uur jaar dagen weken godzin lat dni anos dias level grade form route bus line linie tram"
    " am pm a.m p.m gmt cet bst est utc gb mb kg km mg ml"
)
_NO_PLACE = NO_STREET | frozenset(_NO_PLACE_WORDS.split())
_HOUSES = frozenset(
    word
    for line in (
        "House Cottage Cottages Farm Farmhouse Barn Lodge Hall Manor Mill Croft Grange Villa Villas Bungalow Rectory",
        "Vicarage Stables Forge Orchard Paddock Paddocks Nook Dene Haven Mansions Court Buildings Flats Granary",
        "Tannery Maltings Chapel Smithy View Bank Lea Brae Gables Acres Tower Heights Holding Annexe Exchange Wharf",
        "Yard",
    )
    for word in line.split()
)
_ESTATES = frozenset(
    word
    for line in (
        "Boerderij Hoeve Huize Villa Haus Hof Gut Forsthaus Torp Gård Gården Cascina Casale Masseria Podere Tenuta",
        "Borgata Località Frazione Caserío Finca Cortijo Masía Mas Quinta Sítio Fazenda Chácara Herdade Casal Bergerie",
        "Domaine Ferme Moulin Château Manoir Hameau Lieu-dit Dworek Siedlisko Kolonia Osada",
    )
    for word in line.split()
)
_WAYS = frozenset(
    word
    for line in (
        "Street Road Lane Avenue Close Drive Row Terrace Crescent Gardens Grove Mews Brow Rise Parade Walk Way Hill",
        "Fold St Rd Ave Ln",
    )
    for word in line.split()
)
_TELLING = _HOUSES | _WAYS | _ESTATES
_LITTLE = r"(?:of|the|on|le|la|les|de|del|della|du|des|do|da|der|den|dem|van|in|upon)"
_NAMED = rf"{CAP}(?:[ -](?:{_LITTLE} )?{CAP}){{0,3}}"
_AT = r"(?:(?<=\bat )|(?<=\bof )|(?<=\bto )|(?<=\bin )|(?<=\bfrom )|(?<=\boutside )|(?<=\bnear ))"
# A word with a capital is looked for first, which is quick; then what stands around it.
_WORD = re.compile(r"([^\W\d_a-zà-öø-ÿß](?<![\w'’-].)[\w'’-]+)")
_LONGEST_NAME = 64  # characters before the word that says what it is
_BEFORE_HOUSE = re.compile(rf"(?<![\w'’-])(?:[Tt]he |(?:[Tt]he )?(?:{CAP} ){{1,3}})\Z")
_BEFORE_HOUSE_AT = re.compile(rf"{_AT}(?:[Tt]he )?(?:{CAP} ){{1,3}}\Z")
_BEFORE_WAY = re.compile(rf"(?<![\w'’-])(?:[Tt]he )?(?:{_NAMED}, )?(?:{CAP} ){{1,2}}\Z")
_BEHIND_HOUSE = re.compile(rf",[ \n]{CAP}| in {CAP}")
_BEHIND_ESTATE = re.compile(rf" (?:{_LITTLE} )?{_NAMED}")
_UNIT = re.compile(
    rf"(?<![\w-])(?:{UNITS}|(?:at|from|of|in|opposite|neighbour|neighbor|visit),? (?:no|nr)\.?)[ ]?\Z", re.IGNORECASE
)
_IN_UNIT = re.compile(rf"[0-9](?<![\d.,].)\d{{0,3}}[A-Za-z]?(?![\w-])(?:, (?:[Tt]he )?{_NAMED})?")
_LONGEST_UNIT = 18
# The last letters of every one of them, which is quick to see.
_UNIT_ENDS = (*(unit.rstrip(".?\\").lower() for unit in UNITS.split("|")), "no", "nr")
_FLOOR = re.compile(r"[0-9](?<![\w.,].)\d?[ºª°] ?(?:[A-Fa-f]|izq|dcha|dch|esq|dto|[1-6][ªº])(?![\w])")
# 48 Fen End; number 17 Ladysmith: no word with a capital before the number, none that counts things behind it
_NUMBER = re.compile(r"[0-9](?<![\w.,/:$€£-].)\d{0,3}[A-Za-z]?(?= [^\W\d_])")
_LEADS = re.compile(
    r"(?:\A|[\d\n.,;:|·()\[\]\"<>–-][ \t]{0,2}|(?<!\w)(?i:no\.?|number|nr\.?|plot|at|of|to|from|in)[ ]"
    r"|(?<!\w)[^\W\d_A-Z]\w*[ ])\Z"
)
_NAME = re.compile(rf" (?P<name>(?:{_LITTLE} )?{_NAMED})(?![\w'’-])")
# Streets in small letters, where the word for them comes first: rue des lilas
_SMALL_WAY = re.compile(
    r" (?:rue|avenue|impasse|allée|chemin|boulevard|ruelle|calle|avenida|rua|travessa|via|viale|vicolo|ulica|ul\.)"
    r"(?: (?:de la|de los|de las|de l['’]|del|della|dei|degli|des|du|de|da|do|dos|das|di|d['’]))?"
    r" ?[^\W\d_]{3,20}(?: \d{1,4})?(?!\w)"
)
_COUNTED = re.compile(rf"(?:{MONTHS})\b", re.IGNORECASE)
# A part of a line between marks that is a name and a number: · Hinter den Höfen 11 ·
_PART = re.compile(
    rf"(?:^|[·|,;:–]|\t)[ \t]{{0,2}}(?P<place>{CAP}(?: (?:{LITTLE}|{CAP})){{0,3}} \d{{1,4}}[A-Za-z]?)"
    r"(?=[ \t]{0,2}(?:[·|,;–]|$))",
    re.MULTILINE,
)


def houses(text: str, *, careful: bool = True) -> Iterator[Finding]:
    """Yield what may be an address; where no identifier stands beside it, it may as well be anything else.

    Where capitals say nothing, `careful` is false: then a name must hold a word that is in no dictionary.
    """
    for start, end in places_among(_WORD, text, _TELLING):
        yield from _named(text, start, end)
    for match in _IN_UNIT.finditer(text):
        unit = unit_before(text, match.start())
        if unit:
            yield _address(text, unit.start(), match.end())
    for number in _NUMBER.finditer(text):
        start, name = number.start(), _NAME.match(text, number.end())
        if name and _LEADS.search(text, max(0, start - 24), start) and _is_place(name["name"], careful=careful):
            yield _address(text, start, name.end())
    for floor in _FLOOR.finditer(text):
        yield _address(text, *floor.span())
    for way in _SMALL_WAY.finditer(text):
        yield _address(text, way.start() + 1, way.end())
    for part in _PART.finditer(text):
        if part["place"].split()[0].lower().rstrip(".") not in _NO_PLACE and not _COUNTED.match(part["place"]):
            yield _address(text, *part.span("place"))


def unit_before(text: str, start: int) -> re.Match[str] | None:
    """Return the word for a flat or a house that leads to a number."""
    lowest = max(0, start - _LONGEST_UNIT)
    before = text[lowest:start].rstrip(" .")
    if before.isascii() and not before.lower().endswith(_UNIT_ENDS):
        return None
    return _UNIT.search(text, lowest, start)


def _named(text: str, start: int, end: int) -> Iterator[Finding]:
    """Yield the house or way of which this is the word that says so: `Rowan Cottage, Wellow`, `at Glebe House`."""
    word, lowest = text[start:end], max(0, start - _LONGEST_NAME)
    before = None
    if word in _HOUSES:
        pattern = _BEFORE_HOUSE if _BEHIND_HOUSE.match(text, end) else _BEFORE_HOUSE_AT
        before = pattern.search(text, lowest, start)
    elif word in _WAYS:
        before = _BEFORE_WAY.search(text, lowest, start)
    if before:
        yield _address(text, before.start(), end)
    elif word in _ESTATES and (behind := _BEHIND_ESTATE.match(text, end)):
        yield _address(text, start, behind.end())


def _is_place(name: str, *, careful: bool) -> bool:
    words = name.lower().removeprefix("the ").split()
    if _COUNTED.match(name) or words[0] in _NO_PLACE or words[-1] in _NO_PLACE:
        return False
    everyday = all(flags_of(word) & ENGLISH for word in words)
    return not everyday or (careful and name.count(" ") > 0)


def _address(text: str, start: int, end: int) -> Finding:
    return Finding("STREET_ADDRESS", CLASS_OF["STREET_ADDRESS"], start, extended(text, end), _SCORE, True)
