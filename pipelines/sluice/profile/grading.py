"""Grade an answer by rules alone: numbers, words, JSON, shape. Nothing that a model wrote is run."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Check = Callable[[str, Any], bool]

THINKING = re.compile(r"<think>.*?(?:</think>|\Z)", re.S)
FENCED = re.compile(r"```[^\n`]*\n(.*?)(?:```|\Z)", re.S)
NUMBER = re.compile(r"[-−]?\d[\d,  ]*(?:\.\d+)?")
SENTENCE_END = re.compile(r"[.!?…。！？]+(?=[\s\"'»”’)]|\Z)")
WORD = re.compile(r"[^\W_]+(?:['’.,:-][^\W_]+)*")


def passes(answer: str, grade: Mapping[str, Any]) -> bool:
    """Return whether an answer keeps every rule; what a model thought aloud before it does not count."""
    said = THINKING.sub("", answer).strip()
    return bool(said) and all(CHECKS[rule](said, wanted) for rule, wanted in grade.items())


def _number(said: str, wanted: float) -> bool:
    """By the last number of the answer."""
    found = NUMBER.findall(said.replace("**", "").replace("\\", ""))
    if not found:
        return False
    value = float(re.sub(r"[,  ]", "", found[-1].replace("−", "-")))
    return abs(value - wanted) <= 1e-6 * max(1.0, abs(wanted))


def _last(said: str, wanted: str) -> bool:
    return _bare(_lines(said)[-1].split(":")[-1]).casefold() == wanted.casefold()


def _output(said: str, wanted: str) -> bool:
    return [line.strip() for line in _unfenced(said).splitlines() if line.strip()] == wanted.splitlines()


def _patterns(said: str, wanted: Sequence[str]) -> bool:
    return all(re.search(pattern, said) for pattern in wanted)


def _json(said: str, wanted: Any) -> bool:
    """By the first JSON value; numbers may be written as 18.9 or 18.90."""
    text = _unfenced(said)
    start = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if start < 0:
        return False
    try:
        value, _ = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        return False
    return bool(value == wanted)


def _exact(said: str, wanted: str | Sequence[str]) -> bool:
    allowed = [wanted] if isinstance(wanted, str) else wanted
    return _bare(said).casefold() in {_bare(one).casefold() for one in allowed}


def _words(said: str, wanted: Sequence[Sequence[str]]) -> bool:
    """One of each group stands in the answer, at the beginning of a word."""
    return all(any(_says(said, word) for word in group) for group in wanted)


def _says(said: str, word: str) -> bool:
    if word[0] > "\u2e80":
        return word in said
    # Short ones are whole words: a symbol, a number.
    ending = r"(?!\w)" if len(word) <= 2 else r"(?!\d)" if word[-1].isdigit() else ""
    return re.search(rf"(?<!\w){re.escape(word)}{ending}", said, re.IGNORECASE) is not None


def _bullets(said: str, wanted: int) -> bool:
    lines = _lines(said)
    return len(lines) == wanted and all(line.startswith("- ") for line in lines)


def _occurs(said: str, wanted: Mapping[str, int]) -> bool:
    return all(len(re.findall(rf"\b{word}s?\b", said, re.IGNORECASE)) == count for word, count in wanted.items())


def _palindrome(said: str, least: int) -> bool:
    letters = [char for char in said.casefold() if char.isalpha()]
    return len(letters) >= least and letters == letters[::-1]


def _line_ends(said: str, wanted: Mapping[int, str]) -> bool:
    lines = _lines(said)
    return all(number <= len(lines) and _ends(lines[number - 1], word) for number, word in wanted.items())


def _ends(said: str, wanted: str) -> bool:
    bare = said.rstrip(" \"'»”’)*")
    return bare.endswith(wanted) if not wanted.isalpha() else _said_words(said)[-1:] == [wanted]


def _sentence_words(said: str, wanted: Sequence[int]) -> bool:
    return [len(_said_words(sentence)) for sentence in _sentences(said)] == list(wanted)


def _sentences(said: str) -> list[str]:
    return [part for part in SENTENCE_END.split(said) if WORD.search(part)]


def _said_words(said: str) -> list[str]:
    return WORD.findall(said.casefold())


def _lines(said: str) -> list[str]:
    return [line.strip() for line in said.splitlines() if line.strip()]


def _unfenced(said: str) -> str:
    fenced = FENCED.search(said)
    return fenced[1] if fenced else said.strip("`")


def _bare(said: str) -> str:
    """Without the quotation marks, emphasis and full stop that models put around a word."""
    return _unfenced(said).strip().strip("*_`\"'“”„«» ").rstrip(".!").strip("*_`\"'“”„«» ")


CHECKS: Mapping[str, Check] = {
    "number": _number,
    "last": _last,
    "output": _output,
    "patterns": _patterns,
    "json": _json,
    "exact": _exact,
    "words": _words,
    "without": lambda said, wanted: not any(_says(said, word) for word in wanted),
    "without_letter": lambda said, wanted: wanted not in said.casefold(),
    "most_words": lambda said, wanted: len(_said_words(said)) <= wanted,
    "least_words": lambda said, wanted: len(_said_words(said)) >= wanted,
    "sentences": lambda said, wanted: len(_sentences(said)) == wanted,
    "sentence_words": _sentence_words,
    "lines": lambda said, wanted: len(_lines(said)) == wanted,
    "line_ends": _line_ends,
    "words_per_line": lambda said, wanted: all(len(_said_words(line)) == wanted for line in _lines(said)),
    "initials": lambda said, wanted: "".join(line[0] for line in _lines(said)).upper() == wanted,
    "bullets": _bullets,
    "ends": _ends,
    "case": lambda said, wanted: said == said.upper(),
    "each_begins": lambda said, wanted: all(part.split()[0] == wanted for part in _sentences(said)),
    "each_word_begins": lambda said, wanted: all(word.startswith(wanted) for word in _said_words(said)),
    "occurs": _occurs,
    "palindrome": _palindrome,
}
