"""What a person is asked about before it leaves: attachments, and messages in which something may be unrecognised."""

import re
from collections.abc import Mapping, Sequence, Set
from hashlib import blake2b
from types import MappingProxyType

from sluice.chat.own_words import own_words
from sluice.chat.piece import Piece
from sluice.guard.values import Ask, Finding

# Labels of attached material name it, so that a consent given later can be found.
ATTACHED = "document:"
DOUBTFUL = "doubtful"
# Begins the id of an ask about a message, which is its label as well.
DOUBTED = f"{DOUBTFUL}:"
# What an ask about a piece is called. What a model wrote is made of what stands before it; attachments are asked
# about anyway.
DOUBTED_KINDS: Mapping[str, str] = MappingProxyType(
    {"system": "instructions", "user": "message", "tool_result": "tool"}
)
_NUMBER = re.compile(r"\d+")


def asks_of(
    pieces: Sequence[Piece], groups: Sequence[Sequence[Finding]], labels: Set[str], salt: bytes
) -> tuple[Ask, ...]:
    """Return what is to be asked about, each once, and what earlier messages of the branch brought.

    `groups` begin with the findings of each piece.
    """
    asks = {}
    for piece in attached_of(pieces):
        id = ask_id(piece, salt)
        asks[id] = Ask(id, piece.media or "document", piece.name)
    for piece, findings in zip(pieces, groups, strict=False):
        if piece.kind in DOUBTED_KINDS and any(finding.klass == DOUBTFUL for finding in findings):
            id = doubt_id(piece, salt)
            asks[id] = Ask(id, DOUBTED_KINDS[piece.kind])
    for label in sorted(labels):
        if label.startswith(ATTACHED):
            id = label.removeprefix(ATTACHED)
            asks.setdefault(id, Ask(id, "document"))
        elif label.startswith(DOUBTED):
            asks.setdefault(label, Ask(label, DOUBTED_KINDS["user"]))
    return tuple(asks.values())


def attached_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the files, retrieved texts and media among the pieces that not everybody may read."""
    return [piece for piece in pieces if piece.kind in ("document", "media") and not piece.public]


def ask_id(piece: Piece, salt: bytes) -> str:
    """Return what names an attachment without telling it: its source or file where it has one, else its content."""
    source = piece.source or piece.name
    return _hashed(f"name\0{source}" if source else f"content\0{piece.media}\0{piece.data or piece.text}", salt)


def doubt_id(piece: Piece, salt: bytes) -> str:
    """Return what names a message by its content, without telling it.

    What Open WebUI retrieves beside a person's words changes with every question, as a clock in instructions does:
    neither makes another message of it.
    """
    text = _NUMBER.sub("0", piece.text) if piece.kind == "system" else own_words({"content": piece.text})
    return DOUBTED + _hashed(f"{piece.kind}\0{text}", salt)


def class_of(ask: Ask) -> str:
    """Return the class whose policy says what happens to what is asked about."""
    return DOUBTFUL if ask.id.startswith(DOUBTED) else "document"


def label_of(ask: Ask) -> str:
    """Return the label by which later messages of the branch know of it."""
    return ask.id if ask.id.startswith(DOUBTED) else f"{ATTACHED}{ask.id}"


def _hashed(named: str, salt: bytes) -> str:
    return blake2b(named.encode("utf-8", "surrogatepass"), digest_size=16, key=salt[:64]).hexdigest()
