"""The words that introduce a name, as patterns; `data/cues.toml` lists them by language."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sluice.guard.naming.vocabulary import table


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern whose end is where a name begins.

    `heads` are the words that it can begin with, in small letters. `tied` makes the name hard, `tied_if_full` one of
    two words at least. `small` are the classes of one word in small letters that it takes, none if it takes only
    capitals. `known` also takes words that everybody knows (`Mr. Kant`). `ends`, if given, must follow the name.
    """

    pattern: re.Pattern[str]
    heads: frozenset[str]
    tied: bool = True
    tied_if_full: bool = False
    small: str = ""
    known: bool = False
    ends: re.Pattern[str] | None = None
    opens_line: bool = False


_PHRASES = table("cues")
_S = r"[ \t]{1,4}"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
# No two parts can begin with the same letter and go on differently for long, so this takes linear time.
_TITLE = (
    r"(?:(?:mr|mrs|ms|miss|mx|dr|prof|herrn?|frau|mme|mlle|m|monsieur|madame|sra?|señora?|don|doña|sig|signora?|"
    r"dhr|mevr|mevrouw|pani|panu?|med|kolleg(?:e|in)|chère|ing)\.?[ \t]{1,4}){0,3}"
)
_LETTER_END = re.compile(r"[ \t]*(?:[,!:;\u2014\u2013]|-[ \t]*$|\r?\n|$)", re.MULTILINE)
_FIELD_END = re.compile(r"[ \t]*(?:[\"',;.|)(<\[\]}\t/-]|\r?\n|$|  )")


def _listed(*names: str) -> list[str]:
    """Return the phrases of these tables, in all languages."""
    return [phrase.strip() for name in names for line in _PHRASES[name].values() for phrase in line.split(",")]


def _any(phrases: Iterable[str]) -> str:
    """Return a pattern for one of the phrases, the longest first."""
    return "(?:" + "|".join(_pattern(phrase) for phrase in sorted(set(phrases), key=len, reverse=True)) + ")"


def _pattern(phrase: str) -> str:
    return re.escape(phrase).replace("'", "['’]").replace(r"\ ", r"[ \t]{1,4}")


def _heads(phrases: Iterable[str]) -> frozenset[str]:
    found = (_WORD.search(phrase) for phrase in phrases)
    return frozenset(match[0].lower() for match in found if match)


def _named() -> Cue:
    whose = r"(?:my|his|her|their|whose|patient['’]s|customer['’]s)"
    called = r"(?:(?:full|first|last|maiden|middle|legal|real|married)[ ])?name(?:['’]s| is| was|:)"
    whose_kin = r"(?:my|his|her|their) \w{1,20}['’]s name(?: is)?"
    phrases = _listed("name_of")
    owners = frozenset(["my", "his", "her", "their", "whose", "patient", "customer"])
    return Cue(
        re.compile(rf"(?i:{whose} {called}|{whose_kin}|{_any(phrases)})[ \t\n]{{0,4}}[:\"“]?[ \t]{{0,4}}(?i:{_TITLE})"),
        _heads(phrases) | owners,
        small="FfLlUX",
        known=True,
    )


def _relative(owners: str, *, tied: bool) -> Cue:
    whose = _listed(owners)
    ages = "(?:(?i:ex|late|new|old|best|dear|elderly|little|younger|older|eldest|youngest|former)[- ])?"
    called = rf"(?:,|\.|{_S}(?i:is|called|named|heißt|s['’]appelle|se llama|si chiama|heet))?"
    kin = _any(_listed("relatives"))
    return Cue(
        re.compile(rf"(?i:{_any(whose)}){_S}{ages}(?i:{kin}){called}{_S}(?i:{_TITLE})"),
        _heads(whose),
        tied=tied,
        small="FLU",
    )


def _role(name: str, *, tied: bool, small: str) -> Cue:
    phrases = _listed(name)
    return Cue(
        re.compile(rf"(?i:{_any(phrases)})(?:\.|,|:)?{_S}(?i:{_TITLE})"), _heads(phrases), tied=tied, small=small
    )


