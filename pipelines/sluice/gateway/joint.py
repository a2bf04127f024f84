"""Join what one model said with what the next goes on with, so that nothing is said twice or lost."""

import re
import unicodedata

# A repetition with fewer letters is more likely chance, unless it is all that was said.
LETTERS = 2
# One that is so long may begin within a word.
SURE = 12
# Whoever begins with so many characters of the beginning starts over.
RESTART = 24
# Who starts over in other words is followed until these last characters of what was said come by,
TAIL = 24
# or so many characters more than what was said; then it is another answer.
PATIENCE = 400
# What is held back is searched anew when it has grown by one part in so many: looking costs time by its length.
GROWTH = 32

ELLIPSIS = re.compile(r"\A\s*(?:…|\.\.\.)")
CLOSING = frozenset(",.;:!?)]}%")
SPACES = re.compile(r"\s+")


class Joint:
    """Takes a continuation piece by piece and gives back what is new in it.

    `gap` is the white space that is known to have followed what was said; empty where none did, or nobody knows.
    Runs of white space count as equal. What may still turn out to be a repetition is held back.
    """

    def __init__(self, said: str, gap: str) -> None:
        self._said = squeezed(said).strip()
        self.gap = gap
        self.joined = False  # something new has come
        self._pieces: list[str] = []
        self._length = 0
        self._look_at = 0

    def add(self, text: str) -> str:
        """Return what can be said now."""
        if self.joined:
            return text
        self._pieces.append(text)
        self._length += len(text)
        if self._length < self._look_at:
            return ""
        self._look_at = self._length + self._length // GROWTH
        came = ELLIPSIS.sub("", self._came).lstrip()
        undecided = "...".startswith(came) or self._may_repeat(squeezed(came))
        return "" if undecided else self._join()

    def end(self) -> str:
        """Return what is left when nothing more comes."""
        return "" if self.joined else self._join()

    @property
    def _came(self) -> str:
        return "".join(self._pieces)

    def _may_repeat(self, came: str) -> bool:
        if came in self._said:
            return True
        return self._starts_over(came) and self._tail not in came and len(came) < len(self._said) + PATIENCE

    def _join(self) -> str:
        self.joined = True
        came = ELLIPSIS.sub("", self._came)
        plain = squeezed(came.lstrip())
        if repeated := _repeated(self._said, plain, whole_words=bool(self.gap)):
            return _after(came, repeated)
        if self._starts_over(plain):
            at = plain.find(self._tail)
            return _after(came, at + len(self._tail)) if at >= 0 else f"\n\n{came.lstrip()}"
        return self._spaced(came)

    def _starts_over(self, came: str) -> bool:
        return len(self._said) >= RESTART and came.startswith(self._said[:RESTART])

    @property
    def _tail(self) -> str:
        return self._said[-TAIL:]

    def _spaced(self, came: str) -> str:
        """With the white space that stood there, unless the continuation brings more of its own, or needs none."""
        text = came.lstrip()
        own = came[: len(came) - len(text)]
        if not text or (text[0] in CLOSING and not own):
            return text
        return (own if len(own) > len(self.gap) else self.gap) + text


def squeezed(text: str) -> str:
    """The text with each run of white space as one space."""
    return SPACES.sub(" ", text)


def is_letter(character: str) -> bool:
    """Of a script that writes words apart; a character of Chinese or Japanese is a word of its own."""
    return character.isalnum() and unicodedata.east_asian_width(character) not in "WF"


def _repeated(said: str, came: str, *, whole_words: bool) -> int:
    """Length of the longest beginning of `came` that repeats the end of `said`; 0 where it may be chance."""
    for length in _overlaps(said, came):
        repetition = came[:length]
        within = length < len(said) and is_letter(said[-length - 1]) and is_letter(repetition[0])
        cut_off = whole_words and length < len(came) and is_letter(repetition[-1]) and is_letter(came[length])
        told = sum(character.isalpha() for character in repetition) >= LETTERS
        if (not within or length >= SURE) and not cut_off and (told or length == len(said)):
            return length
    return 0


def _overlaps(said: str, came: str) -> list[int]:
    """Every length of a beginning of `came` that `said` ends with, longest first (Knuth, Morris and Pratt)."""
    if not came:
        return []
    borders = [0] * (len(came) + 1)
    matched = 0
    for at in range(1, len(came)):
        while matched and came[at] != came[matched]:
            matched = borders[matched]
        matched += came[at] == came[matched]
        borders[at + 1] = matched
    matched = 0
    for character in said[-len(came) :]:
        while matched and (matched == len(came) or character != came[matched]):
            matched = borders[matched]
        matched += character == came[matched]
    lengths = []
    while matched:
        lengths.append(matched)
        matched = borders[matched]
    return lengths


def _after(text: str, plain_length: int) -> str:
    """What follows the first characters of a text, counted as if it were squeezed and stripped at its left."""
    at, counted, in_space = len(text) - len(text.lstrip()), 0, False
    while at < len(text) and counted < plain_length:
        is_space = text[at].isspace()
        counted += not (is_space and in_space)
        in_space = is_space
        at += 1
    return text[at:]
