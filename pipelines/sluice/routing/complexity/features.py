"""What a question shows of its difficulty: named values, none of which says what it is about."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sluice.routing.complexity.question import Question

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]")  # Thai, Lao, kana, Han
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.S)
_PROGRAM_LINE = re.compile(r"^[ \t]*\S[^\n]*[{};:)][ \t]*$|^(?: {2,}|\t)[^\n]*$", re.M)
_RUNNING = re.compile(r"(?<=[^\W\d_] )[^\W\d_]{2,}|(?<=[^\W\d_][,;] )[^\W\d_]{2,}")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]+|(?<=[a-z][,;] )[A-Z][a-z]+")
_FOLLOWING = re.compile(r"\bfollowing\b|\bof these\b|\bbest describes\b|\bmost likely\b", re.I)
_NUMERIC = re.compile(r"[\W\d]*\d[\W\d]*\w{0,3}")
_ABOVE = re.compile(r"\b(?:all|none|both|neither) of (?:the above|these|them)\b|\bboth\b", re.I)
# Counted one by one; the values are logarithms of the counts.
_PATTERNS = {
    "years": re.compile(r"\b1[0-9]{3}\b|\b20[0-2]\d\b"),
    "statements": re.compile(r"\b(?:[Ss]tatement [12]|II|III|IV)\b"),
    "numbers": re.compile(r"\d+"),
    "formulas": re.compile(r"\\[a-zA-Z]+|[=^∑∫√∀∃→∞≤≥±∈⊂∧∨⊃≡]"),
    "code": re.compile(
        r"```|\b(?:def|class|function|fn|func|public|const|var|import|return|SELECT|void)\b[ \t]+\w"
        r"|[{};][ \t]*$|\w\(\w*\)|==|!=|=>",
        re.M,
    ),
    "items": re.compile(r"^[ \t]{0,6}(?:[-*•]|\d{1,2}[.)])[ \t]+\S", re.M),
}
_DEMANDS = ("proof", "engineering", "judgement", "thorough")
_MATTER = ("conditions", "quantities", "negations", "lookups")
_ASKED = ("routine", "constraints")
_ROUTINE_LENGTH = 40  # words
_FIRST, _LAST = 25, 10  # words
_FEW = 6  # words of which no share and no language can be told
_ENGLISH = 0.12  # share of the small words of English from which a text is English; prose has 0.3


@dataclass(frozen=True, slots=True)
class Feature:
    """What is known of a feature before any data: which way it may point, and how far it does at least.

    `floor` is what `scale` more of it adds at least, by experience with everyday calls, which no shared data covers.
    """

    sign: int  # 1: never lowers the estimate; -1: never raises it
    floor: float = 0.0
    scale: float = 0.7  # one hit of a logarithm of counts


FEATURES: Mapping[str, Feature] = {
    "length": Feature(1, 0.010, scale=1.0),
    "running": Feature(1),
    "names": Feature(1),
    "conditions": Feature(1, 0.004),
    "quantities": Feature(1, 0.004),
    "negations": Feature(1, 0.002),
    "lookups": Feature(-1, 0.004),
    "years": Feature(1),
    "statements": Feature(1),
    "questions": Feature(1, 0.002, scale=1.0),
    "numbers": Feature(1, 0.003),
    "formulas": Feature(1, 0.006),
    "code": Feature(1, 0.010),
    "proof": Feature(1, 0.04),
    "engineering": Feature(1, 0.035),
    "judgement": Feature(1, 0.02),
    "thorough": Feature(1, 0.02),
    "constraints": Feature(1, 0.008),
    "items": Feature(1, 0.008),
    "routine": Feature(-1, 0.04),
    "following": Feature(1),
    "options_alike": Feature(1),
    "options_length": Feature(1),
    "options_above": Feature(1),
    "options_numeric": Feature(-1),
}


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """The words of each idea in data/words.toml."""
    text = files("sluice.routing.complexity").joinpath("data/words.toml").read_text(encoding="utf-8")
    return {idea: frozenset(words.split()) for idea, words in tomllib.loads(text).items()}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question in small letters, counted; `ask` are the first and the last of them.

    People say what they want before or behind what they paste.
    """

    counts: Counter[str]
    number: int
    ask: Counter[str]

    def of(self, idea: str) -> int:
        return _hits(self.counts, idea)

    def asked(self, idea: str) -> int:
        return _hits(self.ask, idea)

    @property
    def are_english(self) -> bool:
        """False only where it shows: a few words are in no language."""
        return self.number < _FEW or self.of("english") >= _ENGLISH * self.number


def _hits(counts: Counter[str], idea: str) -> int:
    return sum(counts[word] for word in vocabulary()[idea] if word in counts)


def words_of(text: str) -> Words:
    """Count the words; a script without spaces gives its pairs of neighbouring signs, of which a word has about two."""
    found: list[str] = []
    surplus = 0
    for word in _WORD.findall(text):
        if _UNSPACED.search(word):
            pairs = [word[at : at + 2] for at in range(max(1, len(word) - 1))]
            found += pairs
            surplus += len(pairs) // 2
        else:
            found.append(word.lower())
    ask = found if len(found) <= _FIRST + _LAST else found[:_FIRST] + found[-_LAST:]
    return Words(Counter(found), len(found) - surplus, Counter(ask))


def features(question: Question, words: Words) -> dict[str, float]:
    """Return the values of those FEATURES that say something of this question; time is linear in its length."""
    asked = {idea: math.log1p(words.asked(idea)) for idea in _ASKED}
    if asked["routine"] and not any(words.asked(idea) for idea in _DEMANDS):
        # What is to be translated or shortened may be long and learned; the work is not.
        return asked | {"length": math.log1p(min(_ROUTINE_LENGTH, words.number))}
    stem = question.stem
    values = {idea: math.log1p(words.of(idea)) for idea in (*_DEMANDS, *_MATTER)}
    values |= {name: math.log1p(len(pattern.findall(stem))) for name, pattern in _PATTERNS.items()}
    values |= {
        "length": math.log1p(min(600, words.number)),
        "questions": float(min(4, stem.count("?") + stem.count("？"))),
    }
    named = _of_english(stem, words) if words.are_english else {}
    return asked | values | _of_prose(stem) | named | _of_options(question)


def _of_prose(stem: str) -> dict[str, float]:
    """Words that follow words, without numbers, formulas and program lines between them."""
    prose = _PROGRAM_LINE.sub("", _FENCED.sub("", stem))
    number = len(_WORD.findall(prose))
    if (number < _FEW and len(prose) < len(stem)) or _UNSPACED.search(prose):
        return {}
    return {"running": len(_RUNNING.findall(prose)) / (number + 10)}


def _of_english(stem: str, words: Words) -> dict[str, float]:
    """Capitals within a sentence, which other languages set by other rules."""
    return {"names": len(_NAME.findall(stem)) / (words.number + 20)}


def _of_options(question: Question) -> dict[str, float]:
    """How hard the offered answers are to tell apart."""
    options = question.options
    if not options:
        return {}
    parts = [set(option.lower().split()) for option in options[:12]]
    alike = [len(one & other) / max(1, len(one | other)) for at, one in enumerate(parts) for other in parts[:at]]
    return {
        "following": math.log1p(len(_FOLLOWING.findall(question.stem))),
        "options_alike": sum(alike) / max(1, len(alike)),
        "options_length": math.log1p(sum(len(option.split()) for option in options) / len(options)),
        "options_above": float(any(_ABOVE.search(option) for option in options)),
        "options_numeric": sum(bool(_NUMERIC.fullmatch(option[:60])) for option in options) / len(options),
    }
