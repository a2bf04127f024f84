"""How a value follows the name of a secret: in code, settings, markup, command lines, tables and sentences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum


class Proof(Enum):
    """How much the form itself says that a value follows, from the most to the least."""

    VALUE = "nothing but a value can stand there, a plain word too"
    LITERAL = "a value stands there, or a piece of code that has none"
    WRITTEN = "prose may stand there, so a plain word is none"
    SPACED = "the same, with nothing between name and value but space and a quote"
    SETTING = "a value or a reference stands there, a plain word too"
    NONE = "no value"
    LOOSE = "anything may stand there, so only what looks made up is one"


@dataclass(frozen=True, slots=True)
class Form:
    """A way to write a value after its name."""

    proof: Proof
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Value:
    """Where a value stands, and how sure it is that it is one."""

    proof: Proof
    start: int
    end: int


_VALUE = r"\S{1,2000}"
_QUOTE = r"""(?P<quote>\\{0,3}(?:"{3}|'{3}|["'`]))"""
_QUOTED = rf"""[bfruRBF@$]{{0,2}}{_QUOTE}(?P<quoted>(?:(?!(?P=quote))(?:\\[^\r\n]|[^\r\n\\])){{1,400}})(?P=quote)"""
_BARE = r"""["'`]{0,3}(?P<bare>[^\s"'`][^\s]{2,499})"""
_CLOSE = r"""\\{0,3}["'`\])*]{0,4}"""
_GAP = r"[ \t\u00a0\u202f]{0,20}"
_NEXT_LINE = r"(?:[|>][+\-]?)?[ \t]{0,4}(?:\r?\n[ \t>]{0,20}){1,2}"
_TYPE = r"(?:\??:[ \t]{0,4}[A-Za-z_][\w.\[\], |?<>]{0,40}?[ \t]{0,4}(?==))?"
_ASSIGN = r"(?::?={1,3}>?|:{1,2}(?![=:])|=>|->|<-|\uff1a|\uff1d)"
_IS = (
    r"(?:is|was|are|to|reads|equals|be|becomes|ist|lautet|war|heißt|est|était|es|era|è|is|luidt|to)"
    r"(?:[ \t]{1,2}(?:now|still|currently|just|simply|always|set to|changed to|jetzt|nun|jetzt:|maintenant|ahora"
    r"|adesso|ora|nu))?"
)
# `for the admin page`, `(staging)`, `von Anna`: what the secret is for.
_FOR = (
    r"(?:[ \t]{1,3}(?:for|of|to|on|at|in|für|zum|zur|von|des|der|pour|de|du|para|del|per|di|voor"
    r"|van)[ \t]{1,3}[^\s:=|]{1,40}"
    r"(?:[ \t]{1,3}[^\s:=|]{1,40}){0,5}?|[ \t]{1,3}\([^()\r\n]{1,60}\))?"
)


def _form(proof: Proof, pattern: str) -> Form:
    return Form(proof, re.compile(pattern, re.IGNORECASE))


FORMS: tuple[Form, ...] = (
    # password = "…", "password": "…", :password => '…', password: str = "…", password := `…`
    _form(Proof.LITERAL, rf"{_CLOSE}{_GAP}{_TYPE}{_ASSIGN}{_GAP}{_QUOTED}"),
    # password=…, PASSWORD: …, and a block of YAML
    _form(
        Proof.WRITTEN,
        rf"{_CLOSE}{_GAP}{_ASSIGN}{_CLOSE}{_GAP}(?:</?[A-Za-z]{{1,10}}>[ ]?){{0,3}}"
        rf"(?:{_NEXT_LINE})?(?:```\w{{0,10}}\s{{0,4}})?{_BARE}",
    ),
    # setPassword("…"), ("password", "…"), define('PASSWORD', '…'), password{{"…"}}
    _form(Proof.WRITTEN, rf"""[ \t]?[({{][ \t]{{0,4}}{_QUOTED}"""),
    _form(Proof.WRITTEN, rf"""["'`\]][ \t]{{0,4}},[ \t]{{0,4}}{_QUOTED}"""),
    # <password>…</password>, <string name="password">…</string>, <add key="password" value="…"/>
    _form(Proof.VALUE, r"""(?:["'][^<>]{0,80})?>(?:<!\[CDATA\[)?(?P<bare>[^<>\s][^<>\r\n]{2,400})(?:\]\]>)?</"""),
    _form(
        Proof.LITERAL,
        rf"""["'](?:[ \t\r\n]{{1,8}}[\w:\-]{{1,30}}=["'][^"'<>]{{0,80}}["']){{0,4}}[ \t\r\n]{{1,8}}(?:value"""
        rf"""|content|default)[ ]?=[ ]?{_QUOTED}""",
    ),
    # - name: PASSWORD / value: …, of Kubernetes; {"name": "PASSWORD", "value": "…"};
    # variable "password" { default = "…" }
    _form(
        Proof.LITERAL,
        rf"""["']?,?[ \t]{{0,4}}(?:\r?\n[ \t]{{1,40}})?["']?(?:value|default)["']?{_GAP}[:=]{_GAP}{_QUOTED}""",
    ),
    _form(Proof.WRITTEN, rf"""["']?[ \t]{{0,4}}\r?\n[ \t]{{1,40}}value:{_GAP}{_BARE}"""),
    _form(Proof.LITERAL, rf"""["'][ \t]{{0,4}}\{{[^{{}}]{{0,300}}?\bdefault[ \t]{{0,4}}=[ \t]{{0,4}}{_QUOTED}"""),
    # | password | … |, and tabs
    _form(
        Proof.VALUE,
        rf"""{_CLOSE}{_GAP}\|{_GAP}[`*"']{{0,3}}(?P<bare>[^\s|`*"'][^\s|]{{2,499}})[`*"']{{0,3}}{_GAP}(?:\||$)""",
    ),
    _form(Proof.WRITTEN, rf"""{_CLOSE}[ ]?\t{{1,4}}{_BARE}"""),
    # --password …, IDENTIFIED BY '…', PASSWORD '…', #define PASSWORD "…"
    _form(Proof.SPACED, rf"[ \t]{{1,20}}{_QUOTED}"),
    # the passphrase is "…"
    _form(Proof.WRITTEN, rf"""["'*]{{0,3}}{_FOR}[ \t]{{1,3}}{_IS}[ \t]{{0,3}}:?[ \t]{{0,3}}{_QUOTED}"""),
    # the password for the admin page is …, das Passwort von Anna lautet: …, API key for Stripe: …, password (old) - …
    _form(
        Proof.WRITTEN,
        rf"""["'*]{{0,3}}{_FOR}[ \t]{{1,3}}{_IS}[ \t]{{0,3}}:?[ \t]{{0,3}}(?:{_NEXT_LINE})?["'`*“„«(]{{0,3}}"""
        rf"""(?P<bare>[^\s"'`<>“„«]\S{{2,499}})""",
    ),
    _form(
        Proof.WRITTEN,
        rf"""{_FOR}[ \t]{{0,3}}[:=][ \t]{{0,3}}(?:{_NEXT_LINE})?["'`*“„«]{{0,3}}(?P<bare>[^\s"'`<>“„«]\S{{2,499}})""",
    ),
    # the password you asked for: …
    _form(
        Proof.LOOSE,
        rf"""[ \t]{{1,3}}[^:="""
        rf"""|\r\n]{{1,60}}:[ \t]{{0,3}}(?:{_NEXT_LINE})?["'`*“„«(]{{0,3}}(?P<bare>[^\s"'`<>“„«]\S{{2,499}})""",
    ),
    _form(
        Proof.LOOSE,
        r"""(?:[ \t]{1,3}[-–—][ \t]{1,3}|[ \t]{1,3}(?:(?:from|to|von|auf|with)[ \t])?"""
        r"""|[ \t]{0,3}\r?\n[ \t>]{0,20})["'`*“„«(]{0,3}(?P<bare>[^\s"'`<>“„«]\S{2,499})""",
    ),
)

# … as the password, … ist das Passwort: the value stands before the name, on the same line.
_BEFORE = re.compile(
    r"""(?P<bare>[^\s"'`“„«(]{4,200})["'`”“»)]{0,2}[ \t]{1,3}(?:as|is|als|ist|comme|como|come|est|es|è)[ \t]{1,3}"""
    r"(?:(?:the|my|your|our|their|his|her|a|das|mein|dein|unser|le|mon|votre|la|mi|su|il"
    r"|het)[ \t]{1,3})?(?:[\w\-]{1,20}[ \t]{1,3}){0,2}\Z",
    re.IGNORECASE,
)


def values_after(text: str, end: int) -> Iterator[Value]:
    """Yield the values that may belong to a name that ends there, the surest way of reading it first."""
    for form in FORMS:
        match = form.pattern.match(text, end)
        if match:
            quoted = "quoted" in form.pattern.groupindex and match["quoted"] is not None
            start, stop = match.span("quoted" if quoted else "bare")
            yield Value(form.proof, start, stop if quoted else start + _length(match["bare"]))


def value_before(text: str, start: int) -> Value | None:
    """Return the value that stands before a name: `use … as the password`."""
    if text[start - 1 : start] not in (" ", "\t"):
        return None
    match = _BEFORE.search(text, max(0, start - 160), start)
    return Value(Proof.LOOSE, *match.span("bare")) if match else None


_CUT = re.compile(
    r"""</ | ["'`](?=[\s,;:)\]}>.\\<]|$) | \\+["'nrt/] | [;,&](?=[A-Za-z_][\w.\-]{0,30}=|["'\s])
      | &(?:quot|amp|apos|lt|gt|\#\d+);
      | [)\]}>]+[;,.]*$ | [,;]+$ | ["'`]?\)[.,;]""",
    re.VERBOSE,
)


def _length(run: str) -> int:
    """Return how much of a run without spaces is the value: not the quotes, brackets and further settings after it."""
    for cut in _CUT.finditer(run):
        if cut.start() and not _balances(run, cut.start()):
            return cut.start()
    return len(run)


def _balances(run: str, at: int) -> bool:
    """Say whether a closing bracket belongs to one within the value."""
    opening = {")": "(", "]": "[", "}": "{", ">": "<"}.get(run[at])
    return opening is not None and opening in run[:at]
