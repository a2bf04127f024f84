"""Find the people whom an organisation named in its configuration."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sluice.guard.naming.inflection import stems
from sluice.guard.naming.lexicon import lexicon, without_accents
from sluice.guard.naming.runs import Name
from sluice.guard.naming.tokens import Words, words_of

_LEAST = 3  # letters of a part that is recognized alone


class People:
    """The parts of their names, and who has each part."""

    def __init__(self, people: Sequence[str]) -> None:
        self._owners: dict[str, set[int]] = defaultdict(set)
        self._surnames: set[str] = set()
        for number, person in enumerate(people):
            parts = [_plain(kind.lower) for kind in words_of(person).kinds]
            for part in parts:
                self._owners[part].add(number)
            if parts:
                self._surnames.add(parts[-1])

    def find(self, words: Words) -> Iterator[tuple[Name, bool]]:
        """Yield each mention: several parts together in any order and case, or a part alone with a capital."""
        if not self._owners:
            return
        known = {kind.lower: self._part(kind.lower) for kind in set(words.kinds)}
        index, total = 0, len(words.kinds)
        while index < total:
            part = known[words.kinds[index].lower]
            if part is None:
                index += 1
                continue
            last = self._last(words, known, index)
            if last > index or self._counts_alone(words, index, part):
                yield Name("PERSON", index, last, full=last > index), True
            index = last + 1

    def _part(self, lower: str) -> str | None:
        plain = _plain(lower)
        if plain in self._owners:
            return plain
        return next((stem for stem in stems(plain) if stem in self._owners and len(stem) >= _LEAST), None)

    def _last(self, words: Words, known: dict[str, str | None], first: int) -> int:
        owners = self._owners[known[words.kinds[first].lower] or ""]
        last = first
        for index in range(first + 1, min(first + 6, len(words.kinds))):
            part = known[words.kinds[index].lower]
            if words.gap(index - 1).strip(" ,.-\t\u00a0") or (part is None and words.kinds[index].letter not in "IP"):
                break
            if part is not None:
                if not owners & self._owners[part]:
                    break
                last = index
        return last

    def _counts_alone(self, words: Words, index: int, part: str) -> bool:
        kind = words.kinds[index]
        if len(part) < _LEAST or kind.letter in "WP":
            return False
        ordinary = kind.letter in "EflbB" or (part in lexicon() and kind.letter == "K")
        return (not ordinary and (kind.capital or part in self._surnames)) or (
            kind.capital and not words.opens_sentence(index)
        )


def _plain(lower: str) -> str:
    return without_accents(lower.replace("ü", "ue").replace("ö", "oe").replace("ä", "ae"))
