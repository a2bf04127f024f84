"""The unit that the guard reads: one text of a call, and what it is."""

from dataclasses import dataclass
from typing import Literal

PieceKind = Literal[
    "system", "user", "assistant", "reasoning", "arguments", "tool_result", "tool_schema", "document", "media"
]


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a call, as it would be sent. Media have no text but a kind, such as image, and their data."""

    kind: PieceKind
    text: str
    media: str = ""
    name: str = ""  # of the file or tool that a document comes from
    source: str = ""  # what a consent to a document is for, where its name alone does not say
    data: str = ""  # of an image: its `data:` URL
    public: bool = False  # listed as something that anybody may read
