"""How an address goes on behind the street: flat, city, state, postal code and country."""

import re
from collections.abc import Iterator

from sluice.guard.identifiers.countries import COUNTRIES
from sluice.guard.identifiers.lists import one_of
from sluice.guard.identifiers.streets import LETTER
from sluice.guard.identifiers.ways import CODE_LABEL, FLAT, STATE

_COUNTRY = one_of([name for name in COUNTRIES if len(name) > 3])
GAP = r"(?:[ \t]{1,2}[-–·|/][ \t]{1,2}|[ \t]{0,4}[,;]?[ \t]{0,4}(?:\n[ \t>|*]{0,8},?[ \t]{0,4})?)"
UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}"
CA_CODE = r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z] ?\d[ABCEGHJ-NPRSTV-Z]\d"
IE_CODE = r"[AC-FHKNPRTV-Y]\d[\dW] [0-9AC-FHKNPRTV-Y]{4}"
_CODE = (
    rf"(?:{UK_CODE}|{CA_CODE}|{IE_CODE}|\d{{4}}-\d{{3}}|(?:[A-Z]{{1,2}}-)?\d{{5}}-\d{{3,4}}"
    rf"|(?:[A-Z]{{1,2}}-)?\d{{4,6}}(?: ?[A-Z]{{2}})?"
    r"|\d{2}-\d{3}|\d{3} \d{2,3}|\d{8})(?![\w]|[.,]\d)"
)
CODE = re.compile(_CODE)
# The second half of British and Canadian codes, and what must stand before it.
_INWARD = re.compile(r" [0-9](?:[ABD-HJLNP-UW-Z]{2}|[A-Z][0-9])(?!\w)")
_OUTWARD = re.compile(r"(?<![\w-])[A-Z]{1,2}\d[A-Z\d]?\Z")
_STATES = rf"(?:{STATE}|[A-Z]{{2,5}})(?!\w)"


def sure_codes(text: str) -> Iterator[tuple[int, int]]:
    """Yield where codes stand that are written like nothing else: SW1A 1AA, K1A 0B1."""
    for inward in _INWARD.finditer(text):
        outward = _OUTWARD.search(text, max(0, inward.start() - 5), inward.start())
        if outward:
            yield outward.start(), inward.end()


