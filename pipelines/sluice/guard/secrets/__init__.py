"""Find keys, passwords and other secrets by how they are written and by the words around them.

`formats` knows keys that their own letters give away, `blocks` those of several lines, `connections` addresses
with a password in them, `headers`, `commands`, `columns` and `logins` what stands in requests, in command lines, in
tables and behind a user's name, and `named` everything that only the words before it make a secret. `values` tells
a value from a placeholder and from code.
"""

from collections.abc import Iterator

from sluice.guard.secrets import blocks, columns, commands, connections, formats, headers, logins, named
from sluice.guard.secrets.folding import folded
from sluice.guard.values import Finding

__all__ = ["find"]

_FINDERS = (formats, blocks, connections, headers, commands, columns, logins, named)


def find(text: str) -> Iterator[Finding]:
    """Yield every secret found; they may overlap. Time is linear in the length of the text."""
    lowered = folded(text)
    for finder in _FINDERS:
        yield from finder.find(text, lowered)
