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
_FENCED = re.compile(r"```.*?(?:```|\Z)", re.S)
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[^\W\d_A-Z,;] )[A-Z][a-z]+|(?<=[a-z][,;] )[A-Z][a-z]+")
_RUNNING = re.compile(r"(?<=[^\W\d_] )[^\W\d_]{2,}|(?<=[^\W\d_][,;] )[^\W\d_]{2,}")
_SENTENCE = re.compile(r"[.!?。？！](?=\s|\Z)")
_FOLLOWING = re.compile(r"\bfollowing\b|\bof these\b|\bbest describes\b|\bmost likely\b", re.I)
_YEAR = re.compile(r"\b1[0-9]{3}\b|\b20[0-2]\d\b")
_QUOTE = re.compile(r'["“”«»„]')
_STATEMENT = re.compile(r"\b(?:[Ss]tatement [12]|II|III|IV)\b")
_FORMULA = re.compile(r"\\[a-zA-Z]+|[=^∑∫√∀∃→∞≤≥±∈⊂∧∨⊃≡]")
_CODE = re.compile(
    r"```|\b(?:def|class|function|fn|func|public|const|var|import|return|SELECT|void)\b[ \t]+\w"
    r"|[{};][ \t]*$|\w\(\w*\)|==|!=|=>",
    re.M,
)
_ITEM = re.compile(r"^[ \t]{0,6}(?:[-*•]|\d{1,2}[.)])[ \t]+\S", re.M)
_NUMERIC = re.compile(r"[\W\d]*\d[\W\d]*\w{0,3}")
_ABOVE = re.compile(r"\b(?:all|none|both|neither) of (?:the above|these|them)\b|\bboth\b", re.I)
_UNKNOWN_SCRIPT = 0.3  # share of letters that are not Latin from which words say nothing
_ENGLISH = 0.12  # share of the small words of English from which a text is English; prose has 0.3


@dataclass(frozen=True, slots=True)
class Feature:
    """What is known of a feature before any data: which way it may point, and how far it does at least.

    `floor` is what `scale` more of it adds at least, by experience with everyday calls, which no shared data covers.
    """

    sign: int  # 1: never lowers the estimate; -1: never raises it
    floor: float = 0.0
    scale: float = 0.7  # one hit of a logarithm of counts
    english: bool = False  # means nothing in another language


FEATURES: Mapping[str, Feature] = {
    "length": Feature(1, 0.012, scale=1.0),
    "sentence_length": Feature(1),
    "sentences": Feature(1),
    "running": Feature(1),
    "running_share": Feature(1),
    "names": Feature(1, english=True),
    "names_share": Feature(1, english=True),
    "conditions": Feature(1, 0.006),
    "conditions_share": Feature(1),
    "quantities": Feature(1, 0.006),
    "logic": Feature(1),
    "logic_share": Feature(1),
    "negations": Feature(1, 0.003),
    "lookups": Feature(-1, 0.006),
    "following": Feature(1, english=True),
    "years": Feature(1),
    "quotes": Feature(1),
    "statements": Feature(1, english=True),
    "questions": Feature(1, 0.003, scale=1.0),
    "numbers": Feature(1, 0.004),
    "formulas": Feature(1, 0.008),
    "code": Feature(1, 0.012),
    "proof": Feature(1, 0.03),
    "engineering": Feature(1, 0.03),
    "judgement": Feature(1, 0.02),
    "thorough": Feature(1, 0.02),
    "constraints": Feature(1, 0.012),
    "items": Feature(1, 0.012),
    "routine": Feature(-1, 0.03),
    "options_alike": Feature(1),
    "options_length": Feature(1),
    "options_negated": Feature(1, english=True),
    "options_above": Feature(1, english=True),
    "options_numeric": Feature(-1),
}


@cache
def vocabulary() -> Mapping[str, frozenset[str]]:
    """The words of each idea in data/words.toml."""
    text = files("sluice.routing.complexity").joinpath("data/words.toml").read_text(encoding="utf-8")
    return {idea: frozenset(words.split()) for idea, words in tomllib.loads(text).items()}


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a question in small letters, counted."""

    counts: Counter[str]
    number: int

    def of(self, idea: str) -> int:
        return sum(self.counts[word] for word in vocabulary()[idea] if word in self.counts)

    @property
    def are_english(self) -> bool:
        """False only where it shows: a few words are in no language."""
        return self.number < 6 or self.of("english") >= _ENGLISH * self.number


def words_of(text: str) -> Words:
    found = [word.lower() for word in _WORD.findall(text)]
    return Words(Counter(found), len(found))


def features(question: Question, words: Words) -> dict[str, float]:
    """Return a value for each of FEATURES; time is linear in the length of the question."""
    stem, number = question.stem, words.number
    prose = _FENCED.sub(" ", stem)
    sentences = max(1, len(_SENTENCE.findall(stem)))
    running = len(_RUNNING.findall(prose))
    names = len(_NAME.findall(stem))
    counted = {
        idea: words.of(idea)
        for idea in ("conditions", "quantities", "logic", "negations", "lookups", "proof", "engineering", "judgement",
                     "thorough", "constraints", "routine")
    }  # fmt: skip
    values: dict[str, float] = {idea: math.log1p(count) for idea, count in counted.items()}
    return values | {
        "length": math.log1p(min(number, 600)),
        "sentence_length": math.log1p(min(60.0, number / sentences)),
        "sentences": math.log1p(min(40, sentences)),
        "running": math.log1p(min(600, running)),
        "running_share": running / (number + 10),
        "names": math.log1p(names),
        "names_share": names / (number + 20),
        "conditions_share": counted["conditions"] / (number + 20),
        "logic_share": counted["logic"] / (number + 20),
        "following": math.log1p(len(_FOLLOWING.findall(stem))),
        "years": math.log1p(len(_YEAR.findall(stem))),
        "quotes": math.log1p(len(_QUOTE.findall(stem))),
        "statements": math.log1p(len(_STATEMENT.findall(stem))),
        "questions": float(min(4, stem.count("?") + stem.count("？"))),
        "numbers": math.log1p(len(_NUMBER.findall(stem))),
        "formulas": math.log1p(len(_FORMULA.findall(stem))),
        "code": math.log1p(len(_CODE.findall(stem))),
        "items": math.log1p(len(_ITEM.findall(stem))),
        **_of_options(question.options),
    }


def _of_options(options: tuple[str, ...]) -> dict[str, float]:
    """How hard the offered answers are to tell apart; all 0 without any."""
    number = max(1, len(options))
    parts = [set(option.lower().split()) for option in options[:12]]
    pairs = [(one, other) for at, one in enumerate(parts) for other in parts[:at]]
    return {
        "options_alike": sum(len(a & b) / max(1, len(a | b)) for a, b in pairs) / max(1, len(pairs)),
        "options_length": math.log1p(sum(len(option.split()) for option in options) / number),
        "options_negated": sum(" not " in f" {option.lower()} " for option in options) / number,
        "options_above": float(any(_ABOVE.search(option) for option in options)),
        "options_numeric": sum(bool(_NUMERIC.fullmatch(option[:60])) for option in options) / number,
    }
