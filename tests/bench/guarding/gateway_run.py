"""Send every document through the real gateway to a cloud model picked by name, and count what really left."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluice.masking.people import TITLES

from tests.bench.guarding import corpora
from tests.bench.guarding.corpora import Document, Span
from tests.bench.guarding.metrics import percent
from tests.conftest import unused_port
from tests.server.process import CONFIG, Running, person
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer

MODEL = "gpt"
_WORD = re.compile(r"\w{4,}")
_ANSWER = Answer("Noted.")
# Words of addresses and accounts that tell nothing of anybody; so do titles, which leave on purpose.
_ORDINARY = frozenset({"account", "code", "flat", "road", "route", "sort", "street", "suite", "unit"})


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one document: `left` is all text that the cloud received, None where it received nothing.

    `asked` says that it would have left masked, had the person agreed; here nobody answers.
    """

    document: Document
    left: str | None
    local: bool
    status: int
    asked: bool

    @property
    def outcome(self) -> str:
        if self.left is None:
            return "asked, so local" if self.asked else "local" if self.local else "refused"
        return "sent as it was" if self.document.text in self.left else "masked"

    @property
    def whole(self) -> list[Span]:
        """Strong identifiers that the cloud received in full."""
        return [span for span in self.document.strong if self.left and _holds(self.left, self._value(span))]

    @property
    def partly(self) -> list[Span]:
        """Strong identifiers of which a word or number left that the rest of the document does not hold."""
        return [span for span in self.document.strong if self.left and self._own_words(span) & _words(self.left)]

    def _value(self, span: Span) -> str:
        return self.document.text[span.start : span.end]

    def _own_words(self, span: Span) -> set[str]:
        strong = [(other.start, other.end) for other in self.document.strong]
        elsewhere = _words("".join(_outside(self.document.text, strong)))
        return _words(self._value(span)) - elsewhere - TITLES - _ORDINARY


def measure(data: Path, *, every: int = 1) -> dict[str, Any]:
    """Figures for each corpus: what left in clear, and how many calls stayed, were masked or asked."""
    sets = {
        "shared_sentences": corpora.synthetic(data),
        **{f"own_{name}": corpora.own(name) for name in corpora.OWN_SETS},
        "ordinary_prompts": [prompt for half in corpora.HALVES for prompt in corpora.prompts(half)],
    }
    with tempfile.TemporaryDirectory() as folder, Cloud() as cloud, Ollama() as ollama:
        cloud.script.always(_ANSWER)
        ollama.script.always(_ANSWER)
        with Running(Path(folder), unused_port(), _environ(cloud, ollama), CONFIG) as running:
            send = _Sender(running, cloud, ollama)
            return {name: _figures([send(one) for one in documents[::every]]) for name, documents in sets.items()}


class _Sender:
    """Asks the gateway, one document after the other, each in a chat of its own."""

    def __init__(self, running: Running, cloud: Cloud, ollama: Ollama) -> None:
        self._running, self._cloud, self._ollama = running, cloud, ollama

    def __call__(self, document: Document) -> Sent:
        self._cloud.record.clear()
        self._ollama.record.clear()
        headers, messages = person(), [{"role": "user", "content": document.text}]
        body = {"model": f"sluice.{MODEL}", "messages": messages}
        judged = self._running.post("/sluice/v1/inspect", json=body, headers=headers).json()
        answer = self._running.ask(document.text, MODEL, headers=headers)
        bodies = [received.json for received in self._cloud.record.chats()]
        left = "\n".join(text for body in bodies for text in _strings(body)) if bodies else None
        asked = judged["action"] == "ask"
        return Sent(document, left, bool(self._ollama.record.chats()), answer.status_code, asked)


def _figures(sent: Sequence[Sent]) -> dict[str, Any]:
    if not sent:
        return {"skipped": "the data folder is absent"}
    outcomes = Counter(one.outcome for one in sent)
    masked = outcomes["masked"] + outcomes["asked, so local"]
    return {
        "documents": len(sent),
        "left_in_clear_percent": percent(sum(bool(one.whole) for one in sent), len(sent)),
        "left_partly_percent": percent(sum(bool(one.partly) for one in sent), len(sent)),
        "strong_identifiers_left": sum(len(one.whole) for one in sent),
        "strong_identifiers": sum(len(one.document.strong) for one in sent),
        "left_by_type": dict(Counter(span.type for one in sent for span in one.whole).most_common()),
        "asked_of_what_would_leave_masked_percent": percent(outcomes["asked, so local"], masked),
        "outcomes": dict(outcomes),
        "failed_calls": sum(one.status != 200 for one in sent),
    }


def _environ(cloud: Cloud, ollama: Ollama) -> dict[str, str]:
    return {
        **os.environ,
        "OLLAMA_BASE_URL": ollama.url,
        "OPENAI_API_BASE": cloud.openai_base,
        "OPENAI_API_KEY": cloud.key,
    }


def _strings(value: Any) -> Iterator[str]:
    """Every string in a body, and what JSON in a string holds."""
    if isinstance(value, str):
        yield value
        if value[:1] in "{[":
            try:
                yield from _strings(json.loads(value))
            except ValueError:
                return
    elif isinstance(value, dict):
        for part in value.values():
            yield from _strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _holds(text: str, value: str) -> bool:
    """Whether a value stands in a text as whole words, however it is spaced."""
    spaced = r"\s+".join(re.escape(word) for word in value.split())
    return re.search(rf"(?<!\w){spaced}(?!\w)", text) is not None


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


def _outside(text: str, stretches: Sequence[tuple[int, int]]) -> Iterator[str]:
    done = 0
    for start, end in sorted(stretches):
        yield text[done:start] + " "
        done = end
    yield text[done:]
