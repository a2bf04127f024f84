"""How the first line of an address is written: street and house number in either order, boxes, corners."""

import re
from collections.abc import Iterator

from sluice.guard.identifiers.ways import (
    BOX,
    CAPITAL_ENDING,
    ENDING,
    ESTATE,
    LITTLE,
    LOOSE_ENDING,
    LOWER_PREFIX,
    LOWER_RARE_WAY,
    LOWER_WAY,
    NO_SMALL_STREET,
    NO_STREET_BEHIND_SHORT_PREFIX,
    OWN_WAY,
    PREFIX,
    PREFIX_BEHIND_NUMBER,
    RARE_WAY,
    SHORT_PREFIX,
    SMALL_ENDING,
    SURE_ENDING,
    WAY,
)

LETTER = r"[^\W\d_]"
CAPITAL = r"[^\W\d_a-zà-öø-ÿß]"
NAME_PART = r"(?:[^\W_]|['’.-])"  # of a word that is a name
CAP = rf"{CAPITAL}{NAME_PART}{{0,30}}"
HOUSE = r"\d{1,6}[A-Za-z]?(?:(?: ?[-/–] ?\d{1,5}[A-Za-z]?)|(?: (?:bis|ter|quater|1/2))(?!\w))?"

RARE_WAY_UPPER = RARE_WAY.replace("s?", "S?").upper()

# A number that no other writing goes on with; 19-B, 5/B and 112-II are numbers of houses, too.
NUMBER = re.compile(
    r"[0-9](?<![\w$€£#.,:/+=^%_<-][0-9])(?<!\S\([0-9])(?<!(?<!\*)\*[0-9])\d{0,4}(?:[A-Za-z](?!\w))?(?:[-/–](?:\d{1,4}[A-Za-z]?|[A-Z]{1,3}"
    r"|[a-z])(?![a-z])){0,2}"
    r"(?: (?:bis|ter)(?!\w))?(?![\w%$€£°^=@_(]|\*(?!\*)|[.,:]\d)"
)

