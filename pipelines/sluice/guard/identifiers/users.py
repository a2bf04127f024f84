"""Find the names that people have in systems and networks: user names, handles, profiles."""

import re
from collections import Counter
from collections.abc import Iterator

from sluice.guard.classes import CLASS_OF
from sluice.guard.identifiers.cues import Cue, Cues
from sluice.guard.identifiers.logins import is_common, is_login, is_word
from sluice.guard.matching import matches_in_lines
from sluice.guard.values import Finding

_HANDLE = re.compile(r"@(?<![\w@/.`]@)[A-Za-z_][\w.]{1,29}(?:@[\w-]{1,63}(?:\.[\w-]{1,63}){1,3})?(?![\w(])")
_SOCIAL = re.compile(
    r"twitter|instagram|\binsta\b|\big\b|tiktok|mastodon|\bthreads\b|telegram|snapchat|\bsnap\b|\bhandle\b|\bdm\b"
    r"|\btweet"
    r"|follow(?:ing|s)? (?:me|her|him)|follow @|youtube|bluesky|discord|venmo|cash ?app|github user|folge|suivez"
    r"|sígueme"
    r"|seguimi|siga|obserwuj|\bx\.com|\bpinged?\b|\bcc\b|\bslack\b",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?:linkedin\.com/in|github\.com|gitlab\.com|instagram\.com|facebook\.com|twitter\.com|\bx\.com|tiktok\.com|t\.me"
    r"|xing\.com/profile|medium\.com|youtube\.com/(?:c|user)|paypal\.me|reddit\.com/u(?:ser)?|bsky\.app/profile)"
    r"/@?(?P<value>[\w.-]{3,40})(?![\w/.-])",
    re.IGNORECASE,
)
_HOSTS = (
    "linkedin.com/", "github.com/", "gitlab.com/", "instagram.com/", "facebook.com/", "twitter.com/", "x.com/", "t.me/",
    "tiktok.com/", "xing.com/", "medium.com/", "youtube.com/", "paypal.me/", "reddit.com/", "bsky.app/",
)  # fmt: skip
_PUBLIC_WORDS = (
    "about explore features topics login signup search trending marketplace pricing help settings orgs home jobs"
    " company privacy terms status watch feed"
)
_PUBLIC = frozenset(_PUBLIC_WORDS.split())
# `name: value`, "name": "value", name is value, name=value; beside a lone `user` only what looks like nothing else.
_VALUE = r"(?P<quote>[\"'`]?)(?P<value>(?:[@#]|u/)?[\w.+-]{3,40}(?:#\d{4})?)(?=[\"'`]?(?:[\s,;:)}\]!?<*]|$|\.\s|\.$))"
_NAMED = re.compile(
    rf"[\"'`)\]*]{{0,3}}(?P<sign> ?(?:is|was|ist|lautet|war|est|es|è|jest|é|är|er|on|je):? "
    rf"| ?(?::|=|\|)[ ]?\*{{0,2}}|\t|:[ ]?\n[ \t]{{0,4}}|[ ][-–][ ]|[ ]\(|\.{{3,40}}[ ]?){_VALUE}",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"[ ]{_VALUE}")
_TIME = r"[\[(]?(?:[\d./-]{6,10},? )?\d{1,2}:\d\d(?::\d\d)?(?: ?[AaPp][Mm])?[\])]?"
# [09:14] zara_k: hello; 12/03/2025, 09:14 - zara_k: hello; zara_k (09:14): hello
_SPEAKER = re.compile(
    rf"[ \t>]*(?:{_TIME}[ -]{{1,3}}<?(?P<value>[\w.-]{{3,30}})>?(?=[:>])"
    rf"|(?P<first>[A-Za-z][\w.-]{{2,29}}) {_TIME}(?=:|$))",
    re.MULTILINE,
)
# TODO(jhenderson), opened by vhollis;
_BY = re.compile(
    r"[ _-](?:by|to|von|an|par|por|da|door|przez)[ :=]{1,3}(?P<value>[a-z][a-z0-9._-]{3,20})"
    r"(?=(?P<ends>[;|,)]|[ ]*$)|[ .:»·(–—-])",
    re.MULTILINE,
)
_DONE = re.compile(
    r"(?:opened|assigned|reported|closed|resolved|created|updated|logged|submitted|requested|approved|committed|reviewed"
    r"|posted|written|edited|shared|uploaded|pushed|merged|started|answered|asked|commented|replied|review|comment|thread"
    r"|post|reply|topic|change|commit|patch|fix|revert|gemeldet|erstellt|zugewiesen|bearbeitet|geschrieben|beitrag|posté|publié|publicado|escrito"
    r"|pubblicato|scritto|geplaatst|geschreven)\Z",
    re.IGNORECASE,
)
_NOTE = re.compile(r"(?:TODO|FIXME|XXX)\((?P<value>[a-z][\w.-]{3,20})\)")
_HOME = re.compile(r"(?:/home/|/Users/|\\Users\\{1,2})(?P<value>[A-Za-z][\w.-]{2,30})(?=[/\\])")
_MADE_UP = re.compile(r"(?=.*[^\W\d_])(?:.*\d|[^\W_]{2,}[._-][^\W_]|[^\W_][._][^\W_]{3})[\w.#@+/-]*")
_ON_MACHINE = re.compile(r"(?<![\w.:/@-])(?P<value>[A-Za-z][\w.-]{2,30})@(?=\d{1,3}\.\d{1,3}\.)")
_MACHINE = re.compile(r"@\d{1,3}\.\d{1,3}\.")
_SAYS_NAME = re.compile(
    r"n[ao][mv]|naam|nimi|kenn|tunnus|jméno|login|utente|usuario|identifi|gebruiker|benutzer|bruger|anvä"
    r"|\b(?:as|als|como|comme|come|jako|som|sous)\b",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"[\"'`]?(?:,|;|\)| (?:\(|is|was|has|had|said|says|cannot|can't|could|did|does|logged|signed|tried|failed|from|on"
    r"|at|reports|reported|wrote|asked|needs|ist|hat|meldet|kann|war|a|est|ne|no|ha|non|heeft|kan|nie|har|kan|on|má)\b)",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"[a-z]{4,20}\d{1,4}|[a-z]{1,15}[._][a-z]{3,20}\d{0,4}")
