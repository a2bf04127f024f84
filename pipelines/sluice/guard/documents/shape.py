"""Count what the layout of a text shows, whatever its language: headers, turns, clauses, rows, amounts."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

_QUOTED = (
    r">(?!>> )|-{3,} ?(?:original|ursprüngliche|forwarded|weitergeleitete|message|messaggio"
    r"|mensaje|oorspronkelijk|doorgestuurd)"
)
_NUMBERED = (
    r"(?P<timed>[\[(]?(?:\d{1,4}[/.-]\d{1,2}(?:[/.-]\d{1,4})?,? {1,2})?\d{1,2}[:h]\d\d(?::\d\d)?(?: "
    r"?[ap]m)?[\])]?[ \t,–-]{1,4}(?=[^\W\d]))"
    r"|(?P<stamped>[^\W\d][\w.'’-]{1,20}(?: [^\W\d][\w.'’-]{0,20}){0,2},?[ "
    r"\t]+[\[(]?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},? ?|today at |yesterday at |heute,? |hoy a las "
    r"|oggi alle |vandaag om )?"
    r"\d{1,2}[:h]\d\d(?: ?[ap]m)?[\])]?[ \t]*(?::|$))"
    r"|(?P<clause>§ ?\d|(?:article|artikel|artículo|articolo|section|clause|art\.|cláusula|clausola"
    r"|ziffer|item) ?[\divx]{1,4}\b|\d{1,2}\.\d{1,2}\.?[ \t]|"
    r"\d{1,2}\.[ \t]+[^\W\d]|\([a-z0-9]{1,3}\)[ \t]|(?:primer[ao]|segund[ao]|tercer[ao]|cuart[ao]"
    r"|quint[ao]|first|second|third|fourth)\b ?[.:–-])"
    r"|(?P<option>[a-j][.)][ \t])"
    r"|(?P<bullet>[-*•–][ \t])"
)
_BLANKS = r"(?P<blank>_{4,}|\.{6,}|x_{3,})"
_LINE = re.compile(
    r"[ \t]*(?:"
    rf"(?P<quote>{_QUOTED}"
    r"|(?:on|am|le|el|il|op) [^\n]{6,100}(?:wrote|schrieb[^\n:]{0,60}|a écrit|escribió|ha scritto"
    r"|schreef[^\n:]{0,60}) ?:)"
    r"|[*|]{0,2}(?P<header>from|to|cc|bcc|subject|date|sent|reply-to|von|an|betreff|datum|gesendet"
    r"|kopie|de|à|a|para|asunto|objet|"
    r"envoyé|date|da|oggetto|inviato|data|van|aan|onderwerp|verzonden|fecha|enviado|attachments?)[ *"
    r"|]{0,3}:[ *|]{0,3}(?=\S)"
    rf"|{_NUMBERED}"
    r"|(?P<speaker>@?[^\W\d][\w.'’-]{0,20}(?: [^\W\d][\w.'’-]{0,20}){0,2}(?: \([^)\n]{1,20}\))?)[ \t]?:[ \t]*(?=\S)"
    r"|(?P<field>[^\W_][\w .'’/()°-]{1,36}:[ \t]*(?=\S|$))"
    rf"|{_BLANKS})"
)
# Headers, speakers and fields have a colon; for lines without one, the rest is tried at once.
_LINE_WITHOUT_COLON = re.compile(rf"[ \t]*(?:(?P<quote>{_QUOTED})|{_NUMBERED}|{_BLANKS})")
_NUMBER = re.compile(r"\d(?<![\w.].)[\d.,'\u00a0]*(?:[ \u00a0]?(?P<unit>[%€$£]|[a-zµ][a-zµ/²0-9]{0,7}))?")
_MONEY = re.compile(r"(?:[$€£¥]|\b(?:usd|eur|gbp|chf))[ \u00a0]?\Z")
_LONGEST_MONEY = 4  # characters
_BEFORE_MONEY = frozenset("$€£¥ \u00a0")
_UNITS: Mapping[str, str] = {
    **dict.fromkeys([
        "€", "$", "£", "eur", "usd", "gbp", "chf", "euro", "euros", "dollars", "k", "m", "mio", "mn", "bn",
        "k€", "m€", "t€", "teur", "meur", "keur", "mrd", "mln", "million", "millions", ], "money",
    ),
    **dict.fromkeys(("%", "percent", "prozent"), "percent"),
    **dict.fromkeys(
        [
            "mg", "ml", "µg", "mcg", "ug", "g/dl", "mg/dl", "mmol/l", "µmol/l", "umol/l", "mmhg", "bpm", "iu",
            "ie", "ui", "mval/l", "u/l", "g/l", "ng/ml", "pg/ml", "mg/l", "/µl", "mm/h", "mmol", "mui/l",
            "cpr", "tbl", "cp", "kg/m2",
        ], "dose"
    ),
}  # fmt: skip
# The first character of these is looked for alone, which is quick; then what stands before it.
_PERIOD = re.compile(
    r"[qhtf2](?<!\w.)(?:(?<=[qht])[1-4](?:[ /-]?(?:fy)?\d{2,4})?|(?<=f)y ?'?\d{2,4}e?|(?<=2)0[2-4]\d(?: ?[efpb])?)\b"
)
_DATE = re.compile(r"\d(?<!\w.)(?:\d?[./-]\d{1,2}[./-](?:19|20)?\d\d\b|(?:(?<=1)9|(?<=2)0)\d\d-\d\d-\d\d\b)")
_CODE = re.compile(
    r"\b(?:[a-tv-z]\d\d\.\d{1,2}\b|icd[ -]?1[01]|\d-0-[01]\b|\d-\d-\d(?:-\d)?\b|[bt]\.?i\.?d\b|q\d?h\b"
    r"|p\.o\.|i\.v\.|x ?/ ?d)"
)
# Each begins with a sign, so that all of them are looked for at once.
_BLANK = re.compile(
    r"\[[^\W\d_][^\]\n]{1,40}\]|<[a-z][a-z _-]{2,30}>|\{\{? ?[a-z_ ]{2,30}\}?\}|__{3,}|x(?<!\w.)x{2,}\b|\.\.{5,}"
)
_BLANK_SIGNS = ("[", "<", "{", "____", "xxx", "......")
_AT = re.compile(r"@(?<=[\w.+-]@)[\w-]{1,63}")
_LOCAL = re.compile(r"[\w.+-]{1,64}$")
_TELEPHONE = re.compile(r"[+\d](?<![\w.].)(?:(?<=\+)\d)?(?<=\d)[\d ()/.-]{7,17}\d(?!\w)")
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d ?[-/–] ?(?:19|20)\d\d")
_WORD = re.compile(r"[^\W\d_]{3}")
_FROM = frozenset(("from", "von", "de", "da", "van"))
_TO = frozenset(("to", "cc", "bcc", "an", "kopie", "à", "a", "para", "aan"))
_SEVERAL = re.compile(
    r"@[^@\n]{2,80}@|;[ \t]*\S|\w \w[^,\n]{0,60},[ \t]*\w{2,30} \w"
    r"|\b(?:all[en]?|every(?:one|body)|team\w*|staff|groupe?|gruppe|list|leads|leiders|leitung|geschäftsleitung|verteiler"
    r"|managers|colleagues|kolleg\w*|colleg\w*|collega['’]?s|mitarbeit\w*|abteilung\w*|department|board|vorstand|comm?ittee"
    r"|direction|directie|direktion|dirección|direzione|équipe|equipe|equipo|squadra|tous|toutes|todos|tutti|iedereen"
    r"|personeel|personale|personal|ops|mt)\b"
)
_CODED = re.compile(
    r"(?:[{};=(\[\\]|\):|[)\]],)[ \t]*$"
    r"|^[ \t]*(?:(?:def|class|import|return|function|const|let|var|public|select|for|while|if)\b[^\n]*[:{;()]"
    r"|#include|//|/\*|(?<=[ \t])\*(?:[ /]|$)|self\.|@\w+$|(?:elif|else|try)\b|[\w.]{1,60} [-+*|&]?= \S)",
    re.MULTILINE,
)
_DENSE = 25  # characters to one bracket or equals sign; with more of these, a long line is code, too
_DIVIDING = ("\t", "|", ";", ",")
_SPACED = re.compile(r"\S {2,}(?=\S)")
_ATTENDED = re.compile(
    r"(?m)^[ \t*|#-]*(?:attendees|participants|present|apologies|attending|teilnehmer(?:innen|nde)?"
    r"|anwesend|entschuldigt|présents|excusés?|"
    r"asistentes|participantes|ausentes|presenti|assenti|partecipanti|aanwezig(?:en)?|afwezig"
    r"|deelnemers|action items|actions|aufgaben|todos?|"
    r"actiepunten|tareas|azioni|actions à mener)\b[^:\n]{0,20}:"
)
_MACHINES = frozenset([
    "user", "assistant", "system", "human", "ai", "bot", "chatbot", "q", "a", "question", "answer", "note",
    "input", "output", "example", "hint", "response", "prompt", "http", "https", "step",
])  # fmt: skip


def coded(lowered: str) -> float:
    """Return which share of a text's lines is written as source code is, 0 to 1."""
    marks = lowered.count("(") + lowered.count("{") + lowered.count("=")
    if marks * _DENSE > len(lowered):
        return 1.0
    return min(1.0, len(_CODED.findall(lowered)) / max(3, lowered.count("\n") + 1))


