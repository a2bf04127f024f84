"""Find telephone numbers: by how they are written, by the words before them, or because a country gives them out."""

import re
from collections.abc import Iterator

import phonenumbers

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cues
from sluice.guard.identifiers.dates import DATE
from sluice.guard.secrets.folding import holds_any
from sluice.guard.values import Finding

_GAP = r"[ \u00a0./()\-\u2010-\u2015]"
# Six digits or more in groups with little between them. It begins with one character, which is quick to look for.
_STRETCH = re.compile(
    rf"[+(0-9](?<![\w#$€£%/^-].)(?<!(?<!\*)\*.)(?<![0-9][.,].)[ (+]{{0,2}}\d{{0,15}}(?:{_GAP}{{1,3}}\d{{1,12}}){{0,8}}"
    r"(?:[ ]?(?i:x|ext\.?|Durchwahl|poste|wew\.)[ ]?\d{1,6})?(?![\w%$€£^]|\*(?!\*)|[./-]\d)(?!(?<!\d{4}),\d)"
)
# In the lines below a signature: `M 0170 1234567`, `T: 030 123456 | F: 030 123457`.
_SIGNED = re.compile(r"(?:^|[\n|·•])[ \t]*[TMFtmf]:?[ \t]{1,3}\Z")
# The last digits alone, behind a stroke or behind words for nothing else: `Fax -38`, `Durchwahl 2209`, `phone x7741`.
_TAIL = re.compile(r"[0-9](?<=[ :x–-].)\d{1,5}(?![\w%€$£]|[.,:/-]\d| ?(?:%|px|mm|cm|km|kg|rue|avenue|Euro))")
_LEADS_TO_TAIL = re.compile(
    r"(?<!\w)(?:(?:tel|fon|fax|telefon|telefax|phone|mobile|dw|durchwahl|app|apparat|office|büro)\.?[ ]?:?[ ]?[-–]"
    r"|(?:durchwahl|nebenstelle|apparat|dw|extension|extn?|poste|toestel|wewn(?:ętrzny)?|wew|interno|extensión|ramal|anknytning"
    r"|doorkiesnummer|klapka|lokalnummer)[.:]{0,2}[ ]{1,2}(?:nr\.?|no\.?|n°|number|is|lautet|[-–])?[ ]?"
    r"|(?:phone|tel|call|dial|office|desk)\.?:? ?x ?)\Z",
    re.IGNORECASE,
)
_LONGEST_LEAD = 28
# One of these stands in every such lead, and to look for them is quicker.
_LEADS = ("tel", "fon", "fax", "phone", "mobile", "dw", "durchwahl", "app", "office", "nebenstelle", "ext", "poste",
          "toestel", "wew", "interno", "ramal", "anknytning", "doorkies", "klapka", "lokal", "call", "dial",
          "desk")  # fmt: skip
_CELL = re.compile(r"[+(]{0,2}\d[\d ()./\-\u2010-\u2015]{4,22}\d")
_DIGIT = re.compile(r"[0-9]")
_NO_PHONE = re.compile(
    r"[12]\d{3}\s?[-\u2010-\u2015/]\s?[12]\d{3}"  # years
    r"|\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?"  # an address of the network
    r"|\(?0?\.\d+|0?123456789\d?"
    r"|(?:\d{1,3} ){7,}\d{1,3}"  # a list
)
# Where no country is needed to know it: +49 30 ..., (212) 555-0123, 212-555-0123, 06 12 34 56 78, 98765 43210.
_TYPICAL = re.compile(
    r"\(?\+\(?[1-9][\d ()./\-\u00a0\u2010-\u2015]{5,21}\d\d(?:[ ]?(?i:x|ext\.?)[ ]?\d{1,6})?"
    r"|(?:\+?1[ .-]?)?(?:\([2-9]\d\d\)[ -]?|[2-9]\d\d[-. ])[2-9]\d\d[-. ]\d{4}(?:[ ]?(?i:x|ext\.?)[ ]?\d{1,6})?"
    r"|\d{3}[-.]\d{3}[-.]\d{4}(?:[ ]?(?i:x|ext\.?)[ ]?\d{1,6})?"
    r"|001[-. ]\d{3}[-. ]\d{3}[-. ]\d{4}(?:[xX]\d+)?"
    r"|00[ ]?[1-9]\d[ -/](?:\d{1,5}[ -/]?){2,5}"
    r"|\(0\d{1,5}\)[ ]?\d{3,4}[ -]?\d{3,5}|\(\d{2}\)[ ]?9?\d{4}[ -]?\d{4}|\d{2} 9\d{4}-\d{4}"
    r"|0[1-9](?:[ .]\d\d){4}|[6-9]\d{4}[ -]\d{5}"
)
# Groups in which hardly anything but telephone numbers is written: 956 55 50 18, 22 555 01 27.
_GROUPED = re.compile(r"[5-9]\d\d(?:[ .-]\d{3}){2}|\d{3}(?:[ .-]\d\d){3}|\d\d[ .-]\d{3}[ .-]\d\d[ .-]\d\d")
_ZERO_FIRST = ("GB", "DE", "FR", "IT", "NL", "AU", "AT", "CH", "BE", "SE", "IN", "ZA", "JP", "TR")
_ZERO_NEVER = ("ES", "PL", "IT", "PT", "BR", "NO", "DK")
_PLAIN = ("US", "IN", *_ZERO_NEVER)
_MOST_ASKED = 200  # beyond, numbers are judged as others that are written alike
_OTHERS = frozenset({"version", "postal", "card", "iban", "account", "customer"})