# Streets that are named after a day: Straße des 17. Juni, rue du 8 mai 1945.
_DAY = rf"\d{{1,2}}\.?(?: de)? {LETTER}{{3,10}}(?: 1[5-9]\d\d)?"
_COMPASS = r"(?: (?:North|South|East|West|NE|NW|SE|SW|[NSEW])\b\.?)?"
_NO_WAY = (  # 3 of the road, 12 miles down the street
    "of|the|a|an|in|on|and|or|to|for|mile|miles|km|way|more|per|foot|people|meters?|cars?|lane|from|by"
    "|kilometers?|yards?"
)
NUMBER_FIRST = re.compile(
    rf"{HOUSE},? (?:"
    # 12 Long Street, 350 Fifth Avenue, 12 LONG ROAD
    rf"(?:[NSEW]\.? )?(?:(?:{CAP}|\d{{1,4}}(?:st|nd|rd|th|ST|ND|RD|TH)?|of|the|de|la|del) ){{1,5}}?"
    rf"(?:{WAY}|{RARE_WAY}|(?:[A-Z]{{2,20}} )?(?:{WAY.upper()}|{RARE_WAY_UPPER}))(?!\w)\.?{_COMPASS}"
    rf"|(?:{OWN_WAY})(?!\w)"
    # 12 rue de la Paix
    rf"|(?i:{PREFIX_BEHIND_NUMBER})(?: (?:{LITTLE}|[ld](?=['’])))*(?: ?['’]?{CAP}(?: (?:{LITTLE}))?){{1,4}}"
    rf"|(?:{PREFIX_BEHIND_NUMBER}) (?:{LITTLE}) {_DAY}"
    rf"|(?:rue|boulevard|allée|chemin|impasse)(?: (?:{LITTLE}))*(?: {LETTER}{NAME_PART}{{1,30}}){{1,2}}"
    rf"|(?:avenue|place|quai|cours|route)(?: (?:de la|du|des|de|de l(?=['’]))) ?['’]?{LETTER}{NAME_PART}{{1,30}}"
    # 12 long street, 508 n 4th st
    rf"|(?:[nsew]\.? )?\d{{1,3}}(?:st|nd|rd|th) (?:st|ave?)(?!\w)"
    rf"|(?!(?:{_NO_WAY}) )[a-z0-9'’.-]{{2,20}} (?:(?!the |on |a |in |of |to |down )[a-z'’]{{2,20}} ){{0,2}}?"
    rf"(?:{LOWER_WAY})(?!\w)"
    # 3 Hauptstraße: the number first in spite of the language
    rf"|{CAPITAL}{NAME_PART}{{2,30}}(?:{SURE_ENDING})(?!\w)"
    r")"
)
# Behind words that announce an address: 6 orchard way, 214 Pavlou Drandaki.
LED_NUMBER_FIRST = re.compile(
    rf"{HOUSE},? (?!(?:{_NO_WAY}) )[a-z'’-]{{2,20}} (?:[a-z'’]{{2,20}} )?(?:{LOWER_WAY}|{LOWER_RARE_WAY})(?!\w)"
    rf"|{HOUSE} (?:\d{{1,5}} )?(?P<name>{CAP})(?: {LETTER}{NAME_PART}{{1,30}}){{0,2}}(?=[\s.,;:!?)]|\Z)"
)
NUMBERING = r"(?:(?i:Nr\.?|No\.?|n[°º.]|núm\.?|č\.|nr|nave|parcela|km\.?|bloque|portal) ?)?"
# Up to the house number that follows; `\Z` is where the search is told to end.
STREET_FIRST = re.compile(
    r"(?:"
    rf"(?<![\w-])(?:{CAP}[ -]){{0,3}}{CAPITAL}{NAME_PART}{{1,30}}(?:{ENDING})"
    rf"|(?<![\w-]){CAPITAL}{NAME_PART}{{0,30}}(?:{CAPITAL_ENDING})"
    rf"|(?<![\w-])(?:{CAP}[ -]){{1,4}}(?:{LOOSE_ENDING})"
    rf"|(?<![\w-])(?:{CAP} ){{1,3}}(?:Street|Road|Lane|Avenue|Close|Crescent|Terrace|Drive)"
    rf"(?= \d{{1,3}}\D|[, ]{{1,2}}\Z)"
    rf"|(?<!\w)(?i:Straße|Platz|Allee|rue|place|via|piazza|plaza|calle|rua|avenida|ulica|ul\.|strasse)"
    rf"(?: (?i:{LITTLE}))? {_DAY}"
    rf"|(?<![\w-]){CAP} (?:{LETTER}{NAME_PART}{{1,30}} ){{0,3}}(?:út|útja|utca|tér|körút|u\.)"
    rf"|(?<![\w.-])(?i:{PREFIX})(?:(?<=[./º])|(?=[ ]))(?: ?(?:{LITTLE}|[ldLD](?=['’]))(?!\w))*"
    rf"(?: ?['’]?{CAP}(?: (?:{LITTLE})(?!\w))?){{1,5}}"
    rf"|(?<![\w.-])(?<!I )(?i:{SHORT_PREFIX}) "
    rf"(?!(?i:{NO_STREET_BEHIND_SHORT_PREFIX})\b){CAP}(?: {CAP})?"
    rf"|(?<![\w.-])(?:{LOWER_PREFIX})(?: {LETTER}{NAME_PART}{{1,30}}){{1,3}}"
    rf"|(?<![\w-])(?:{LETTER}{{2,30}} ?)?(?:{SURE_ENDING})"
    rf"|(?<![\w-])(?!{NO_SMALL_STREET})[a-zß-ÿ][a-zß-ÿ-]{{2,30}}"
    rf"(?:{SMALL_ENDING}|-(?:{SURE_ENDING}|ring|weg|hof|ufer|pfad|markt))"
    rf"),?[ ]{NUMBERING}\Z"
)
_ENDINGS = tuple(f"{SURE_ENDING}|{SMALL_ENDING}|{LOOSE_ENDING}".replace("\\", "").replace("?", "").lower().split("|"))
_NUMBERING = frozenset(("nr", "no", "n", "n°", "nº", "núm", "č", "nave", "parcela", "km", "bloque", "portal"))