UNIT = re.compile(
    rf"{GAP}(?:(?:{FLAT})(?![a-z])\.? ?#?(?:\d{{1,5}}(?:[A-Za-z](?!\w))?|[A-Z](?!\w))(?:[ ]?[-/][ ]?\d{{1,4}})?"
    r"|#\d{1,5}[A-Z]?|\d{1,2}(?:st|nd|rd|th) floor|\d{1,2}\. ?(?:OG|Stock|Etage|piętro)"
    r"|\d{1,2}\.?(?:º|°|ª)(?:[ ,]{1,2}[A-Za-zº°ª]{1,5}(?!\w))?|EG(?!\w)|Erdgeschoss|[23]HS|hs(?!\w)"
    r"|II?I?(?!\w)"
    # A second number in Mexico, rural delivery in New Zealand, a mark on a highway
    r"|(?<=\d)[ ]\d{2,4}(?=,|[ ]?\n)|RD \d{1,2}|km \d{1,4})(?![\w])",
    re.IGNORECASE,
)
CITY_WORD = rf"{LETTER}(?<![a-zß-öø-ÿ])[\w'’.-]{{1,30}}"
CITY = (
    rf"{CITY_WORD}(?:[ -](?:{CITY_WORD}|d[eiou]s?|del|la|le|les|an|am|auf|bei|der|den|im|sur|sous|en|upon|v|u|nad"
    rf"|ob|pod|in|i|do|das?|dos|los|las|el|y|e|lo)"
    r"){0,4}"
)
# Behind the number of a flat a city needs no comma.
CITY_BEHIND_UNIT = re.compile(rf"[ ]{CITY}(?=[.,;:!?)\"'\s]|\Z)|[ ][a-z]{{3,20}}(?: [a-z]{{3,20}})?(?=[.,;!?]|\n|\Z)")
_LITTLE = "am|an|an der|im|bei|ob der|nad|de|del|di|da|do|la|sur|sul|van|aan den|aan de"
_LOW = r"[^\W\d_A-Z]"
_SMALL_CITY = (
    rf"(?:{LETTER}{_LOW}{{2,19}}(?:[ -](?:(?:{_LITTLE}) )?{_LOW}{{3,20}}){{0,2}}(?=[.,;\n]|\Z)|{LETTER}{_LOW}{{2,19}})"
)
_SURE_CODE = rf"(?i:{UK_CODE}|{CA_CODE}|[AC-FHKNPRTV-Y]\d[\dW] ?[0-9AC-FHKNPRTV-Y]{{4}})"
_SMALL = rf"{LETTER}[^\W_]{{2,19}}"
TAIL = re.compile(
    # In small letters: , 88045 friedrichshafen; , leeds ls6 2ab
    rf"{GAP}(?:\d{{3}} \d\d|\d{{4,6}}|\d{{4}} ?[a-z]{{2}}|\d\d-\d{{3}}|\d{{4}}-\d{{3}}|\d{{8}})[,;]?[ \n]"
    rf"{_SMALL_CITY}(?!\w)"
    rf"|,? (?:[a-z]{{3,20}} ){{0,2}}(?i:{UK_CODE})(?!\w)"
    rf"|{GAP}(?:"
    # 10115 Berlin, D-10115 Berlin, 75002 Paris, 1012 AB Amsterdam, 00-950 Warszawa
    r"(?:[A-Z]{1,2}-)?(?:\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-?\d{3}|\d{3} \d{2}|\d{4,6}(?: ?[A-Z]{2}(?!\w))?)[,;]?[ ]"
    rf"{CITY}(?: ?\([A-Z]{{2}}\))?(?:[ ](?:[A-Z]{{2}})(?!\w))?"
    # Springfield, IL 62704; Toronto, ON M5V 2T6; London SW1A 1AA; or the code on its own line
    rf"|{CITY}(?:{GAP}(?:{CITY}))?(?: \d{{1,2}}(?=[,\n]))?(?: ?\([A-Z]{{2}}\)"
    rf"|{GAP}{_STATES}\.?)?(?:{GAP}(?i:{_COUNTRY})(?!\w))?{GAP}(?:{_CODE})"
    rf"|(?:{CITY}{GAP})?(?:{_STATES}{GAP})?(?i:{_COUNTRY})(?!\w)(?:{GAP}(?:{_CODE}))?"
    rf"|{CITY},? (?:{STATE})(?!\w)"
    rf"|(?:(?:{STATE})[ ])?(?:{_CODE})"
    rf"|(?i:{CODE_LABEL})[:.]? ?(?:{_CODE})|{CITY}(?=, (?i:{CODE_LABEL}))"
    r")"
    # A city behind a comma, with nothing that says so.
    rf"|(?:[ ]?,| [-–])[ ](?:{CITY})(?=[.,;:!?)\"'\s]|\Z)(?!['’]s)|(?<=\d)[ ]\((?:{CITY})\)"
    rf"|{GAP}{LETTER}[a-zß-ÿ' -]{{2,25}}(?:,? ?(?:[a-z]{{2,3}},? )?|-)(?:\d{{5,6}}|(?!19|20)\d{{4}})(?![\w-])"
    rf"|[ ,]{{1,2}}[a-z]{{2}} {_SURE_CODE}(?!\w)"
    rf"|[ ,]{{1,2}}{_SURE_CODE}(?: [a-z]{{3,20}}){{0,2}}(?=[.,;\n]|\Z)"
    # Behind a code its city; behind that the province in brackets or behind a stroke
    rf"|(?<=\d\d\d)(?:[ ]|[,;]?[ ]?\n){CITY}(?=[\n,.;]|\Z| [/(])"
    rf"|(?<=\d\d[A-Z][A-Z])[,;]?[ \n]{CITY}(?=[\n,.;]|\Z)"
    r"|(?<=[a-zß-ÿ])[ ]\([A-Za-z]{2}\)|(?<=[a-zß-ÿ]) / [A-Za-z]{2}(?!\w)"
    rf"|,[ ]{_SMALL}, (?i:{_COUNTRY})(?!\w)(?: \d{{4,6}}(?!\w))?"
    r"|,[ ][a-z]{3,20}(?: [a-z]{2,20})?(?=[.,;!?]|\s*\Z)"
    # Highway 9, county road 14
    r"|(?:(?<=[Rr]oad)|(?<=[Rr]oute)|(?<=ighway)|(?<=Hwy)) \d{1,4}(?![\w.,]\w)"
)
