"""Find code in a question, and tell its language by what only that language writes."""

import re
from collections.abc import Mapping

# Looked at from the beginning only: a long listing gives itself away there.
LOOKED_AT = 20_000
OTHER = "other"

FENCE = re.compile(r"^[ \t]*+```[ \t]*+([A-Za-z][A-Za-z0-9+#-]{0,19})?[ \t]*+$", re.MULTILINE)
TAGS: Mapping[str, str] = {
    **{name: name for name in ("python", "javascript", "typescript", "sql", "rust", "go", "java", "kotlin", "ruby")},
    **{name: name for name in ("php", "swift", "html", "css", "yaml", "json", "diff", "scala", "r", "lua", "perl")},
    **{"py": "python", "js": "javascript", "ts": "typescript", "sh": "shell", "bash": "shell", "shell": "shell"},
    **{"zsh": "shell", "console": "shell", "powershell": "shell", "golang": "go", "c": "c", "cpp": "c", "c++": "c"},
    **{"cs": "csharp", "c#": "csharp", "csharp": "csharp", "jsx": "javascript", "tsx": "typescript", "yml": "yaml"},
    **{"dockerfile": "dockerfile", "docker": "dockerfile", "tf": "terraform", "hcl": "terraform"},
}
SIGNS: Mapping[str, re.Pattern[str]] = {
    "python": re.compile(
        r"^[ \t]*(?:def \w+\(|class \w+[(:]|from [\w.]+ import |import \w+$|@\w+|Traceback )", re.MULTILINE
    ),
    "javascript": re.compile(
        r"^[ \t]*(?:(?:export )?(?:async )?function\*? ?\w*\(|(?:const|let|var) \w+ ?=|import .{1,80} from ['\"])"
        r"|=> ?[{(]|console\.log\(",
        re.MULTILINE,
    ),
    "typescript": re.compile(r"^[ \t]*(?:export )?(?:interface|type) \w+ ?(?:=|\{)", re.MULTILINE),
    "sql": re.compile(r"\b(?:SELECT\b.{1,400}\bFROM|INSERT INTO|CREATE TABLE|UPDATE \w+ SET)\b", re.DOTALL),
    "c": re.compile(r"^[ \t]*#include *[<\"]|\bint main\(|\bstd::\w", re.MULTILINE),
    "java": re.compile(r"\b(?:public|private|protected) (?:static )?(?:final )?(?:class|void|[A-Z]\w*) \w+"),
    "go": re.compile(r"^(?:package \w+|func (?:\(\w+ \*?\w+\) )?\w+\()", re.MULTILINE),
    "rust": re.compile(r"^[ \t]*(?:pub )?(?:fn \w+|impl\b|struct \w+|let mut )", re.MULTILINE),
    "html": re.compile(r"<(?:html|div|span|body|script|!DOCTYPE)\b[^<>]{0,200}>", re.IGNORECASE),
    "shell": re.compile(r"^(?:#!/\S*sh|\$ \w|sudo \w|apt(?:-get)? install|docker (?:run|compose|ps))", re.MULTILINE),
    "diff": re.compile(r"^(?:diff --git |@@ -\d)", re.MULTILINE),
}
BRACES = re.compile(r"[{};]\s*$", re.MULTILINE)
LINES_WITH_BRACES = 3


def code_languages(text: str) -> tuple[str, ...]:
    """Return the languages of the code in a text, as far as they can be told; `other` for code of none of them."""
    looked_at = text[:LOOKED_AT]
    fences = FENCE.findall(looked_at)
    tagged = [TAGS[tag.lower()] for tag in fences if tag.lower() in TAGS]
    signed = [name for name, sign in SIGNS.items() if sign.search(looked_at)]
    found = tuple(dict.fromkeys([*tagged, *signed]))
    return found or ((OTHER,) if fences or len(BRACES.findall(looked_at)) >= LINES_WITH_BRACES else ())


def is_code(text: str) -> bool:
    """Whether a text holds code."""
    return bool(code_languages(text))
