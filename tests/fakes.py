"""Stand-ins for our own slow parts: small classes with the same shape, deterministic and in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import httpx
from sluice.chat import Piece
from sluice.guard import Finding, Verdict


class FakeGuard:
    """Decides by words in capitals: PRIVATE, SECRET and FAILS stay local, FORBIDDEN is blocked.

    Attachments count as documents, as with the real one. `judged` keeps what it was given.
    """

    ready = True

    def __init__(self) -> None:
        self.judged: list[Sequence[Piece]] = []

    def status(self) -> str:
        return "ready"

    async def inspect(self, text: str) -> list[Finding]:
        return [Finding("WORD", "personal", at, at + 7, 1.0) for at in _places(text, "PRIVATE")]

    async def judge(self, pieces: Sequence[Piece]) -> Verdict:
        self.judged.append(pieces)
        text = " ".join(piece.text for piece in pieces)
        if "FAILS" in text:
            return Verdict("local", reasons=("the guard could not finish, so this stays local",), complete=False)
        if "FORBIDDEN" in text:
            return Verdict("block", {"confidential": 1}, frozenset({"confidential"}), ("confidential matter (1)",))
        if "SECRET" in text:
            return Verdict("local", {"secret": 1}, frozenset({"secret"}), ("a key or password (1)",))
        if "PRIVATE" in text:
            return Verdict("local", {"personal": 1}, frozenset({"personal"}), ("personal data (1)",))
        if any(piece.kind in ("document", "media") for piece in pieces):
            return Verdict("local", {"document": 1}, frozenset({"document"}), ("attached document",))
        return Verdict("allow")


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
