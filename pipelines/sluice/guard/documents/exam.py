"""Recognize a question of an exam: it ends in a few short lettered answers to choose from, so its case is invented."""

import re

_OPTION = re.compile(r"[ \t]*\(?([a-j])[.):][ \t]+\S")
_CLOSING = re.compile(
    r"[ \t]*(?:the )?(?:correct )?(?:answers?|solution|antwort|réponse|respuesta|risposta|antwoord)\b"
)
_ASKED = re.compile(
    r"\?|_{3,}|[:,–—-]$|\b(?:which|what|whose|most likely|least likely|except|following|answer|true|false|welche|quel|"
    r"laquelle|cuál|quale|welke)\b"
)
_TAIL = 4_000  # characters in which the answers stand
_FEWEST = 3
_LONGEST = 220  # characters of one answer, and half of that on average
_QUESTION = 300  # characters before the answers in which something is asked


def is_exam(lowered: str) -> bool:
    """Say whether a text in lower case is such a question.

    Lettered clauses of a contract are none: they are long or end in more text, and what stands before asks nothing.
    """
    lines = [line for line in lowered[-_TAIL:].rstrip().split("\n") if line.strip()]
    while lines and len(lines[-1]) < 40 and _CLOSING.match(lines[-1]):
        lines.pop()
    number = _answers(lines)
    if number < _FEWEST or not _are_short(lines[-number:]):
        return False
    before = "\n".join(lines[:-number])[-_QUESTION:].rstrip()
    return bool(_ASKED.search(before)) or before[-1:].isalnum()


def _answers(lines: list[str]) -> int:
    """Return how many lines at the end are the answers A, B, C and so on, each letter once."""
    letters = ""
    for line in reversed(lines):
        match = _OPTION.match(line)
        if match is None or (letters and ord(match[1]) != ord(letters[0]) - 1):
            return 0
        letters = match[1] + letters
        if match[1] == "a":
            return len(letters)
    return 0


def _are_short(answers: list[str]) -> bool:
    lengths = list(map(len, answers))
    return max(lengths) <= _LONGEST and sum(lengths) <= _LONGEST // 2 * len(answers)