def layout(lowered: str) -> dict[str, float]:
    """Return what the lines of a text in lower case show."""
    lines = lowered.split("\n")
    counts = _of_lines(lines) | _of_rows(lines)
    counts["emails"] = len(_addresses(lowered)) if "@" in lowered else 0
    counts["telephones"] = _with_telephone(lowered)
    counts["attended"] = len(_ATTENDED.findall(lowered)) if ":" in lowered else 0
    return counts


def details(lowered: str) -> dict[str, float]:
    """Return what stands within the lines: amounts, dates, codes, blanks to fill in, questions."""
    counts = _of_numbers(lowered)
    any_number = counts["numbers"] > 0
    counts["dates"] = len(_DATE.findall(lowered)) if any_number else 0
    counts["codes"] = len(_CODE.findall(lowered)) if any_number else 0
    counts["gaps"] = len(_BLANK.findall(lowered)) if any(sign in lowered for sign in _BLANK_SIGNS) else 0
    counts["questions"] = lowered.count("?")
    return counts


def _addresses(lowered: str) -> set[str]:
    """Return the different addresses; they are looked for from their `@`, of which few texts have many."""
    found = set()
    for match in _AT.finditer(lowered):
        local = _LOCAL.search(lowered[max(0, match.start() - 64) : match.start()])
        found.add((local[0] if local else "") + match[0])
    return found


