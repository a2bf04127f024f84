"""Tell who is meant by a name: one person may be written in many ways, and two may share a part of them."""

import re
from collections.abc import Iterator


def words(text: str) -> frozenset[str]:
    """Return the words of a list."""
    return frozenset(text.split())


# Before or after a name; they name nobody.
TITLES = words(
    "mr mrs ms miss mx dr prof professor sir madam lord lady herr herrn frau hr fr familie mme mlle monsieur madame m"
    " mademoiselle señor señora sr sra don doña signor signora sig dott dottore dottoressa mevrouw meneer dhr mevr"
    " pan pani panie senhor senhora dona ing dipl med phd msc bsc jr sen junior senior kollege kollegin"
)
# Within a name, such as in Ludwig van Beethoven.
_PARTICLES = words("van von der den de del della di da do dos du la le les el al bin ibn ben zu zur zum und and y e")
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})?")
POSSESSIVE = re.compile(r"['’`]s?$", re.IGNORECASE)
_SHORTEST = 3  # letters of a part that is looked for by itself


class People:
    """The people of a conversation, by number, each with all words that they were called."""

    def __init__(self) -> None:
        self._words: dict[int, frozenset[str]] = {}
        self._with: dict[str, set[int]] = {}  # who was called so, by word and by its first letter
        self._by_one: dict[str, set[int]] = {}  # everybody by one of their words, the one that fewest had

    def add(self, number: int, name: str) -> None:
        """Remember that this person was called so."""
        called = self._of(name)
        if called and not self._words.get(number):
            rarest = min(called, key=lambda word: (len(self._by_one.get(word, ())), -len(word)))
            self._by_one.setdefault(rarest, set()).add(number)
        self._words[number] = self._words.get(number, frozenset()) | called
        for word in called:
            self._with.setdefault(word, set()).add(number)
            self._with.setdefault(word[0], set()).add(number)

    def meant(self, name: str) -> int | None:
        """Return whom these words mean; None where that may be nobody or several people.

        Looks at those who have all of the words, and at those who have none but these: few, however many are known.
        """
        called = self._of(name)
        found: int | None = None
        for number in self._near(called):
            if number != found and _agree(called, self._words[number]):
                if found is not None:
                    return None
                found = number
        return found

    def _near(self, called: frozenset[str]) -> Iterator[int]:
        """Yield everybody who may agree with these words, some of them twice."""
        yield from min((self._with.get(word, set()) for word in called), key=len, default=())
        for word in called | {word[0] for word in called}:
            yield from (one for one in self._by_one.get(word, ()) if self._shares(one, called))

    def _shares(self, number: int, called: frozenset[str]) -> bool:
        """Say whether somebody was called by one of these words; initials alone would mean anybody."""
        return any(number in self._with.get(word, ()) for word in called)

    def _of(self, name: str) -> frozenset[str]:
        """The words of a name, without titles and endings."""
        named = (word.casefold() for word in WORD.findall(POSSESSIVE.sub("", name)))
        return frozenset(self._without_ending(word) for word in named if word not in TITLES)

    def _without_ending(self, word: str) -> str:
        return word[:-1] if len(word) > 2 and word.endswith("s") and word[:-1] in self._with else word


def parts(name: str) -> list[str]:
    """Return the words of a full name that may stand for it alone; none where it is a single word."""
    named = WORD.findall(name)
    if len(named) < 2:
        return []
    meant = [word for word in named if len(word) >= _SHORTEST and word[0].isupper()]
    return [word for word in meant if word.casefold() not in TITLES | _PARTICLES]


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two sets of name words can mean one person: one says no more than the other, initials allowed."""
    fewer, more = sorted((one, other), key=len)
    return bool(fewer) and all(word in more or (len(word) == 1 and any(m[0] == word for m in more)) for word in fewer)