_TALKER = re.compile(r"<?(?P<value>[A-Za-z][\w.-]{2,29})>?: ")
_HAS_DIGIT = re.compile(r"\d")
_FIGURES = re.compile(r"[0-9](?<=[a-z].)\d{1,3}(?![\w@(/.-]\w|\w)")
_NAME_BEFORE = re.compile(r"(?<![\w@./\\-])[a-z]{5,20}\Z")
_LONGEST_LOGIN = 22
_NOBODY_WORDS = (
    "str string none null user users admin root test guest name username example self true false text varchar int"
    " input required optional anonymous default unknown not the your password email value type number integer bool"
    " id uuid and data field column userid user_id user_name first_name last_name login_name object list dict any"
    " char nvarchar blank deploy ubuntu pi git vagrant postgres mysql notnull primary key unique request response"
    " session error invalid missing"
)
_NOBODY = frozenset(_NOBODY_WORDS.split())


def users(cues: Cues) -> Iterator[Finding]:
    """Yield user names and handles; those that may as well be a word are weak."""
    yield from _handles(cues.text)
    yield from _profiles(cues)
    yield from _speakers(cues.text)
    yield from _writers(cues.text)
    yield from _numbered(cues.text)
    yield from _talking(cues.text)
    if "/home/" in cues.text or "Users" in cues.text:
        yield from _homes(cues.text)
    for cue in cues.all:
        if "user" in cue.names:
            yield from _told(cues.text, cue)
        elif "account" in cue.names:
            yield from _of_account(cues.text, cue)
    for cell in cues.cells.all:
        if "user" in cell.names:
            yield from _user(cues.text, cell.start, cell.end)


def _handles(text: str) -> Iterator[Finding]:
    if "@" not in text:
        return
    for match in _ON_MACHINE.finditer(text) if _MACHINE.search(text) else ():
        yield from _user(text, *match.span("value"))
    for match in _HANDLE.finditer(text):
        if (
            match[0].count("@") > 1
            or _is_mention(text, match)
            or (_SOCIAL.search(text, max(0, match.start() - 60), match.end() + 30) and not _code(text, match))
        ):
            yield Finding("HANDLE", CLASS_OF["HANDLE"], match.start(), match.end() - (match[0][-1] == "."), 0.7)


def _is_mention(text: str, match: re.Match[str]) -> bool:
    """Say whether it can be nothing but somebody's name: `@mike_77 can you look?`, and no decorator or package."""
    made_up = "." not in match[0].rstrip(".") and any(character.isdigit() for character in match[0])
    behind = text[match.end() : match.end() + 2]
    return made_up and behind[:1] in (" ", ",", ":", "?") and behind[1:] != "=" and not _code(text, match)


def _code(text: str, match: re.Match[str]) -> bool:
    """Say whether it is a decorator or an annotation: the first word of a line of code."""
    before = text[max(0, match.start() - 40) : match.start()].rpartition("\n")[2]
    behind = text[match.end() : match.end() + 80].lstrip("()").lstrip()
    return not before.strip() and behind.startswith(("def ", "class ", "async ", "public", "private", "protected", "@"))


def _profiles(cues: Cues) -> Iterator[Finding]:
    if "/" not in cues.text or not any(host in cues.lowered for host in _HOSTS):
        return
    for match in _PROFILE.finditer(cues.text):
        if match["value"].lower() not in _PUBLIC:
            yield _finding(*match.span("value"), 0.6, weak=False)


