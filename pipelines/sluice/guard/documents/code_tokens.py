"""Cut source code into tokens that stay the same when it is re-indented, quoted, or its literals are changed."""

import re
from dataclasses import dataclass

# The repeats of a string are bounded, so that a text of quotes and backslashes takes linear time.
_TOKEN = re.compile(
    r"(?P<line>^[ \t]*(?:[+\->|](?=[ \t])|\d{1,5}[:|]?(?=[ \t]{2}))?[ \t]*"
    r"(?P<left_out>(?:#(?!include)|//|/\*|\*(?=[ \t/])|--[ \t])[^\n]*|(?:import|from|package|using"
    r"|#include|require|use)\b[^\n]*)?)"
    r"|(?P<string>\"\"\"(?:[^\"]|\"(?!\"\")){0,4000}\"\"\"|\"(?:[^\"\\\n]|\\.){0,300}\"|'(?:[^'\\\n]"
    r"|\\.){0,300}'|`(?:[^`\\]|\\.){0,300}`)"
    r"|(?P<word>[^\W\d]\w*)|(?P<number>\d[\w.]*)|(?P<mark>[^\s\w])",
    re.MULTILINE,
)
_NEUTRAL = {"string": '"', "number": "0"}
# Words of languages, and names that any code uses: alone they tell nothing of whose it is.
_COMMON = frozenset(
    """
    abstract and any args argv array as assert async await base bool boolean break byte case catch char class close cls
    config console const constructor continue count create data date debug def default delete dict do double echo elif
    else end entry enum err error except exec exit export extends extern false file filter final finally float fn for
    foreach from func function get getattr global go goto handler has hash if implements import in index info init
    input instanceof int integer interface is item items iter join key keys kwargs lambda len length let line lines
    list load local lock log logger long main map match max message method min mod module mut name namespace new next
    nil node none not null number obj object of ok open option options or os out output override package params parse
    pass path print printf private property protected pub public put raise range read ref request require res response
    result return row run save self send set setattr short size sleep sort split start state static status str string
    strip struct sub sum super switch sys table template test text then this throw throws time to token trait true try
    tuple type typedef typeof undefined union unit unsigned update url use user using val value values var vector void
    while width height with write yield x y z i j k n a b c e f s t id __init__ __name__ __main__ append extend add
    remove println tostring equals hashcode
    """.split()  # noqa: SIM905 - a word list is easier to keep in prose form
)


@dataclass(frozen=True, slots=True)
class CodeTokens:
    """The tokens of a text, and where each stands in it."""

    tokens: list[str]
    starts: list[int]
    ends: list[int]


def tokenized(text: str) -> CodeTokens:
    """Return the tokens without comments of their own lines and without imports, which everybody has."""
    found = CodeTokens([], [], [])
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind in ("line", "left_out") or match.end() == match.start():
            continue
        found.tokens.append(_NEUTRAL.get(kind or "", match[0]))
        found.starts.append(match.start())
        found.ends.append(match.end())
    return found


def is_own(word: str) -> bool:
    """Say whether a token can tell one code base from another: a name that not everybody uses."""
    return len(word) > 2 and word.lower() not in _COMMON and (word[0].isalpha() or word[0] == "_")
