"""The plain values of what is seen in a picture and what is done to it."""

from dataclasses import dataclass


class Unreadable(Exception):
    """Data that is no picture that can be looked at. Tells nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle in pixels from the upper left corner; right and bottom lie outside."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def joined(self, other: "Box") -> "Box":
        """Return the smallest box around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )

    def grown(self, pixels: int) -> "Box":
        """Return the box with that much more on each side."""
        return Box(self.left - pixels, self.top - pixels, self.right + pixels, self.bottom + pixels)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a picture. `places` has a box for each character of it."""

    text: str
    box: Box
    places: tuple[Box, ...]
    score: float  # 0..1, how sure the reader is of the text


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen in one picture: lines in the order in which they are read, and where faces are."""

    lines: tuple[Line, ...] = ()
    blots: tuple[Box, ...] = ()  # what looks like text and could not be read
    faces: tuple[Box, ...] = ()

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class Cover:
    """What is laid over a part of a picture; the label is written on it where there is room."""

    box: Box
    label: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """An encoded picture without metadata, as it may be sent."""

    kind: str  # of its content, such as image/png
    data: bytes
