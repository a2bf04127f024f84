"""Recognize what marks a text as confidential or privileged: headers, footers, stamps, notices, in several languages.

A word such as `confidential` marks nothing by itself. It does as the subject of a line of its own, as a stamp
in capitals, as a level after `Classification:`, or in a notice that speaks of the very text it stands in.
"""

import re
from collections.abc import Iterator

from sluice.guard.documents.reading import Reading, found
from sluice.guard.values import Finding

# One of these, in lower case, stands in everything that is recognized here.
_STEMS = (
    "confiden", "vertraulich", "geheim", "internal", "intern", "interne", "interno", "riserva", "vertrouwelijk",
    "privileg", "secret", "restricted", "reservado", "distribut", "verteil", "weitergabe", "weiterleit", "diffus",
    "difus", "difund", "verspreid", "embargo", "tlp:", "nda", "non-disclosure", "proprietary", "work product",
    "anwalt", "mandat", "avocat", "abogado", "avvocato", "advoca", "verschlusssache", "poufn", "under seal",
    "without prejudice", "eyes only", "sigilos", "geheimhaltung",
)  # fmt: skip
# What a marking says. Each alternative is a level or a prohibition; longer ones first.
_CONFIDENTIAL = (
    r"(?:strictly |highly |company |commercially |commercial[ -]in[ -]|business |private (?:and|&) |"
    r"(?:strictly )?private,? |proprietary (?:and|&) |internal (?:and|&) |commercial[ -]?)?"
    r"confiden(?:tial|ce)(?:ity notice)?(?:,? (?:and|&|/) (?:proprietary|privileged|private|internal))?"
    r"|(?:streng |strikt |höchst |absolut |firmen|betriebs|unternehmens)?vertraulich(?:keit(?:shinweis)?)?"
    r"|(?:streng )?geheim|verschlusssache(?: ?[-–] ?nur für den dienstgebrauch)?"
    r"|nur für den (?:internen|dienst)\w{0,8}(?: gebrauch)?"
    r"|(?:nur )?(?:für |zum |zur )?intern(?:en?)?(?:er|em)? (?:gebrauch|verwendung"
    r"|nutzung)(?: bestimmt)?|nur (?:für )?intern"
    r"|internal(?:[ -]use)?(?: only)?|for internal (?:use|distribution|circulation)(?: only)?"
    r"|company internal|not for (?:external )?(?:distribution|circulation|release|publication)"
    r"|do not (?:distribute|forward|share|copy|circulate)|eyes only|restricted|secret|top secret|under embargo"
    r"|nicht (?:zur weitergabe|weiterleiten|weitergeben|verteilen)(?: bestimmt)?|keine weitergabe"
    r"|(?:strictement |hautement |très )?confidentiel(?:le)?s?|(?:à )?(?:usage"
    r"|diffusion) (?:strictement )?(?:interne|restreinte?)(?: uniquement)?|ne pas diffuser"
    r"|secret (?:des affaires|industriel)"
    r"|(?:estrictamente |altamente )?confidencial(?:es)?|(?:para "
    r"|de )?uso (?:exclusivamente )?interno|no (?:difundir|distribuir)|reservado"
    r"|(?:strettamente |altamente )?confidenziale?|(?:strettamente "
    r"|documento )?riservat[oa](?: e confidenziale)?|(?:per "
    r"|ad )?(?:esclusivo )?uso (?:esclusivamente )?interno|non (?:divulgare|diffondere)"
    r"|(?:strikt |zeer |uiterst )?vertrouwelijk|(?:alleen |uitsluitend )?voor intern gebruik"
    r"|niet (?:verspreiden|doorsturen)|geheim"
    r"|(?:estritamente )?confidencial|uso interno|(?:ściśle )?poufne|tlp: ?(?:red|amber(?:\+strict)?)"
    r"|(?:subject to|under|covered by|protected by) (?:an? |the )?(?:mutual )?(?:nda"
    r"|non-disclosure agreement)|nda (?:required|only|applies)"
    r"|unterliegt (?:der geheimhaltung|dem nda|einer geheimhaltungsvereinbarung)"
)
_PRIVILEGED = (
    r"(?:subject to |protected by )?(?:attorney|lawyer|solicitor"
    r"|legal)[ -](?:client )?(?:professional )?privileged?(?: (?:communication|material|document))?"
    r"|(?:legally )?privileged (?:and|&|/) confidential|privileged (?:communication|material"
    r"|information)|(?:attorney )?work product"
    r"|prepared (?:in anticipation of litigation|at the (?:request|direction) of counsel)"
    r"|without prejudice(?: save as to costs)?|filed under seal"
    r"|anwalts?korrespondenz|anwaltlich(?:e|er)? (?:korrespondenz|schriftwechsel|verschwiegenheit)"
    r"|anwaltspost|mandatsgeheimnis|unterliegt dem anwaltsgeheimnis"
    r"|secret professionnel(?: de l['’]avocat)?|correspondance (?:d['’])?avocat"
    r"|secreto profesional(?: del abogado)?|comunicación (?:entre )?abogado"
    r"|segreto professionale|corrispondenza (?:riservata )?(?:tra )?avvocat\w|verschoningsrecht|advocaat-cliënt"
)
_LEVEL = re.compile(rf"(?P<p>{_PRIVILEGED})|(?P<c>{_CONFIDENTIAL})")
# What may stand on a line beside the marking: names, numbers, dates, pages, file names, a few joining words.
_STAMP_LENGTH = 90
_PAGE = re.compile(r"\b(?:page|seite|pagina|página|blatt|version|stand|rev|copy|draft|entwurf)\b|\d")
_DIVIDED = re.compile(r"^[ \t]*(?:[-–—|*/·•:#>\[(\"“]|$)")
_OPENS = re.compile(r"^[\s\W_]*$")
_LEADS = re.compile(
    r"(?:classification|classified|sensitivity|security level|information class|status|confidentiality|distribution|"
    r"marking|handling|dissemination|klassifizierung|einstufung|schutzklasse"
    r"|vertraulichkeit(?:sstufe)?|klassifikation|geheimhaltungsstufe|"
    r"classification|niveau de confidentialité|diffusion|clasificación|nivel|classificazione|livello|classificatie|"
    r"rubricering|vertrouwelijkheid)(?: (?:level|label|class))?[ \t]*[:=|–-][ \t*\[\"]*$"
)
# Talk about the word instead of a marking.
_TALK = re.compile(
    r"\?|\bmean(?:s|ing|t)?\b|\bdefin\w+|\bbedeut\w+|\bsignifi\w+|\bheißt\b|\bvertaal|\btranslat\w+"
    r"|\bübersetz\w+|\btradu\w+|"
    r"\bbeteken\w+|\bexplain|\berklär\w+|\bpublic\b|\bwrite\b|\bschreib\w*|\bhow to\b"
    r"|\blabels?\b.{0,30}\bpublic|\bcomputing\b|"
    r"\bclients?\b[ ._]*(?:type|grant|id)|\btemplates?\b|\bsample\b|\bmuster\b|\bvorlage\b"
)
_CODE = re.compile(r"[={};]|\(\)|->|::")
# Notices: a sentence that speaks of the text it stands in.
_NOTICE = re.compile(
    r"(?:this|the (?:following|attached|enclosed)|any|its) (?:\w+ ){0,3}?(?:e-?mails?|messages?"
    r"|documents?|communications?|memo(?:randum)?s?|reports?|"
    r"files?|presentations?|materials?|letters?|deck|attachments?|information|contents?"
    r"|transmissions?|page|proposal|drawings?|minutes|agreement)"
    r"[^.\n]{0,90}?\b(?:(?:is|are|be|remains?|kept|strictly|contains?|considered|treated as|legally"
    r"|may contain|intended)\b[^.\n]{0,60}?"
    r"(?:confidential|privileged|proprietary|trade secrets?|internal)|(?:not|never) be (?:shared"
    r"|distributed|disclosed|forwarded|copied|published))"
    r"|(?:diese[sr]?|dieses|das|die|der) (?:\w+ ){0,2}?(?:e-?mail|nachricht|dokument|unterlagen?"
    r"|schreiben|bericht|präsentation|protokoll|informationen|inhalte?|datei|mitteilung)"
    r"[^.\n]{0,90}?(?:(?:streng |strikt )?vertraulich|nicht (?:an dritte )?(?:weitergegeben"
    r"|weitergeleitet|veröffentlicht)|nur für den internen|betriebsgeheimnis|geschäftsgeheimnis)"
    r"|(?:ce|cet|cette|le présent|la présente) (?:\w+ ){0,2}?(?:document|message|courriel|mail"
    r"|rapport|note|présentation|e-mail|compte rendu)"
    r"[^.\n]{0,90}?(?:confidentiel|usage interne|secret professionnel|ne (?:doit"
    r"|peut) (?:pas )?être (?:diffusé|communiqué|divulgué|transmis))"
    r"|(?:este|esta|el presente|la presente) (?:\w+ ){0,2}?(?:documento|mensaje|correo|informe"
    r"|comunicación|presentación|acta)"
    r"[^.\n]{0,90}?(?:confidencial|uso interno|secreto profesional|no (?:debe|puede"
    r"|podrá) (?:ser )?(?:difundi|divulga|distribui|reproduci|compart)\w+)"
    r"|(?:quest[oa]|il presente|la presente) (?:\w+ ){0,2}?(?:documento|messaggio|e-?mail|relazione"
    r"|comunicazione|presentazione|verbale)"
    r"[^.\n]{0,90}?(?:riservat|confidenzial|uso interno|segreto professionale|non (?:deve"
    r"|può) essere (?:divulgat|diffus|distribuit)\w+)"
    r"|(?:dit|deze|het) (?:\w+ ){0,2}?(?:document|bericht|e-?mail|rapport|notitie|presentatie|verslag|stuk)"
    r"[^.\n]{0,90}?(?:vertrouwelijk|intern gebruik|bedrijfsgeheim|mag niet (?:worden )?(?:verspreid"
    r"|gedeeld|doorgestuurd))"
)
_REQUEST = re.compile(
    r"\b(?:write|draft|create|generate|explain|what|how|should|would|if|schreib\w*|verfass\w*"
    r"|erklär\w*|was|wie|wann|ob|rédige\w*|"
    r"écri\w+|qu['’]est|comment|escribe|redacta|explica\w*|qué|cómo|scrivi|spiega|cosa|schrijf|wat"
    r"|hoe|leg)\b[^.:\n]*$"
)
# Something that a notice says.
_SAID = (
    "confiden", "privileg", "proprietary", "trade secret", "internal", "not be ", "never be ", "vertraulich",
    "weiterg", "weiterleit", "geheimnis", "intern", "secret prof", "ne doit", "ne peut", "secreto", "no debe",
    "no puede", "no podr", "riserva", "segreto", "non deve", "non può", "vertrouwelijk", "bedrijfsgeheim",
    "mag niet",
)  # fmt: skip
_LEADING = 60  # characters in which a marking that leads a long line ends
# They mark a text, but say other things in a comment of code.
_PLAIN = re.compile(r"intern|restricted$|secret$|geheim$|reservado$")
_COMMENT = re.compile(r"[ \t]*(?://|/\*|#[^\n]*(?:\bthis (?:file|is)\b|!)|--[ \t]|;)")
_OWNED = re.compile(r"copyright|\(c\) ?(?:19|20)\d\d|©|property of|eigentum|do not distribute")
_HEADER = 400  # characters around in which an owner is named


