"""Part what a person wrote from what Open WebUI puts around it, and say how a later call may show it."""

from collections.abc import Iterator, Mapping
from typing import Any

# Open WebUI 0.12 changes the newest message only. Retrieved passages stand before the words, or behind them
# where an admin's template has them there, between these.
RETRIEVED_OPENS = ("<context>", "<source ")
RETRIEVED_ENDS = ("</context>", "</source>")
# Tags of files, before the words; and the prompt of the code interpreter, behind them.
ATTACHED_OPENS = "<attached_files>"
ATTACHED_ENDS = "</attached_files>"
CODE_PROMPT = "#### Code Interpreter\n\nYou have access to"


def texts(message: Mapping[str, Any]) -> str:
    """The text of a message's content, its parts joined by lines."""
    return "\n".join(_parts(message))


def own_words(message: Mapping[str, Any]) -> str:
    """A message without what Open WebUI is known to add; all of it where nothing would be left."""
    own = [words for part in _parts(message) if (words := _own(part))]
    return "\n".join(own) if own else texts(message)


def possible_words(message: Mapping[str, Any]) -> Iterator[str]:
    """Yield texts of which one holds the person's words, whatever an admin's own templates put around them."""
    text = texts(message)
    yield own_words(message)
    yield _behind(text)
    yield _before(text)


def _own(part: str) -> str:
    """Of two places that may hold the words, the one behind what was retrieved comes first."""
    places = (_without_code_prompt(place) for place in (_behind(part), _before(part)))
    return next((words for words in places if words), "")


def _behind(text: str) -> str:
    end = max(text.rfind(tag) + len(tag) if tag in text else 0 for tag in RETRIEVED_ENDS)
    return _without_attached(text[end:].lstrip()) if end else _without_attached(text)


def _before(text: str) -> str:
    starts = [text.find(tag) for tag in RETRIEVED_OPENS if tag in text]
    return _without_attached(text[: min(starts)].rstrip()) if starts else _without_attached(text)


def _without_attached(text: str) -> str:
    if not text.lstrip().startswith(ATTACHED_OPENS):
        return text
    _, closed, rest = text.partition(ATTACHED_ENDS)
    return rest.lstrip() if closed else text


def _without_code_prompt(text: str) -> str:
    words, found, _ = text.partition(CODE_PROMPT)
    return words.rstrip() if found else text


def _parts(message: Mapping[str, Any]) -> list[str]:
    content = message.get("content") or ""
    return [content] if isinstance(content, str) else [part.get("text") or "" for part in content]