def _literals(pattern: str) -> Iterator[str]:
    """Yield the words of a list of them; of one that may have a point at its end, both spellings."""
    for word in pattern.replace("\\", "").split("|"):
        yield from (word[:-2], word[:-1]) if word.endswith(".?") else (word,)


_LAST_LETTERS = tuple(
    _literals(
        f"{ENDING}|{CAPITAL_ENDING}|{LOOSE_ENDING}|{SURE_ENDING}|{SMALL_ENDING}|Street|Road|Lane|Avenue|Close|Crescent"
        "|Terrace|Drive|út|útja|utca|tér|körút|u.|-ring|-weg|-hof|-ufer|-pfad|-markt"
    )
)
_DAYS = "Straße|Platz|Allee|rue|place|via|piazza|plaza|calle|rua|avenida|ulica|ul\\.|strasse"
_FIRST_WORD = re.compile(r"[^\W\d_]+")
_FIRST_WORDS = frozenset(
    word[0].lower()
    for prefix in f"{PREFIX}|{SHORT_PREFIX}|{LOWER_PREFIX}|{_DAYS}".split("|")
    if (word := _FIRST_WORD.match(prefix))
)
_PREFIXES = (*(f"{prefix} " for prefix in LOWER_PREFIX.replace("\\", "").split("|")), "straße des", "platz des")


def may_end_street(before: str) -> bool:
    """Say whether a street can end here at all: with a capital word, or with one of few others."""
    word = before.rstrip(" ,\n").rpartition(" ")[2]
    small = word.lower()
    if small != word or small.endswith(_ENDINGS) or small.rstrip(".") in _NUMBERING:
        return True
    return any(prefix in before for prefix in _PREFIXES)


def ends_as_street(before: str) -> bool:
    """Say whether what ends here, but for a comma and a word for the number, may be a street by its last letters."""
    name = before.rstrip(" ,")
    *rest, word = name.rsplit(" ", 1)
    if rest and word.lower().rstrip(".°º") in _NUMBERING:
        name = rest[0].rstrip(" ,")
    return name.endswith(_LAST_LETTERS)


def begins_as_street(text: str, place: int) -> bool:
    """Say whether the word at a place may be the first of a street that says so at its beginning: `rue`, `am`."""
    word = _FIRST_WORD.match(text, place)
    return word is None or not word[0].isascii() or word[0].lower() in _FIRST_WORDS


