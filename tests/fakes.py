"""Stand-ins for our own slow parts: small classes with the same shape, deterministic and in one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import httpx
from sluice.chat import Piece
from sluice.errors import GuardFailed
from sluice.guard import CLASS_OF, Detector, Finding, Rule, Terms, Verdict, default_policy
from sluice.guard.joined import across
from sluice.guard.policy import decide, unfinished

_NO_TERMS = Terms()


class FakeGuard:
    """Finds words in capitals, and decides by the default policy, in which only legal matter is blocked.

    `judged` keeps the pieces of each call, `read` every text that was looked at. `once_judged` is called behind each
    verdict; with a `detector`, that finds things in place of the words.
    """

    ready = True
    WORDS: ClassVar[Mapping[str, tuple[str, bool]]] = {
        "PRIVATE": ("EMAIL_ADDRESS", False),
        "JANET": ("PERSON", True),
        "SECRET": ("API_KEY", False),
        "MARKED": ("CONFIDENTIAL_MARKING", False),
        "FORBIDDEN": ("PRIVILEGED_MARKING", False),
    }

    def __init__(self) -> None:
        self.once_judged: Callable[[], None] = lambda: None
        self.detector: Detector | None = None
        self.judged: list[Sequence[Piece]] = []
        self.read: list[str] = []
        self.policy: dict[str, Rule] = {**default_policy(), "legal": Rule("block", "block", "block")}

    def status(self) -> str:
        return "ready"

    async def inspect(self, text: str) -> list[Finding]:
        return list((await self.findings([text]))[text])

    async def findings(self, texts: Iterable[str], *, names: bool = True) -> dict[str, tuple[Finding, ...]]:
        found = {}
        for text in texts:
            self.read.append(text)
            if "FAILS" in text:
                raise GuardFailed("could not finish")
            found[text] = tuple(self.detector.find(text, names=names) if self.detector else _words(text))
        return found

    async def judge(
        self,
        pieces: Sequence[Piece],
        terms: Terms = _NO_TERMS,
        known: Sequence[Sequence[Finding]] = (),
    ) -> Verdict:
        self.judged.append(pieces)
        try:
            found = await self.findings([piece.text for piece in pieces])
        except GuardFailed as error:
            return unfinished(error.why, pieces, terms.salt)
        split = across([piece.text for piece in pieces if piece.kind == "user"])
        findings = [*found.values(), *known, [joined.finding for joined in split]]
        verdict = decide(pieces, findings, self.policy, terms)
        self.once_judged()
        return verdict


def _words(text: str) -> Iterator[Finding]:
    for word, (kind, weak) in FakeGuard.WORDS.items():
        for at in _places(text, word):
            yield Finding(kind, CLASS_OF[kind], at, at + len(word), 1.0, weak)


class FakeServers:
    """What local servers say when the fleet looks: by URL, an answer or an exception."""

    def __init__(self, answers: Mapping[str, Any] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[str] = []

    async def json(self, method: str, url: str, body: Mapping[str, Any] | None, key: str | None) -> Any:
        self.asked.append(url)
        answer = self.answers.get(url, httpx.ConnectError(""))
        if isinstance(answer, Exception):
            raise answer
        return answer


def _places(text: str, word: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]
