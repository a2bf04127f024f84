"""What stands for what in one conversation: grows, and never renumbers."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sluice.errors import StaysLocal
from sluice.guard.asks import DOUBTFUL
from sluice.masking.invented import Invented
from sluice.masking.mentions import Mentions
from sluice.masking.people import POSSESSIVE, People
from sluice.masking.placeholders import MOST_VARIANTS, SECRET, TEXT, could_be_one, word_of, written
from sluice.masking.tree import Known

MOST_ENTRIES = 10_000  # some megabytes that each call of the chat writes anew
_BY_SIGNS = frozenset({"PHONE", "CARD", "IBAN", "ACCOUNT", "ID", "CUSTOMER"})  # spaces and dots mean nothing in them


@dataclass(frozen=True, slots=True)
class Entry:
    """One way of writing one thing, and what stands for it."""

    placeholder: str
    type: str
    klass: str
    value: str
    word: str
    number: int
    variant: int

    @property
    def is_restored(self) -> bool:
        """A secret that an admin lets out masked never comes back."""
        return self.word != SECRET

    @property
    def is_typed(self) -> bool:
        """Whether it is a placeholder that one sees is one, not an invented value."""
        return self.placeholder.startswith("[")


class Map:
    """The placeholders of one conversation. Not safe for two threads that add at once; the vault sees to that.

    With `invents`, values get invented ones where there is a safe form; see `invented`.
    """

    def __init__(self, entries: Iterable[Entry] = (), *, invents: bool = False) -> None:
        self.invents = invents
        self.invented = Invented()
        self._entries: list[Entry] = []
        self._by_value: dict[str, Entry] = {}
        self._by_number: dict[int, list[Entry]] = {}
        self._keys: dict[tuple[str, str], int] = {}
        self._people = People()
        self._mentions = Mentions()
        self._said = ""
        self._values = ""
        self._last = 0
        for entry in entries:
            self._add(entry)

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        """An empty map is a map."""
        return True

    def entries(self) -> Sequence[Entry]:
        """Return all entries in the order in which they came."""
        return tuple(self._entries)

    def hear(self, texts: Iterable[str]) -> None:
        """Listen to a conversation, so that no value is invented that occurs in it."""
        if self.invents:
            self._said = "\n".join(texts).casefold()

    def placeholder(self, type: str, klass: str, value: str) -> str:
        """Return what stands for a value, a new one if it is new."""
        if known := self._by_value.get(value):
            return known.placeholder
        word = word_of(type, klass)
        number = self._number(word, value)
        variant = len(self._by_number.get(number, ()))
        shown = self.invented.invent(type, value, self._is_free) if self.invents and word != SECRET else None
        entry = Entry(shown or written(word, number, variant), type, klass, value, word, number, variant)
        self._add(entry)
        return entry.placeholder

    def literal(self, value: str) -> str:
        """Return what stands for something that only looks like a placeholder."""
        if known := self._by_value.get(value):
            return known.placeholder
        number = self._next()
        entry = Entry(written(TEXT, number, 0), TEXT, "", value, TEXT, number, 0)
        self._add(entry)
        return entry.placeholder

    def entry(self, number: int, letter: str) -> Entry | None:
        """Return the entry of a number; None where there is none, or none with this letter."""
        entries = self._by_number.get(number)
        variant = ord(letter) - ord("a") if letter else 0
        return entries[variant] if entries and 0 <= variant < len(entries) else None

    def mentions(self, text: str) -> Iterator[tuple[int, int, Known]]:
        """Yield where something known stands in a text."""
        return self._mentions.find(text)

    def lookalikes(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where something stands that would be taken for a placeholder if it came back."""
        for match in self.invented.forms_in(text):
            if match["word"] is None or could_be_one(match):
                yield match.span()

    def _number(self, word: str, value: str) -> int:
        if word == "PERSON":
            meant = self._people.meant(value)
            if meant and self._has_room(meant):
                return meant
        number = self._keys.get((word, _key(word, value))) or 0
        return number if number and self._has_room(number) else self._next()

    def _has_room(self, number: int) -> bool:
        return len(self._by_number[number]) < MOST_VARIANTS

    def _next(self) -> int:
        return self._last + 1

    def _is_free(self, candidate: str) -> bool:
        return candidate.casefold() not in self._said and candidate not in self._values

    def _add(self, entry: Entry) -> None:
        if len(self._entries) >= MOST_ENTRIES:
            raise StaysLocal(f"more than {MOST_ENTRIES:,} values were masked in this chat, so this stays local")
        self._entries.append(entry)
        self._last = max(self._last, entry.number)
        self._by_value[entry.value] = entry
        self._by_number.setdefault(entry.number, []).append(entry)
        self._keys.setdefault((entry.word, _key(entry.word, entry.value)), entry.number)
        if entry.word == "PERSON":
            self._people.add(entry.number, entry.value)
        # A doubtful word is masked where it is doubted: it may well be an everyday word elsewhere.
        if entry.word != TEXT and entry.klass != DOUBTFUL:
            self._mentions.add(entry.value, entry.type, entry.klass)
        if self.invents:
            self._values += f"{entry.value}\n"
        if not entry.is_typed:
            self.invented.add(entry.type, entry.value, entry.placeholder)


def _key(word: str, value: str) -> str:
    """The same for each way of writing one value."""
    plain = unicodedata.normalize("NFKC", value).casefold()
    if word in _BY_SIGNS:
        return "".join(character for character in plain if character.isalnum())
    return " ".join(POSSESSIVE.sub("", plain).split())
