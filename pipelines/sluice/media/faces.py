"""Find the faces in a picture."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np
from PIL import Image

from sluice.media.values import Box

_SIDE = 1200  # pixels of the longer side in which faces are looked for
_ENLARGED = 1  # times doubled, since the detector knows faces from 80 pixels on
_AROUND = 0.25  # of a face's width that hair and chin take around it


class Faces:
    """The detector of frontal faces within the package dlib, which needs no model file."""

    def __init__(self) -> None:
        self._detector: Any = import_module("dlib").get_frontal_face_detector()

    def find(self, picture: Image.Image) -> tuple[Box, ...]:
        """Return where faces are, hair and chin included."""
        small = picture.convert("L")
        small.thumbnail((_SIDE, _SIDE))
        scale = picture.width / small.width
        found = self._detector(np.asarray(small), _ENLARGED)
        return tuple(_box(face, scale).grown(int(face.width() * scale * _AROUND)) for face in found)


def installed() -> bool:
    """Whether there is a detector of faces here."""
    return find_spec("dlib") is not None


def _box(face: Any, scale: float) -> Box:
    return Box(*(int(edge * scale) for edge in (face.left(), face.top(), face.right(), face.bottom())))