def _salutation() -> Cue:
    phrases = _listed("greetings")
    return Cue(
        re.compile(rf"(?i:{_any(phrases)})[ \t,]{{1,4}}(?i:{_TITLE})"),
        _heads(phrases),
        small="FfLUX",
        known=True,
        ends=_LETTER_END,
        opens_line=True,
    )


def _greeting() -> Cue:
    phrases = ("hi", "hello", "hey", "dear", "hallo", "moin", "bonjour", "salut", "hola", "ciao", "olá", "oi", "cześć")
    return Cue(
        re.compile(rf"(?i:{_any(phrases)})[ \t,]{{1,4}}(?i:{_TITLE})"), frozenset(phrases), tied=False, small="FfU"
    )


def _closing() -> Cue:
    phrases = _listed("closings")
    more = r"(?: (?:you|from|regards|wishes|à vous|à toi|by|in advance|again|and regards)){0,2}"
    signs = r"[ \t]{0,4}[,!.:\-]{0,3}[ \t]{0,4}(?:\r?\n[ \t]{0,8}){1,3}(?:[-\u2013\u2014]{1,2}|i\. ?A\.|i\. ?V\.)?"
    return Cue(
        re.compile(rf"(?i:{_any(phrases)}{more}{signs}[ \t]{{0,4}})(?i:{_TITLE})"),
        _heads(phrases),
        small="FfLUX",
        known=True,
        ends=_LETTER_END,
    )


def _field() -> Cue:
    phrases = _listed("fields")
    sign = r"[\"'*]{0,3}[ \t]?(?:[:=|]|\.{3,30})[ \t]{0,20}[\"'*]{0,3}[ \t]?"
    return Cue(
        re.compile(rf"(?<![\w.])(?i:{_any(phrases)})\b{sign}(?i:{_TITLE})"),
        _heads(phrases),
        small="F",
        ends=_FIELD_END,
    )


def _said() -> Cue:
    phrases = _listed("said")
    return Cue(
        re.compile(rf"(?i:{_any(phrases)}){_S}(?i:{_TITLE})"),
        _heads(phrases),
        tied=False,
        tied_if_full=True,
        small="FU",
    )


def _beside() -> Cue:
    phrases = _listed("beside", "closings")
    return Cue(
        re.compile(rf"(?i:{_any(phrases)})(?i: by| to| with)?,?{_S}[\"“„«'‘]?(?=[^\W\d_a-z])"),
        _heads(phrases),
        tied=False,
    )


def _told() -> Cue:
    phrases = _listed("told")
    return Cue(re.compile(rf"(?i:{_any(phrases)}){_S}(?i:{_TITLE})"), _heads(phrases), tied=False, small="FfU")


def _honorific() -> Cue:
    phrases = _listed("honorifics")
    written = [form for phrase in phrases for form in (phrase.capitalize(), phrase.upper())]
    return Cue(
        re.compile(rf"(?<!\w)(?:{_any(written)})(?:\.[ \t]?|[ \t]{{1,4}})(?=[^\W\d_])(?i:{_TITLE})"),
        _heads(phrases),
        tied=False,
        small="FfbLlUXKS",
        known=True,
    )


def _small_honorific() -> Cue:
    phrases = _listed("small_honorifics")
    return Cue(
        re.compile(rf"(?<!\w)(?:{_any(phrases)})(?:\.[ \t]?|[ \t]{{1,4}})(?=[^\W\d_])(?i:{_TITLE})"),
        _heads(phrases),
        tied=False,
        small="FfLlUKS",
        known=True,
    )


CUES = (
    _named(),
    _relative("owners", tied=True),
    _relative("others", tied=False),
    _role("roles", tied=True, small="FL"),
    _role("people", tied=False, small="FL"),
    _salutation(),
    _greeting(),
    _closing(),
    _field(),
    _said(),
    _beside(),
    _told(),
    _honorific(),
    _small_honorific(),
)


def _by_head() -> Mapping[str, tuple[Cue, ...]]:
    found: dict[str, tuple[Cue, ...]] = {}
    for cue in CUES:
        for head in cue.heads:
            found[head] = (*found.get(head, ()), cue)
    return found


CUES_AT = _by_head()
