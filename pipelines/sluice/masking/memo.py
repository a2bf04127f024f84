"""Remember how texts were masked, so that a conversation costs what is new in it."""

from collections.abc import Sequence

from sluice.masking.text import MaskedText, Span

_MOST = 400_000  # characters


class Memo:
    """The masked texts of one conversation, as long as nothing new is known in it."""

    def __init__(self) -> None:
        self._known = -1  # how much was known when they were masked
        self._size = 0
        self._texts: dict[tuple[str, tuple[Span, ...]], MaskedText] = {}

    def get(self, text: str, spans: Sequence[Span], known: int) -> MaskedText | None:
        """Return how a text was masked; None where it was not, or where more is known now."""
        return self._texts.get((text, tuple(spans))) if known == self._known else None

    def keep(self, text: str, spans: Sequence[Span], known: int, masked: MaskedText) -> None:
        """Remember how a text was masked when so much was known."""
        if known != self._known or self._size + len(text) > _MOST:
            self._texts, self._size, self._known = {}, 0, known
        self._texts[text, tuple(spans)] = masked
        self._size += len(text)
