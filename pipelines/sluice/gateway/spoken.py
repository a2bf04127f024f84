"""Keep what a person has seen of an answer, so that another model can go on where one broke off."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sluice.gateway.joint import Joint
from sluice.upstream import Delta

# The most of an unfinished word that is held back; longer ones are addresses, or a script without spaces. The same of
# white space, of which a model that has lost its way may send any length.
LONGEST_WORD = 40


class Spoken:
    """One answer, over all models that have a part in it.

    The word that is being written is held back until it is whole, so that an answer always breaks off between words.
    Calls of tools are held back until the answer is finished: one that was never sent on cannot run twice.
    """

    def __init__(self) -> None:
        self._said: list[str] = []
        self._word = ""
        self._rest = ""  # the word that nobody has gone on after yet
        self._calls: list[Mapping[str, Any]] = []
        self._joint: Joint | None = None

    @property
    def text(self) -> str:
        """What the person has seen."""
        return "".join(self._said)

    @property
    def is_visible(self) -> bool:
        """The person has seen something of the answer itself; reasoning does not count."""
        return any(not part.isspace() for part in self._said)

    def take(self, delta: Delta) -> Iterator[Delta]:
        """Yield what the person gets to see of a piece."""
        self._calls += delta.tool_calls
        content = self._joint.add(delta.content) if self._joint else delta.content
        if content:
            self._rest = ""
        if delta.finish_reason:
            yield from self._end(delta, content + (self._joint.end() if self._joint else ""))
            return
        piece = replace(delta, content=self._whole_words(content), tool_calls=())
        if not piece.is_empty:
            yield piece

    def break_off(self) -> None:
        """The model that spoke is gone: forget what it had not finished, and wait for the next one."""
        space = self._word[: len(self._word) - len(self._word.lstrip())]
        if self._joint and not self._joint.joined:
            space = self._joint.gap  # it only repeated what was said before
        self._rest = self._word or self._rest
        self._word, self._calls = "", []
        self._joint = Joint(self.text, space) if self.is_visible else None

    def rest(self) -> Delta:
        """What was held back of the text where it broke off, for when nobody goes on."""
        rest, self._rest = self._rest, ""
        return Delta(content=self._say(rest))

    def _end(self, delta: Delta, content: str) -> Iterator[Delta]:
        text = self._say(self._word + content)
        self._word = ""
        if text or delta.reasoning:
            yield replace(delta, content=text, tool_calls=(), finish_reason=None)
        if self._calls:
            yield Delta(tool_calls=self._calls)
        yield Delta(finish_reason=delta.finish_reason, usage=delta.usage)

    def _whole_words(self, content: str) -> str:
        if not content:
            return ""
        text = self._word + content
        at = _begin_of_word(text)
        self._word = text[at:]
        return self._say(text[:at])

    def _say(self, text: str) -> str:
        if text:
            self._said.append(text)
        return text


def _begin_of_word(text: str) -> int:
    """Where the last, perhaps unfinished word begins, with the white space before it."""
    at = len(text)
    while at and not _ends_word(text[at - 1]):
        at -= 1
        if len(text) - at > LONGEST_WORD:
            return len(text)
    end_of_space = at
    while at and text[at - 1].isspace():
        at -= 1
        if end_of_space - at > LONGEST_WORD:
            return len(text)
    return at


def _ends_word(character: str) -> bool:
    return character.isspace() or unicodedata.east_asian_width(character) in "WF"