def markings(reading: Reading) -> Iterator[Finding]:
    """Yield each marking of the text; lines without any of a few stems are not looked at."""
    starts = {reading.line_at(at)[0] for at in reading.places_of(_STEMS)}
    for start in sorted(starts):
        finding = _in_line(reading, start, reading.line_at(start)[1])
        if finding:
            yield finding


def _in_line(reading: Reading, start: int, end: int) -> Finding | None:
    # A line of a thousand words is prose; what marks it stands at its beginning or end.
    line = reading.lowered[start : min(end, start + 1200)]
    if (notice := _notice(line)) is not None and not _is_remark(reading, start, line, notice[0]):
        return found(_type(notice[0]), start + notice.start(), start + notice.end(), 0.9)
    marks = line if len(line) <= _STAMP_LENGTH else line[:_LEADING]
    for match in _LEVEL.finditer(marks):
        if _is_whole_word(line, match) and _marks(reading, start, line, match):
            return found(_type(match[0], bool(match["p"])), start + match.start(), start + match.end(), 0.95)
    return None


def _type(words: str, privileged: bool = False) -> str:
    return "PRIVILEGED_MARKING" if privileged or "privileg" in words else "CONFIDENTIAL_MARKING"


def _notice(line: str) -> re.Match[str] | None:
    """Return a sentence of a line that says that the text is confidential, unless it is talk about such sentences."""
    if len(line) < 30 or not any(word in line for word in _SAID):
        return None
    notice = _NOTICE.search(line)
    if notice is None or _TALK.search(line[max(0, notice.start() - 80) : notice.end()]):
        return None
    return None if _REQUEST.search(line[max(0, notice.start() - 200) : notice.start()]) else notice


