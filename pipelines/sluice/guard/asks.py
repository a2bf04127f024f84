"""What a person is asked about before it leaves: attachments, and messages in which something may be unrecognised."""

from collections.abc import Sequence, Set
from hashlib import blake2b

from sluice.chat.piece import Piece
from sluice.guard.values import Ask, Finding

# Labels of attached material name it, so that a consent given later can be found.
ATTACHED = "document:"
DOUBTFUL = "doubtful"
# Begins the id of an ask about a message, which is its label as well.
DOUBTED = f"{DOUBTFUL}:"
MESSAGE = "message"
# What a model wrote is made of what stands before it; attachments are asked about anyway.
_MAY_BE_DOUBTED = frozenset({"system", "user", "tool_result"})


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
        if piece.kind in _MAY_BE_DOUBTED and any(finding.klass == DOUBTFUL for finding in findings):
            id = doubt_id(piece, salt)
            asks[id] = Ask(id, MESSAGE)
    for label in sorted(labels):
        if label.startswith(ATTACHED):
            id = label.removeprefix(ATTACHED)
            asks.setdefault(id, Ask(id, "document"))
        elif label.startswith(DOUBTED):
            asks.setdefault(label, Ask(label, MESSAGE))
    return tuple(asks.values())


def attached_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the files, retrieved texts and media among the pieces that not everybody may read."""
    return [piece for piece in pieces if piece.kind in ("document", "media") and not piece.public]


def ask_id(piece: Piece, salt: bytes) -> str:
    """Return what names an attachment without telling it: its source or file where it has one, else its content."""
    source = piece.source or piece.name
    return _hashed(f"name\0{source}" if source else f"content\0{piece.media}\0{piece.data or piece.text}", salt)


def doubt_id(piece: Piece, salt: bytes) -> str:
    """Return what names a message by its content, without telling it."""
    return DOUBTED + _hashed(f"message\0{piece.text}", salt)


def class_of(ask: Ask) -> str:
    """Return the class whose policy says what happens to what is asked about."""
    return DOUBTFUL if ask.kind == MESSAGE else "document"


def label_of(ask: Ask) -> str:
    """Return the label by which later messages of the branch know of it."""
    return ask.id if ask.kind == MESSAGE else f"{ATTACHED}{ask.id}"


def _hashed(named: str, salt: bytes) -> str:
    return blake2b(named.encode("utf-8", "surrogatepass"), digest_size=16, key=salt[:64]).hexdigest()
