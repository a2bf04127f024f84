"""The unit that the guard reads: one text of a call, and what it is."""

from dataclasses import dataclass
from typing import Literal

PieceKind = Literal[
    "system", "user", "assistant", "reasoning", "arguments", "tool_result", "tool_schema", "document", "media"
]


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a call, as it would be sent. Media have no text but a kind, such as image."""

    kind: PieceKind
    text: str
    media: str = ""