_NAMES = rf"(?:(?:{CAP}|{LITTLE}|[LldD][’']{CAP}) )"
NAMED = re.compile(rf"(?<![\w.'’-])(?:{CAP} {_NAMES}{{0,3}})?{CAP} \Z")
NAMED_LED = re.compile(rf"(?:{LETTER}{NAME_PART}{{1,24}} ){{1,4}}\Z")
ACRONYM = re.compile(r"[A-Z]{2,5} ")
NUMBERS_BEFORE = re.compile(r"(?:\d{1,6} ){0,2}\Z")
FORE = re.compile(
    r"(?<![\w.,$€£-])(?:(?:Flat|Unit|Apt\.?|Apartment|Suite|Ste\.?|Room|House|Shop|Plot|Level|Floor|No\.?"
    r"|Studio|H\.?No\.?|Block)"
    r" ?#?(?:\d{1,5}[A-Za-z]?,? (?:and )?)?|\d{2,6} (?:\d{1,5}[A-Za-z]? )?)\Z",
    re.IGNORECASE,
)
# Without a number, behind words that announce an address: lives in Mill Lane, wohnt in der Bachstraße.
LED_WAY = re.compile(
    r"[ :,]{1,3}(?:(?:in|at|to|an|on|der|die|den|la|le|the|na|w|przy|aan|de|il|en|is|ist|est|es) ){0,2}(?P<street>"
    rf"(?:{CAP},? ){{1,4}}"
    rf"(?:Street|Road|Lane|Avenue|Drive|Close|Crescent|Terrace|Grove|Mews|Gardens|Court|Way|Row|St|Rd|Ave)(?!\w)"
    rf"|(?:[a-z'’]{{2,20}},? ){{1,4}}?(?:{LOWER_WAY})(?!\w)"
    rf"|{CAPITAL}{NAME_PART}{{1,30}}(?:straße|strasse|str\.|weg|gasse|allee|straat|laan|gracht|plein)(?!\w)"
    rf"|(?i:{PREFIX})(?:(?<=[./])|(?=[ ]))(?: ?(?:{LITTLE}|[ldLD](?=['’]))(?!\w))* ?['’]?{CAP}(?: {CAP}){{0,2}})"
)
# The name of a house or an estate before its street.
HOUSE_NAME = re.compile(
    rf"(?:(?<= at )|(?<=: )|(?<=\. )|(?<= to )|(?<=\n)|(?<=, )|\A)The (?:{CAP} ){{0,2}}{CAP}, \Z"
    rf"|(?<= at )(?:{CAP} ){{0,2}}{CAP}, \Z"
    rf"|(?<!\w)(?:{ESTATE}) (?:(?:{CAP}|{LITTLE}) ){{0,3}}{CAP}, \Z"
    rf"|(?<!\w)(?:{CAP} ){{1,3}}(?:House|Court|Building|Tower|Towers|Plaza|Place|Lodge|Mansions|Center|Centre"
    rf"|Residency|Apartments), \Z"
)
# A second name of a way behind the first.
SECOND_WAY = re.compile(rf"[ ](?:{CAP} ){{1,2}}(?:{WAY}|{RARE_WAY})(?!\w)")
# A way without a number; it needs a postal code behind it.
WAYS = frozenset(f"{WAY}|{WAY.upper()}".split("|"))  # one of them is in what the next one finds
NUMBERLESS = re.compile(rf"(?<![\w-])(?:{CAP},? ){{1,5}}(?:{WAY}|{WAY.upper()})(?=,|\n| \d)")
BOX_SIGNS = ("box", "post", "b.p", "bp ", "c.s", "c.p", "apartado", "aptdo", "casella", "caixa", "bag", "skr", "po ",
             "psc", "cmr", "apo", "fpo", "dpo")  # fmt: skip
BOXES = re.compile(
    rf"(?<!\w)(?:{BOX})[ ]?#?\d{{1,6}}(?:[ ]\d{{2,4}}){{0,2}}(?!\w)"
    r"|(?<!\w)(?:PSC|Unit|CMR)[ ]\d{1,5},?[ ]Box[ ]\d{1,5}"
    r"(?:[ ,\n>]{1,6}(?:APO|FPO|DPO)[ ,]{1,2}A[AEP][ ,]{1,2}\d{5}(?:-\d{4})?)?"
    rf"|(?<!\w)(?:(?:USS|USNS|USNV|USCGC|HMS)[ ]{LETTER}[\w'’. -]{{1,30}}[ ,\n>]{{1,6}})?"
    r"(?:APO|FPO|DPO|BFPO)[ ,]{1,2}A[AEP][ ,]{1,2}\d{5}(?:-\d{4})?",
    re.IGNORECASE,
)
CORNER = re.compile(
    rf"(?:[tT]he )?[cC]orner of [^\n]{{3,60}}? (?:and|&) (?:{CAP}(?:[ ](?:{CAP}|\d{{1,5}})(?!\w)){{0,4}}"
    rf"|[a-z'’]{{2,20}} (?:{LOWER_WAY}|[a-z]{{3,12}}))"
)
