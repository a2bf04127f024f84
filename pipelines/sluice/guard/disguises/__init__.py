"""Undo what hides a secret from a reader of plain text, and keep where everything stood.

`characters` undoes invisible and look-alike characters, `escapes` what JSON, HTML, addresses and mail make of them,
`splits` keys cut into parts, `spoken` e-mail addresses in words, `blobs` what is encoded as base64 or hex.
"""

from collections.abc import Iterator

from sluice.guard.disguises import blobs, characters, escapes, splits, spoken
from sluice.guard.disguises.reading import Reading, excerpts, whole
from sluice.guard.disguises.words import Words

__all__ = ["Reading", "readings"]

_LAYERS = 3  # of escapes within escapes


def readings(text: str) -> Iterator[Reading]:
    """Yield what else a text says once its disguises are undone; nothing for a text that has none.

    Each reading holds only the surroundings of what was undone, and maps back to the text.
    """
    plain = whole(text).rewritten(characters.edits(text))
    for _ in range(_LAYERS):
        undone = plain.rewritten(escapes.edits(plain.text))
        if undone is plain:
            break
        plain = undone
    yield from excerpts(plain, named=True)
    words = Words.of(plain.text)
    joined = plain.rewritten(splits.edits(plain.text, words))
    if joined is not plain:
        yield from excerpts(joined, since=plain)
    told = plain.rewritten(spoken.edits(plain.text))
    if told is not plain:
        yield from excerpts(told, since=plain)
    yield from blobs.decoded(joined, words if joined is plain else Words.of(joined.text))