def _with_telephone(lowered: str) -> int:
    """Count the lines where a telephone number has a name beside it.

    The three numbers under one signature, a date and a span of years are none: a list is of several people.
    """
    number = end = 0
    for match in _TELEPHONE.finditer(lowered):
        if match.start() < end or _DATED.fullmatch(match[0]):
            continue
        start = lowered.rfind("\n", 0, match.start()) + 1
        end = lowered.find("\n", match.end())
        end = len(lowered) if end < 0 else end
        number += len(_WORD.findall(lowered[start:end])) > 1
    return number


def _of_lines(lines: Sequence[str]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    headers, speakers = set(), Counter[str]()
    for line in lines:
        match = (_LINE if ":" in line else _LINE_WITHOUT_COLON).match(line)
        if match is None:
            continue
        kind = match.lastgroup or ""
        counts[kind] += 1
        if kind == "header":
            headers.add(match[kind])
            counts["mail"] += match[kind] in _FROM
            counts["addressed"] += match[kind] in _TO and bool(_SEVERAL.search(line, match.end()))
        elif kind == "speaker":
            speakers[match[kind].split(" (")[0]] += 1
    again = {name: times for name, times in speakers.items() if times > 1 and name not in _MACHINES}
    return {
        "headers": len(headers),
        "mails": counts["mail"] if len(headers) > 1 else 0,
        "addressed": counts["addressed"],
        "quotes": counts["quote"],
        "timed": counts["timed"] + counts["stamped"],
        "clauses": counts["clause"],
        "options": counts["option"],
        "bullets": counts["bullet"],
        "speakers": len(again) if len(again) > 1 else 0,
        "turns": sum(again.values()) if len(again) > 1 else 0,
        "machines": sum(speakers[name] for name in _MACHINES & speakers.keys()),
        "fields": counts["field"] + len(speakers) - len(again),
        "blanks": counts["blank"],
    }


def _of_numbers(lowered: str) -> dict[str, float]:
    counts: Counter[str] = Counter()
    end = 0
    for match in _NUMBER.finditer(lowered):
        counts["numbers"] += 1
        kind = "money" if _is_money(lowered, end, match.start()) else _UNITS.get(match["unit"] or "")
        if kind:
            counts[kind] += 1
        end = match.end()
    return {
        "numbers": counts["numbers"],
        "money": counts["money"],
        "percent": counts["percent"],
        "doses": counts["dose"],
        "periods": len(_PERIOD.findall(lowered)),
    }


def _is_money(lowered: str, end: int, start: int) -> bool:
    """Say whether a currency stands before a number, behind the end of the number before."""
    if lowered[start - 1 : start] not in _BEFORE_MONEY:
        return False
    return _MONEY.search(lowered, max(end, start - _LONGEST_MONEY), start) is not None


def _of_rows(lines: Sequence[str]) -> dict[str, float]:
    """Count rows of tables: neighbouring lines that are divided alike, into three columns at least."""
    rows = columns = 0
    before, above = ("", 0), ""
    for line in lines:
        divided = _division(line) if len(line) > 8 else ("", 0)
        if divided[1] >= 2 and divided == before and line != above:
            rows += 1
            columns = max(columns, divided[1] + 1)
        before, above = divided, line
    return {"rows": rows, "columns": columns}


def _division(line: str) -> tuple[str, int]:
    best, most = "", 0
    for mark in _DIVIDING:
        if mark in line and (number := line.count(mark)) > most:
            best, most = mark, number
    if most < 2 and "   " in line.strip():
        return "  ", len(_SPACED.findall(line))
    return best, most
