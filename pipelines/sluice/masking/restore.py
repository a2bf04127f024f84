"""Put values back into an answer while it streams, whatever a model made of the placeholders."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sluice.masking.json_text import Letters
from sluice.masking.map import Entry, Map
from sluice.masking.placeholders import BEGINS, FORMS, LONGEST, WORDS
from sluice.masking.places import Place, Surroundings

_ENDINGS = frozenset("sn")  # letters that are no variant, but a plural or a case: `[PERSON_1s]`
_INVENTED_BEGINS = re.compile(r"[\\\[【［〔{<]|(?<!\w)[\w+(]")


@dataclass(frozen=True, slots=True)
class Rest:
    """What was held back when an answer ended."""

    content: str = ""
    reasoning: str = ""
    arguments: Mapping[int, str] = field(default_factory=dict)


class Restorer:
    """Restores one answer. `reaches_out` says of a tool's name whether it goes to the network."""

    def __init__(self, map: Map, *, reaches_out: Callable[[str], bool] = lambda name: False) -> None:
        self._map = map
        self._reaches_out = reaches_out
        self._content = _Stream(map)
        self._reasoning = _Stream(map)
        self._arguments: dict[int, _Stream] = {}

    def content(self, piece: str) -> str:
        """Return what can be shown of the answer after this piece."""
        return self._content.add(piece)

    def reasoning(self, piece: str) -> str:
        """Return what can be shown of the reasoning after this piece."""
        return self._reasoning.add(piece)

    def arguments(self, index: int, piece: str, tool: str) -> str:
        """Return what a tool gets after this piece of its arguments, which are JSON; a nameless one gets no values."""
        if not tool or self._reaches_out(tool):
            return piece
        return self._arguments.setdefault(index, _Stream(self._map, is_json=True)).add(piece)

    def end(self) -> Rest:
        """Return all that was held back."""
        arguments = {index: stream.end() for index, stream in self._arguments.items()}
        return Rest(self._content.end(), self._reasoning.end(), arguments)


def restore(text: str, map: Map) -> str:
    """Return a whole text with its values."""
    stream = _Stream(map)
    return stream.add(text) + stream.end()


class _Stream:
    """One text that comes in pieces."""

    def __init__(self, map: Map, *, is_json: bool = False) -> None:
        self._map = map
        self._forms = map.invented.forms(FORMS)
        self._begins = BEGINS if self._forms is FORMS else _INVENTED_BEGINS
        self._longest = max(LONGEST, map.invented.longest)
        self._held = ""
        self._letters = Letters() if is_json else None
        self._around = Surroundings(is_json=is_json)

    def add(self, piece: str) -> str:
        if not piece:
            return ""
        text = self._held + (self._letters.add(piece) if self._letters else piece)
        clear = self._clear(text)
        self._held = text[clear:]
        return self._restored(text[:clear])

    def end(self) -> str:
        held, self._held = self._held + (self._letters.end() if self._letters else ""), ""
        return self._restored(held)

    def _clear(self, text: str) -> int:
        """How far a text is clear: behind that a placeholder may be about to come."""
        before = self._around.before
        whole, shift = before + text, len(before)
        for begins in self._begins.finditer(whole, max(shift, len(whole) - self._longest)):
            if self._forms.fullmatch(whole, begins.start(), partial=True):
                return int(begins.start() - shift)
        return len(text)

    def _restored(self, text: str) -> str:
        before = self._around.before
        done, end = [], len(before)
        whole = before + text
        for match in self._map.invented.forms_in(whole, len(before)):
            self._around.add(whole[end : match.start()])
            done.append(whole[end : match.start()])
            value = None if self._around.is_address else self._written(self._value(match))
            self._around.add(match[0])
            done.append(match[0] if value is None else value)
            end = match.end()
        self._around.add(whole[end:])
        return "".join([*done, whole[end:]])

    def _value(self, match: Any) -> str | None:
        """What a match stands for; None where it is no placeholder of this conversation."""
        if match["word"] is None:
            return self._map.invented.real(match)
        letter = (match["letter"] or "").lower()
        entry = self._map.entry(int(match["number"]), letter)
        ending = match["ending"] or ""
        if entry is None and letter in _ENDINGS:
            entry, ending = self._map.entry(int(match["number"]), ""), letter + ending
        return entry.value + ending if entry and entry.is_restored and _is_meant(match, entry) else None

    def _written(self, value: str | None) -> str | None:
        return None if value is None else _WRITTEN[self._around.place](value)


def _is_meant(match: Any, entry: Entry) -> bool:
    """Whether the word fits; where a bracket is missing, there must be a line too: `[Person 1`."""
    fits = match["word"].casefold() in WORDS[entry.word]
    whole = (match["open"] and match["close"]) or not match["open"]
    return fits and bool(whole or (match["separator"] or "").strip().endswith("_"))


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def _in_table(value: str) -> str:
    """A row of a table is one line, and signs between its cells are not part of them."""
    return "<br>".join(value.splitlines()).replace("|", r"\|")


_WRITTEN: Mapping[Place, Callable[[str], str]] = {
    "text": str,
    "string": _in_json,
    "nested": lambda value: _in_json(_in_json(value)),
    "row": _in_table,
}
