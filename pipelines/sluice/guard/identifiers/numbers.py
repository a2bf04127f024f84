"""Look a second time for numbers where text is about real people: codes, old dates, logins without a word for them."""

import re
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.dates import DATE
from sluice.guard.identifiers.logins import is_common, is_login, is_word
from sluice.guard.matching import places_among
from sluice.guard.values import Finding

_SCORE = 0.5
_LEAST_DIGITS, _LEAST_SIGNS = 3, 6
_MOST_SIGNS = 34
# Groups of digits and capitals with little between them.
_CODE = re.compile(
    rf"[A-Z0-9](?<![\w@#$€£/.,-].)(?=[A-Z0-9 ./-]{{{_LEAST_SIGNS - 1}}})"
    r"[A-Z0-9]{0,19}(?:[ ./-][A-Z0-9]{1,14}){0,6}(?![\w€$£%°@]|[.,]\d)"
)
_NAMED = re.compile(r"(?:[A-Z]{1,10}|[A-Z]\.[A-Z])\.?[ ]")  # SSN 219-09-9999
_WORDS_BEHIND = re.compile(r"(?:[ ][A-Z]{2,})+(?![ ./-]?[A-Z0-9])")
_DIGITS = re.compile(r"\d")
_MEASURED = re.compile(
    r"[ ]?(?:€|\$|£|%|°|eur\b|usd|gbp|euros?\b|dollars?|pounds?|zł|kr\b|km|m²|qm|sq|kg|mg|ml|mmol|kcal|kwh|hours?"
    r"|days?|weeks?|people|miles|steps|words|views|rows|lines|users|tokens|bytes|kb\b|mb\b|gb\b|px)",
    re.IGNORECASE,
)
_UNIT = re.compile(r"\d[ ]?(?:EUR|USD|GBP|CHF|PLN|SEK|UTC|GMT|KM|KG|MG|ML|KWH|MB|GB|PM|AM)\Z")
_PAID = re.compile(r"(?:[$€£]|eur|usd|gbp|chf|pln|zł|kr)[ ]?\Z", re.IGNORECASE)
_PLAIN = re.compile(r"(?:1[5-9]|20)\d\d(?:[ -/–](?:1[5-9]|20)?\d\d)?|\d{1,4}|\d{1,3}(?:[ .]\d{3}){1,2}")
_TIME = re.compile(r"\d{1,2}[.:]\d\d(?:[ -]\d{1,2}[.:]\d\d)?")
_BEGINS_DATE = re.compile(r"[0-9](?<!\w.)\d{0,3}(?:[./-]\d|(?:st|nd|rd|th|\.)?[ -](?:de |of )?[A-Za-zéûäź]{3})")
_YOUNGEST = 2012  # born later, one hardly has documents; more recent dates are of events
_YEAR = re.compile(r"(?:1[89]|20)\d\d|\d\d\Z")
_THIS_CENTURY = 12
_LOGIN = re.compile(r"([a-z](?<![\w@./\\-].)[a-z0-9]{0,2}[._-]?[a-z]{4,20}\d{0,4}(?![\w@/\\(-]))")
# `user = dmacallister`, `owner: pkahl`
# The first letter is looked for alone and in either case, which is quick; `ı`, `ſ` and `K` count as i, s and k.
_TOLD = re.compile(
    r"[UuLlAaOoBbCcNnKkHhIiGgİıK](?<!\w.)(?i:(?:(?<=u)ser|(?<=l)ogin|(?<=a)(?:ccount|uthor|ssignee)|(?<=o)wner"
    r"|(?<=b)(?:y|enutzer)|(?<=c)c|(?<=n)utzer|(?<=k)onto)[ ]?[:=]?"
    r"|(?:(?<=h)andle|(?<=n)ick|(?<=u)sername|(?<=i)nsta|(?<=g)amertag)[ \w]{0,16} (?:is|ist|est|es|è))(?i:[ ]{1,2}"
    r"(?P<value>[a-z][a-z0-9._-]{3,20})(?![\w(/\\@]| ?=))"
)
# What people stand under in JSON: "watchers": ["nroe", "t.ishikawa"]
_NAMED_NUMBER = re.compile(
    r"[IiNnRrCcTtKkBbSsİıſK](?<!\w.)(?i:(?<=i)d|(?<=n)(?:o\.|r\.?|[°º]|umber|ummer)|(?<=r)ef"
    r"|(?<=c)(?:ard|arte|ode)|(?<=t)arjeta|(?<=k)(?:arte|aart|arta)|(?<=b)adge|(?<=s)taff)[ :#]{1,3}"
    r"(?i:(?P<value>[A-Z]{0,3}\d[\d-]{4,15}))(?![\w%€$£]|[.,]\d)"
)
# As machines write who did it: `Accepted publickey for mkowalczuk from 198.51.100.7`, `sudo: mkowalczuk :`
_LOGGED = re.compile(
    r"(?: for (?:user )?|sudo: {1,3}|uid=|user=|name=)(?P<value>[a-z][\w.-]{2,20})"
    r"(?= from [\d]| :| by |;| [a-z]{2,8}=)"
)
# From its point on, which is quicker to find than its first letter.
_DOTTED = re.compile(r"\.(?<=(?<![\w@./\\-])[a-z]\.)(?P<name>[a-z]{4,20})(?![\w@(/\\=.-])")
_KEY = re.compile(
    r"[\"'](?:author|owner|assignee|watchers?|reviewers?|creator|created_?by|updated_?by|modified_?by|actor|requester"
    r"|reporter|sender|recipient|approvers?|approved_?by|login|user\w{0,8}|members?|participants|assigned_?to|followers|handle"
    r"|nick|agent|operator|submitted_?by|opened_?by|closed_?by)[\"']\s?:\s?(?P<list>\[\s?)?",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[\"'](?P<value>[A-Za-z][\w.-]{2,30})[\"']")
_COMMA = re.compile(r"\s?,\s?")
_HANDLE = re.compile(r"@(?<![\w@/.`].)[A-Za-z_]\w{2,29}+(?:\.\w{1,20})*+(?![\w(/=])")


# `in/melodyp`, `gh/dkwon`
_PROFILE = re.compile(r"(?:in|gh|ig|tw)(?<![\w/].{2})/(?P<value>[A-Za-z][\w-]{3,30})(?![\w/])")


def numbers(text: str) -> Iterator[Finding]:
    """Yield codes that somebody may have been given, dates on which somebody may be born, and logins; all weak."""
    for number in _BEGINS_DATE.finditer(text):
        date = DATE.match(text, number.start())
        if date and _is_long_ago(date[0]):
            yield _weak("DATE_OF_BIRTH", *date.span())
    for code in _CODE.finditer(text):
        start = code.start()
        if code.end() - start < _LEAST_SIGNS:
            continue
        while named := _NAMED.match(text, start, code.end()):
            start = named.end()
        behind = _WORDS_BEHIND.search(text, start, code.end())
        end = behind.start() if behind else code.end()
        if _may_be_given(text, start, end):
            yield _weak("CUSTOMER_NUMBER", start, end)


def named_numbers(text: str) -> Iterator[Finding]:
    """Yield numbers behind a word that says no more than that they are one: `(id 99120)`, `student card 20391847`."""
    for match in _NAMED_NUMBER.finditer(text):
        yield _weak("CUSTOMER_NUMBER", *match.span("value"))


def logins(text: str) -> Iterator[Finding]:
    """Yield what looks like somebody's login, and whoever is called with an `@` or stands under a key; all weak."""
    for key in _KEY.finditer(text):
        yield from _under(text, key)
    for match in _DOTTED.finditer(text):
        if not is_common(match["name"]):
            yield _weak("USERNAME", match.start() - 1, match.end())
    for match in [*_TOLD.finditer(text), *_LOGGED.finditer(text)]:
        if not is_word(match["value"]):
            yield _weak("USERNAME", *match.span("value"))
    found = {word for word in set(_LOGIN.findall(text)) if is_login(word) and not is_word(word)}
    for start, end in places_among(_LOGIN, text, found) if found else ():
        yield _weak("USERNAME", start, end)
    for match in _PROFILE.finditer(text):
        if not is_word(match["value"]):
            yield _weak("USERNAME", *match.span("value"))
    for match in _HANDLE.finditer(text):
        yield _weak("HANDLE", *match.span())


def _under(text: str, key: re.Match[str]) -> Iterator[Finding]:
    """Yield the value behind a key, or all of its list."""
    value = _VALUE.match(text, key.end())
    while value:
        if not is_common(value["value"]):
            yield _weak("USERNAME", *value.span("value"))
        following = _COMMA.match(text, value.end()) if key["list"] else None
        value = _VALUE.match(text, following.end()) if following else None


def _is_long_ago(date: str) -> bool:
    year = _YEAR.search(date)
    if year is None:
        return False
    number = int(year[0])
    return 1900 <= number <= _YOUNGEST or (number < 100 and not _THIS_CENTURY < number <= 40)


def _may_be_given(text: str, start: int, end: int) -> bool:
    """Say whether a code has digits enough, and is no date, no time, no price and no measure."""
    written = text[start:end]
    signs, digits = sum(map(str.isalnum, written)), len(_DIGITS.findall(written))
    if digits < _LEAST_DIGITS or not _LEAST_SIGNS <= signs <= _MOST_SIGNS or digits * 3 < signs:
        return False
    if _PLAIN.fullmatch(written) or _TIME.fullmatch(written) or DATE.fullmatch(written):
        return False
    if _UNIT.search(written):
        return False
    return not _MEASURED.match(text, end) and not _PAID.search(text, max(0, start - 5), start)


def _weak(kind: str, start: int, end: int) -> Finding:
    return Finding(kind, CLASS_OF[kind], start, end, _SCORE, True)
