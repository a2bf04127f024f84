"""Take a question apart: what is asked, and the answers it offers to choose from."""

import re
from dataclasses import dataclass

# What is read of a longer text: people ask before or behind what they paste.
HEAD, TAIL = 12_000, 4_000
_OPTION = re.compile(r"[ \t]{0,4}[(\[]?([A-Za-z])[.)\]:][ \t]+(\S.*)")
_PROMPTING = re.compile(r"(?:answer|antwort|réponse|respuesta|risposta|antwoord)\s*:?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Question:
    """`stem` is the question without its options; `options` are what the person may choose from, mostly empty."""

    stem: str
    options: tuple[str, ...] = ()


def read(text: str) -> Question:
    """Return the parts of a text, of a very long one of its head and tail."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n{text[-TAIL:]}"
    lines = [line for line in text.splitlines() if not _PROMPTING.fullmatch(line)]
    marked = [_OPTION.match(line) for line in lines]
    first = next((at for at in range(len(marked) - 1, -1, -1) if (mark := marked[at]) and mark[1] in "Aa"), None)
    if first is None or not _are_options([mark[1] if mark else "" for mark in marked[first:]]):
        return Question("\n".join(lines).strip())
    options = [mark[2] if mark else line for mark, line in zip(marked[first:], lines[first:], strict=True)]
    return Question("\n".join(lines[:first]).strip(), tuple(option for option in options if option.strip()))


def _are_options(marks: list[str]) -> bool:
    """Whether lines are lettered on in order. A numbered list is no choice: it is a list of demands or steps."""
    letters = [mark.upper() for mark in marks if mark]
    return len(letters) > 1 and letters == [chr(ord("A") + at) for at in range(len(letters))]
