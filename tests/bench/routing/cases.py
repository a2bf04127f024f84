"""Labelled questions of a workstation, as calls; corpora/routing/README.md says how they were labelled."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from sluice.chat import Call, TaskKind, read_call
from sluice.config.schema import Role

CORPORA = Path(__file__).resolve().parents[1] / "corpora" / "routing"
PICTURE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
# Pasted material of a usual report, about a dozen tokens a line.
LINE = "The committee notes the figures for the period and asks for the next report in spring.\n"
TOKENS_PER_LINE = 17
LANES: Mapping[str, str] = {
    "quick": "small", "everyday": "standard", "code-review": "coder", "deep-analysis": "frontier", "private": "local",
}  # fmt: skip

Half = Literal["dev", "held"]


@dataclass(frozen=True, slots=True)
class Case:
    """A question with the lowest rung whose answer would do."""

    id: str
    half: Half
    rung: Role
    kind: str  # task kind; of conversations: chat
    language: str
    question: str
    history: tuple[str, ...] = ()  # what was said before, a question first
    before: Role | Literal[""] = ""  # the rung that answered it
    preset: str = "auto"
    confined: bool = False
    regenerated: bool = False
    media: str = ""
    tokens: int = 0  # of pasted material

    @property
    def lane(self) -> str:
        """The lane of the preset."""
        return LANES.get(self.preset, "auto")

    def call(self) -> Call:
        """As Open WebUI would send it."""
        roles = ("user", "assistant")
        said = [{"role": roles[n % 2], "content": text} for n, text in enumerate(self.history)]
        return read_call({"model": f"sluice.{self.lane}", "messages": [*said, *self._asked()]})

    def _asked(self) -> list[dict[str, Any]]:
        if self.regenerated:
            return []
        text = self.question + ("\n\n" + LINE * (self.tokens // TOKENS_PER_LINE) if self.tokens else "")
        content: Any = [{"type": "text", "text": text}, PICTURE] if self.media == "image" else text
        return [{"role": "user", "content": content}]


def cases() -> list[Case]:
    """Every labelled question; those of a section fall in turns to the half that is tuned on and the one held out."""
    return [*_questions(), *_conversations()]


def blind_cases() -> list[Case]:
    """Labelled questions by somebody who knew the rule and not the router; blind.jsonl has the fields of a case."""
    lines = (CORPORA / "blind.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case(**{**fields, "history": tuple(fields["history"])}) for fields in map(json.loads, lines)]


def _questions() -> Iterator[Case]:
    for number, place, head, line in _lines(CORPORA / "questions.txt"):
        rung, kind, language, *more = head.split()
        assert kind in get_args(TaskKind)
        yield Case(f"q-{number}", _half(place), _rung(rung), kind, language, line, **_more(more))


def _conversations() -> Iterator[Case]:
    for number, place, head, line in _lines(CORPORA / "conversations.txt"):
        rung, language, *more = head.split()
        *history, question = [part.strip() for part in line.split(" ||")]
        fields = _more(more)
        if fields.get("regenerated"):
            history, question = history[:1], ""
        yield Case(f"c-{number}", _half(place), _rung(rung), "chat", language, question, tuple(history), **fields)


def _lines(path: Path) -> Iterator[tuple[int, int, str, str]]:
    """The number of a line, its place in its section, the section's head, and the line."""
    head, place = "", 0
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            head, place = line[2:], 0
        elif line.strip():
            yield number, place, head, line.replace("\\n", "\n")
            place += 1


def _half(place: int) -> Half:
    return "held" if place % 2 else "dev"


def _rung(word: str) -> Role:
    assert word in get_args(Role), word
    return word  # type: ignore[return-value]


def _more(words: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = dict(word.split("=") for word in words)
    for name in ("confined", "regenerated"):
        if name in fields:
            fields[name] = fields[name] == "yes"
    return {**fields, "tokens": int(fields.get("tokens", 0))}
