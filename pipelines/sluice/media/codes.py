"""Read the QR codes and bar codes in a picture: they say things that no person sees."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from PIL import Image

from sluice.media.values import Box, Line


def codes(picture: Image.Image) -> tuple[list[Line], list[Box]]:
    """Return what codes say, each as a line whose every character stands in the whole code, and codes unread."""
    import cv2

    grey: Any = np.asarray(picture.convert("L"))
    read, unread = [], []
    for detector in (cv2.QRCodeDetector(), cv2.barcode.BarcodeDetector()):
        for text, box in _found(detector, grey):
            line = " ".join(text.split())
            if line:
                read.append(Line(line, box, (box,) * len(line), 1.0))
            else:
                unread.append(box)
    return read, unread


def _found(detector: Any, grey: Any) -> Iterator[tuple[str, Box]]:
    _, texts, corners, *_ = detector.detectAndDecodeMulti(grey)
    for text, points in zip(texts, corners if corners is not None else (), strict=False):
        left, top = np.floor(points.min(axis=0))
        right, bottom = np.ceil(points.max(axis=0))
        yield str(text), Box(int(left), int(top), int(right), int(bottom)).grown(4)
