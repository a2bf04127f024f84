"""Look up what a word can be: a first name, a surname, a place, an everyday word, or known to everybody."""

import gzip
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sluice.guard.naming.inflection import stems
from sluice.guard.naming.vocabulary import PARTICLES
from sluice.guard.values import ModelMissing

FIRST, LAST, PLACE, ENGLISH, GERMAN, OTHER, KNOWN, LARGE = (1 << bit for bit in range(8))
_FLAGS = dict(zip("FLSEDRKB", (FIRST, LAST, PLACE, ENGLISH, GERMAN, OTHER, KNOWN, LARGE), strict=True))
FOREIGN = GERMAN | OTHER
ORDINARY = ENGLISH | FOREIGN
NAMES = FIRST | LAST
_DATA = Path(__file__).parent / "data" / "lexicon.txt.gz"
_LEAST_INFLECTED = 5  # letters; shorter words are too often something else


@cache
def lexicon() -> Mapping[str, int]:
    """Return the flags of every word and every place of several words, in lower case; read once."""
    return read(_DATA)


def read(file: Path) -> Mapping[str, int]:
    """Return the flags that a file lists; `data/README.md` has its form.

    Raises ModelMissing if the file is not there, so that nobody goes on without names being found.
    """
    try:
        lines = gzip.decompress(file.read_bytes()).decode().splitlines()
    except (OSError, EOFError) as error:
        raise ModelMissing("the lexicon of names is not installed") from error
    words: dict[str, int] = {}
    for line in lines:
        marks, _, members = line.partition(" ")
        words.update(dict.fromkeys(members.split("|"), sum(_FLAGS[mark] for mark in marks)))
    return words


def flags_of(lower: str) -> int:
    """Return what is known of a word in lower case, by its parts, its plain form or without its accents if need be."""
    words = lexicon()
    flags = words.get(lower)
    if flags is None and ("-" in lower or "\u2011" in lower):
        return _of_parts(lower.replace("\u2011", "-"))
    if flags is None and not lower.isascii():
        flags = words.get(unicodedata.normalize("NFC", lower), words.get(without_accents(lower)))
    if not flags:
        return _of_inflected(lower)
    if flags & ~FOREIGN == 0 and lower.endswith("s") and len(lower) > _LEAST_INFLECTED:
        return _of_name(lower[:-1]) or flags  # `Müllers` is in every list of German words
    return flags


def _of_inflected(lower: str) -> int:
    if len(lower) < _LEAST_INFLECTED:
        return 0
    return next((found for stem in stems(lower) if (found := _of_name(stem))), 0)


def _of_name(stem: str) -> int:
    """Return the flags of a word that is a name and nothing else; 0 for all others."""
    flags = lexicon().get(stem, 0)
    return flags & NAMES if flags & NAMES and not flags & ~NAMES else 0


def _of_parts(lower: str) -> int:
    parts = [lexicon().get(part, 0) for part in lower.split("-") if part and part not in PARTICLES]
    if parts and all(part & NAMES and not part & ENGLISH for part in parts):
        return parts[0] & FIRST or LAST
    if parts and all(part & LAST for part in parts):
        return LAST
    if any(part & (ORDINARY | KNOWN) for part in parts):
        return ENGLISH
    return 0


def without_accents(word: str) -> str:
    """Return the word in plain letters: `müller` as `muller`, `søren` as `soren`."""
    plain = unicodedata.normalize("NFD", word).translate(_PLAIN)
    return "".join(character for character in plain if not unicodedata.combining(character))


_PLAIN = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "đ": "d", "æ": "ae", "ð": "d", "þ": "th", "ı": "i"})