def _is_whole_word(line: str, match: re.Match[str]) -> bool:
    before, after = line[match.start() - 1 : match.start()], line[match.end() : match.end() + 1]
    return not (before.isalnum() or before in ("_", "\\", "@") or after.isalnum() or after == "_")


def _marks(reading: Reading, start: int, line: str, match: re.Match[str]) -> bool:
    """Whether a level on a line marks the text: alone, leading, as a stamp, or after the name of a field."""
    written = reading.text[start : start + len(line)]
    before, after = line[: match.start()], line[match.end() :]
    if _TALK.search(line[:200]) or _CODE.search(line) or _is_remark(reading, start, line, match[0]):
        return False
    if _LEADS.search(before):
        return True
    if _OPENS.match(before):
        return _leads_or_stands_alone(written, match, after)
    stamp = len(line) <= _STAMP_LENGTH and written[match.start() : match.end()].isupper()
    lower = sum(letter.islower() for letter in written)
    if stamp and (lower <= 3 or _DIVIDED.match(after) or before.rstrip()[-1:] in "-–—|/·•[("):
        return True
    return len(line) <= _STAMP_LENGTH and _is_footer(before, after)


def _is_remark(reading: Reading, start: int, line: str, level: str) -> bool:
    """Whether a level is said in code of a function or file that others should not call, and not by an owner."""
    if not _PLAIN.search(level) or not (reading.is_code or _COMMENT.match(line)):
        return False
    return not _OWNED.search(reading.lowered[max(0, start - _HEADER) : start + len(line) + _HEADER])


def _leads_or_stands_alone(written: str, match: re.Match[str], after: str) -> bool:
    rest = after.strip(" \t*_#>|[](){}\"“”'«»!.–—-:")
    if not rest:
        return len(match[0]) > 8 or written[: match.end()].strip().isupper() or written.strip()[:1] in "[(*#|"
    leads = after.lstrip(' \t*_])"”')[:1]
    weighty = match[0] not in ("secret", "restricted", "internal", "geheim", "reservado", "intern")
    if leads and leads in ":–—-|/·•," and (weighty or written[match.start() : match.end()].isupper()):
        return True
    return bool(_LEVEL.match(rest)) and len(rest) < 60


def _is_footer(before: str, after: str) -> bool:
    """A line such as `Example GmbH – vertraulich – Seite 3 von 12`: divided from what is short on both sides."""
    left = before.rstrip()
    divided = left[-1:] in ("-", "–", "—", "|", "·", "•", "[", "(") and bool(_DIVIDED.match(after))
    return divided and bool(_PAGE.search(before + after) or len(before.split()) <= 6) and len(after.split()) <= 8
