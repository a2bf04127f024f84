"""Tell the value of a secret from a placeholder, a plain word, a piece of code and a sentence about secrets."""

import re
from itertools import pairwise

_LEAST_KEY = 8

# Words that stand where a value could: what it is like, what type it has, and what everybody writes in examples.
_PLAIN = """none null nil true false undefined str string bytes bool boolean int integer float any optional object self
required text number type value values varchar char password passwd passphrase passwort pass pwd secret secrets token
tokens key keys user username login credential credentials here there example examples placeholder redacted hidden
masked empty blank unknown default input prompt changed wrong correct incorrect invalid valid stored used sent not the
this that your also very too only always never being missing case long short weak strong safe secure encrypted hashed
expired reset shared protected given needed set at least random changeme dummy foo bar baz foobar todo tbd n/a sample
test testing demo admin root guest postgres letmein qwerty same different enough private public sha256 md5 bcrypt
argon2 anonymous sekrit geheim topsecret utf-8 utf8 ascii
base64 basic bearer yes no on off auto inherit file env environment vault"""
_PLAIN_WORDS = frozenset(_PLAIN.split())

_TO_FILL_IN = re.compile(
    r"""[*xX.•…\-_#?0]+                                            # blanked out
      | \$?\{.* | \$\(.* | %\w+% | \$\w+ | \$\w+[:.].* | <.* | \[.* | @\w+@ | :\w+
      | %(?:\(\w+\))?[sdr](?!\w)\S*                             # to be filled in
      | \{\{.* | __\w+__ | [A-Z]+(?:_[A-Z]+)+_HERE
      | (?:your|my|some|the|an?|insert|enter|put|change|replace|fake|dummy|example|sample|test)[-_ ][A-Za-z_\- ]*\d{0,2}
      | (?:sk|pk|key|token|api[_\-]?key)?[\-_.]?[xX]{3,}[\-_.xX]* | \.{2,}.* | .*\.{3,} | .*[xX*]{5,}.* | .*….*
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CODE = re.compile(
    r"""[A-Za-z_$][\w.$:]*[(\[].*                                  # a call, an index
      | [A-Za-z_$@][A-Za-z_]*\d{0,2}(?:(?:\.|->|::|\?\.)\$?[A-Za-z_]+\d{0,2}){1,12}\S{0,3}    # an attribute
      | \w*(?:os\.environ|getenv|process\.env|getpass|secrets?\.|env\.|config\.|settings\.|vault:).*
      | lambda | new | await | f["'].* | [A-Za-z]:[\\/].* | \d{1,3}(?:px|em|%|ms|s)?
      | [A-Za-z_]\w*[ ]?[+\-*/][ ]?\d+
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_CODE_OR_PATH = re.compile(r"[!(\[{=&|+].*|(?:~|\.{1,2})?/[\w.\-]+(?:/[\w.\-]*)*", re.DOTALL)
_PARTS = re.compile(r"[:/.,_\-@ ]+")
_WORD = re.compile(
    r"[^\W\d_]?[^\W\d]*(?:[-'][^\W\d]+)*|[A-Z_]+|(?:[A-Z]+[a-z]+){2,}|[a-z_]*(?:pass|pw|key|str|arg|val)[a-z_]*\d"
)
_PLAIN_MIXED = re.compile(r"[a-z]+|[A-Z][a-z]+|[A-Z]+")
_IN_SENTENCES = re.compile(
    r"\b(?:the|your|is|are|must|be|to|of|please|not|at|and|or|with|for|cannot|can|in|this|that|a|an|if|as|too|"
    r"enter|password|passphrase|secret|token|credentials?|der|die|das|ihr|ist|und|bitte|le|la|votre|est|el|su|es|il|"
    r"de|het|een)\b",
    re.IGNORECASE,
)
_TYPE_NAME = re.compile(r"(?:[A-Z]+[a-z]+){2,}")
_RUN = re.compile(r"[A-Za-z0-9]+")
_GROUPS = re.compile(r"[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,8}){3,7}")  # of a licence key
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"(?:0x)?[0-9a-f]+", re.IGNORECASE)


def is_dummy(body: str) -> bool:
    """Say whether what follows the first letters of a key is only there to show where it would stand."""
    lowered = body.lower()
    few = len(set(lowered) - set("-_.")) <= 3
    told = ("your" in lowered or "xxxx" in lowered or "-here" in lowered) and not _is_mixed(body)
    return few or told or (not any(map(str.isdigit, body)) and bool(_SLUG.fullmatch(body)))


_SLUG = re.compile(r"[a-z]{1,14}(?:[-_][a-z]{0,14})+")


def is_value(value: str) -> bool:
    """Want anything but a placeholder, a reference to a value, and a sentence: for where nothing but a value stands."""
    bare = value.strip(".,;:!?)")
    if not any(map(str.isalnum, bare)) or all(part in _PLAIN_WORDS for part in _PARTS.split(bare.lower())):
        return False
    if " " in value.strip() and _IN_SENTENCES.search(value):
        return False
    return not (_TO_FILL_IN.fullmatch(value) or _TYPE_NAME.fullmatch(value))


def is_literal(value: str) -> bool:
    """Want a value that is no code either: for where no quotes keep the two apart."""
    return (
        is_value(value) and not _CODE.fullmatch(value) and not (_CODE_OR_PATH.fullmatch(value) and not _is_mixed(value))
    )


def is_password(value: str) -> bool:
    """Want more than a word or the name of a variable, for prose and code are full of them."""
    return is_literal(value) and not _WORD.fullmatch(value.rstrip(".,;:!?)"))


def is_made_up(value: str) -> bool:
    """Want what no language has: letters and digits in one word, or signs within it, six characters or more."""
    core = value.strip(".,;:!?()@#$%&*+=-_/")
    if len(core) < 6 or not is_password(core) or _UUID.fullmatch(core):
        return False
    digits, letters = (any(map(kind, core)) for kind in (str.isdigit, str.isalpha))
    signs = any(character in "!#$%&*+=@^~?" for character in core)
    return letters and (digits or signs) and not _LIKE_A_WORD.fullmatch(core)


_LIKE_A_WORD = re.compile(
    r"[A-Za-z]+[-/]?\d{1,4}(?:\.\d+)*(?:st|nd|rd|th|s)?|v?\d+(?:[.,:/\-]\d+)*[a-z%°]{0,3}|\d+[-\w]*(?:bit|byte"
    r"|char|digit|day|way|factor)\w*"
    r"|[\w.\-]+@[\w.\-]+|[$€£]\d.*|\w+=.*|[\w\-]+(?:\.[\w\-]+)+|[A-Za-z]+[/&][A-Za-z]+\d?|[$#@]\w+|\w+-\d+"
)


def is_key(value: str) -> bool:
    """Want letters and digits, at least eight: `token_limit: 4096` and `token = access` are no keys."""
    value = value.rstrip(".,;:!?)")
    if len(value) < _LEAST_KEY or not is_literal(value):
        return False
    if not any(map(str.isdigit, value)):
        return _is_mixed(value)
    return any(map(str.isalpha, value)) and not _DATED.fullmatch(value)


_DATED = re.compile(r"[A-Za-z]+[-_]?\d{1,4}|[a-z]+(?:[-_][a-z]+)*[-_]?v?\d{1,4}|\d+[a-z]{1,7}|[\d.,:\-T+]+Z?")


def is_random(value: str) -> bool:
    """Want what only chance writes: case, digits and letters mixed all along, sixteen characters or more."""
    if not 16 <= len(value) <= 512 or _UUID.fullmatch(value) or not is_literal(value):
        return False
    return _is_mixed(value) or (bool(_GROUPS.fullmatch(value)) and any(map(str.isdigit, value)))


def is_hex(value: str) -> bool:
    """Say whether a value is written in hexadecimal digits only, as digests are."""
    return bool(_HEX.fullmatch(value))


def _is_mixed(value: str) -> bool:
    """Say whether some run of letters and digits changes between lower case, upper case and digits again and again."""
    return any(_changes(run) * 4 >= len(run) >= 12 for run in _RUN.findall(value) if len(run) >= 12)


_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def _changes(run: str) -> int:
    kinds = ["0" if c.isdigit() else "A" if c.isupper() else "a" for c in run]
    if "0" not in kinds:
        pieces = _CAMEL.findall(run)
        return len(run) if len(pieces) * 2.8 > len(run) >= 20 else 0
    return sum(first != second for first, second in pairwise(kinds))