def _speakers(text: str) -> Iterator[Finding]:
    """Yield who speaks in a chat log, if it is no usual name: those are found by other means."""
    for match in matches_in_lines(_SPEAKER, text, ":"):
        name = match.lastgroup or "value"
        if _MADE_UP.fullmatch(match[name]) and not match[name].isdigit():
            yield _finding(*match.span(name), 0.6, weak=False)


def _writers(text: str) -> Iterator[Finding]:
    """Yield who is named by a note in code or in a ticket; it may be a word as well, so it is weak."""
    notes = _NOTE.finditer(text) if "(" in text else iter(())
    done = (
        match
        for match in _BY.finditer(text)
        if _DONE.search(text, max(0, match.start() - 12), match.start()) or is_login(match["value"].rstrip(".-"))
    )
    for match in [*notes, *done]:
        value = match["value"].rstrip(".-")
        # In mid-sentence a word of any dictionary may as well be what it says.
        in_sentence = match.re is _BY and match["ends"] is None
        if value not in _NOBODY and not (is_word(value) if in_sentence else is_common(value)):
            yield _finding(match.start("value"), match.start("value") + len(value), 0.5, weak=True)


def _talking(text: str) -> Iterator[Finding]:
    """Yield who speaks more than once in a chat without times, if it is a made-up name: `deckard_99: gg`."""
    said = [match for match in matches_in_lines(_TALKER, text, ":") if not match["value"].isalpha()]
    times = Counter(match["value"] for match in said)
    for match in said:
        if times[match["value"]] > 1 and _HAS_DIGIT.search(match["value"]):
            yield _finding(*match.span("value"), 0.5, weak=True)


def _numbered(text: str) -> Iterator[Finding]:
    """Yield logins with figures behind a name, whatever stands around: `lpetrov92`."""
    for match in _FIGURES.finditer(text):
        name = _NAME_BEFORE.search(text, max(0, match.start() - _LONGEST_LOGIN), match.start())
        if name and not is_word(name[0]) and is_login(name[0]):
            yield _finding(name.start(), match.end(), 0.5, weak=True)


def _homes(text: str) -> Iterator[Finding]:
    """Yield whose home folder a path leads through."""
    for match in _HOME.finditer(text):
        yield from _user(text, *match.span("value"))


def _told(text: str, cue: Cue) -> Iterator[Finding]:
    named = _NAMED.match(text, cue.end)
    if named:
        if not _is_code(named) and (_is_field(named) or _ends(text, cue, named)):
            yield from _user(text, *named.span("value"))
        return
    beside = _BESIDE.match(text, cue.end)
    if beside and _stands_beside(text, cue, beside):
        yield from _user(text, *beside.span("value"))


def _stands_beside(text: str, cue: Cue, beside: re.Match[str]) -> bool:
    value = beside["value"].rstrip(".:")
    if (beside["quote"] and cue.names == {"user"}) or _is_name(value) or is_login(value):
        return True
    if not value.isalpha() or is_word(value):
        return False
    # Behind words for nothing but the name whatever is no word: `Benutzername brihig`; `user ashwar logged in`.
    return _SAYS_NAME.search(text, cue.start, cue.end) is not None or _DOES.match(text, beside.end()) is not None


def _of_account(text: str, cue: Cue) -> Iterator[Finding]:
    """Yield what can be nothing but a login behind words that name many accounts: `Account jsmith7`."""
    beside = _BESIDE.match(text, cue.end)
    if beside and _LOGIN.fullmatch(beside["value"].rstrip(".:")):
        yield from _user(text, *beside.span("value"))


def _is_field(named: re.Match[str]) -> bool:
    sure = named["sign"].strip(" *") in ":=|" or is_login(named["value"])
    return sure or _MADE_UP.fullmatch(named["value"]) is not None


def _ends(text: str, cue: Cue, named: re.Match[str]) -> bool:
    """Say whether a sentence ends with the value: `my username is Sparrow.`"""
    behind = text[named.end("value") : named.end("value") + 1]
    return "name" in text[cue.start : cue.end].lower() and behind in ("", ".", ",", ";", "!")


def _is_name(value: str) -> bool:
    return _MADE_UP.fullmatch(value.rstrip(".:")) is not None and not value[0].isdigit() and "-" not in value


def _is_code(named: re.Match[str]) -> bool:
    """Say whether a value is an expression: behind `=`, without quotes and without a digit."""
    value = named["value"]
    if "=" not in named["sign"] or named["quote"] or any(character.isdigit() for character in value):
        return False
    return named["sign"] != " = " or is_word(value) or not is_login(value)


def _user(text: str, start: int, end: int) -> Iterator[Finding]:
    value = text[start:end].rstrip(".:")
    if 3 <= len(value) <= 40 and value.lower() not in _NOBODY and not value.isdigit() and " " not in value:
        yield _finding(start, start + len(value), 0.6, weak=not _MADE_UP.fullmatch(value))


def _finding(start: int, end: int, score: float, *, weak: bool) -> Finding:
    return Finding("USERNAME", CLASS_OF["USERNAME"], start, end, score, weak)