def telephones(cues: Cues) -> Iterator[Finding]:
    """Yield the telephone numbers of a text."""
    for cell in cues.cells.all:
        if "phone" in cell.names and _CELL.fullmatch(cues.text, cell.start, cell.end):
            yield Finding("PHONE_NUMBER", CLASS_OF["PHONE_NUMBER"], cell.start, cell.end, 0.8)
    for tail in _TAIL.finditer(cues.text):
        if leads_to_tail(cues.text, tail.start()):
            yield Finding("PHONE_NUMBER", CLASS_OF["PHONE_NUMBER"], *tail.span(), 0.55)
    judge = _Judge(cues)
    for stretch in _STRETCH.finditer(cues.text):
        digits = len(_DIGIT.findall(stretch[0]))
        if 6 <= digits <= 22:
            score = judge.score(stretch, digits)
            if score:
                start = stretch.start() + (stretch[0][0] == "(" and ")" not in stretch[0])
                yield Finding("PHONE_NUMBER", CLASS_OF["PHONE_NUMBER"], start, stretch.end(), score)


def leads_to_tail(text: str, start: int) -> bool:
    """Say whether words before a place lead to the last digits of a number."""
    lead = text[max(0, start - _LONGEST_LEAD) : start]
    if lead.isascii() and not holds_any(lead.lower(), _LEADS):
        return False
    return _LEADS_TO_TAIL.search(text, max(0, start - _LONGEST_LEAD), start) is not None


class _Judge:
    """Says how sure it is that stretches of one text are telephone numbers, and remembers what it asked."""

    def __init__(self, cues: Cues) -> None:
        self._cues = cues
        self._known: dict[tuple[str, tuple[str, ...]], bool] = {}

    def score(self, stretch: re.Match[str], digits: int) -> float:
        written = stretch[0].strip()
        if DATE.match(written) or _NO_PHONE.fullmatch(written) or len(set(_DIGIT.findall(written))) < 3:
            return 0.0
        if 8 <= digits <= 20 and _TYPICAL.fullmatch(written):
            return 0.75
        return self._told(stretch, written, digits) or self._given_out(stretch, written, digits)

    def _told(self, stretch: re.Match[str], written: str, digits: int) -> float:
        if digits > 16:
            return 0.0
        near = self._cues.near(*stretch.span())
        if near & _OTHERS:
            near = self._cues.nearest(stretch.start())
        if "phone" in near or (digits > 6 and self._signed(stretch)):
            return 0.7
        grouped = not written.isdigit()
        if "call" not in near or digits < 7:
            return 0.0
        if grouped or written[0] in "0+":
            return 0.6
        tied = 9 <= digits <= 11 and "call" in self._cues.tied(stretch.start())
        return 0.6 if tied and self._valid(written, _PLAIN) else 0.0

    def _given_out(self, stretch: re.Match[str], written: str, digits: int) -> float:
        """Judge by the numbering plans: with a leading zero, grouped as telephone numbers are, or alone in a line."""
        if "version" in self._cues.near(*stretch.span()):
            return 0.0
        grouped = not written.isdigit()
        if written[0] in "0(" and written[:2] not in ("00", "0.", "(0."):
            plain = digits in (10, 11) and written[0] == "0"
            known = 9 <= digits <= 13 and (grouped or plain) and self._valid(written, _ZERO_FIRST)
            return 0.5 if known else 0.0
        if grouped and digits in (8, 9, 10, 11) and (_GROUPED.fullmatch(written) or self._alone(stretch)):
            return 0.5 if self._valid(written, _ZERO_NEVER) else 0.0
        return 0.0

    def _signed(self, stretch: re.Match[str]) -> bool:
        return _SIGNED.search(self._cues.text, max(0, stretch.start() - 8), stretch.start()) is not None

    def _alone(self, stretch: re.Match[str]) -> bool:
        text = self._cues.text
        before, behind = text[max(0, stretch.start() - 2) : stretch.start()], text[stretch.end() : stretch.end() + 2]
        return before.endswith(("\n", "\n ")) and (not behind.strip(" ") or behind.startswith("\n"))

    def _valid(self, written: str, regions: tuple[str, ...]) -> bool:
        shape = written[:3] + _DIGIT.sub("0", written[3:]), regions
        known = self._known.get(shape)
        if known is None or len(self._known) < _MOST_ASKED:
            known = any(_is_valid(written, region) for region in regions)
            self._known[shape] = known or self._known.get(shape, False)
        return known


def _is_valid(written: str, region: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(written, region))
    except phonenumbers.NumberParseException:
        return False
