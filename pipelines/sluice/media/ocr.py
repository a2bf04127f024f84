"""Read the text that stands in a picture, with the place of every character, by models that a package carries."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from sluice.guard import ModelMissing
from sluice.media.layout import in_order
from sluice.media.values import Box, Line

# Measured on rendered and photographed pages: what is read right scores 0.88 to 1, upside down 0.4 to 0.87.
SURE = 0.75  # a line of a lower score was not read
_DOUBT = 0.88  # pages of a lower mean score may lie on their side or upside down
_TIE = 0.03  # lines on their side may be read as well as upright ones, but in the wrong order
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
_THREADS = 2


class Reader:
    """RapidOCR with the models in its own package. Raises ModelMissing where they are not; nothing is fetched."""

    def __init__(self) -> None:
        try:
            import rapidocr
        except ImportError:
            raise ModelMissing("the package rapidocr is not installed") from None
        logging.getLogger("RapidOCR").disabled = True
        self._read = rapidocr.RapidOCR(params=_parameters(Path(rapidocr.__file__).parent / "models"))

    def lines(self, picture: Image.Image) -> tuple[Line, ...]:
        """Return what was read in reading order; lines that could not be read are there, with a low score.

        The page is turned if it lies on its side or upside down.
        """
        pixels = np.ascontiguousarray(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        best, turns = self._seen(pixels), 0
        tried = {turn: self._seen(np.ascontiguousarray(np.rot90(pixels, turn))) for turn in _worth_trying(best)}
        if tried:
            turn = max(tried, key=lambda turn: _score(tried[turn]))
            if _score(tried[turn]) > _score(best) - _TIE:
                best, turns = tried[turn], turn
        return tuple(_turned_back(line, picture.size, turns) for line in in_order(best))

    def _seen(self, pixels: Any) -> list[Line]:
        found: Any = self._read(pixels)
        if found.boxes is None or not found.txts:
            return []
        return [
            Line(text, _around(corners), _places(text, characters, corners), float(score))
            for text, score, corners, characters in zip(
                found.txts, found.scores, found.boxes, found.word_results, strict=True
            )
        ]


def _parameters(folder: Path) -> dict[str, Any]:
    models = {part: folder / name for part, name in _MODELS.items()}
    for path in models.values():
        if not path.is_file():
            raise ModelMissing(f"the model file {path.name} is not installed")
    return {
        "Global.log_level": "critical",
        "Global.text_score": 0.0,
        # The classifier for lines that are upside down turns right ones over with certainty (7 of 300 measured).
        "Global.use_cls": False,
        "Global.return_word_box": True,
        "Global.return_single_char_box": True,
        "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS,
        **{f"{part}.model_path": str(path) for part, path in models.items()},
    }


def _worth_trying(lines: Sequence[Line]) -> tuple[int, ...]:
    """Quarter turns to the left in which a page may read better; none where it reads well."""
    if not lines or (_score(lines) >= _DOUBT and not _is_sideways(lines)):
        return ()
    return (1, 3) if _is_sideways(lines) else (2,)


def _is_sideways(lines: Sequence[Line]) -> bool:
    long = [line for line in lines if len(line.text) > 3]
    return sum(line.box.height > 1.5 * line.box.width for line in long) > len(long) / 2


def _score(lines: Sequence[Line]) -> float:
    """The mean score of a character."""
    letters = sum(len(line.text) for line in lines)
    return sum(line.score * len(line.text) for line in lines) / letters if letters else 0.0


def _turned_back(line: Line, size: tuple[int, int], turns: int) -> Line:
    """A line of a page that was turned so often, where it stands in the picture as it is."""
    if not turns:
        return line
    places = tuple(_box_turned_back(place, size, turns) for place in line.places)
    return replace(line, box=_box_turned_back(line.box, size, turns), places=places)


def _box_turned_back(box: Box, size: tuple[int, int], turns: int) -> Box:
    width, height = size
    if turns == 1:
        return Box(width - box.bottom, box.left, width - box.top, box.right)
    if turns == 2:
        return Box(width - box.right, height - box.bottom, width - box.left, height - box.top)
    return Box(box.top, height - box.right, box.bottom, height - box.left)


def _places(text: str, characters: Sequence[Any], corners: Any) -> tuple[Box, ...]:
    """A box for each character; white space, which the reader gives none, gets that of its neighbour."""
    seen = "".join(character for character, _, _ in characters)
    if seen != "".join(text.split()):
        return tuple(_spread(len(text), corners))
    boxes = iter([_around(box) for _, _, box in characters])
    places: list[Box] = []
    for sign in text:
        places.append(next(boxes) if not sign.isspace() else places[-1] if places else _around(corners))
    return tuple(places)


def _spread(number: int, corners: Any) -> Iterator[Box]:
    """Equal parts of a line; a part is as wide as three characters, since not all are of one width."""
    start, end = np.asarray(corners[0]), np.asarray(corners[1])
    down = np.asarray(corners[3]) - start
    for at in range(number):
        left = start + (end - start) * max(0, at - 1) / number
        right = start + (end - start) * min(number, at + 2) / number
        yield _around([left, right, right + down, left + down])


def _around(corners: Any) -> Box:
    points = np.asarray(corners, dtype=float).reshape(-1, 2)
    left, top = np.floor(points.min(axis=0))
    right, bottom = np.ceil(points.max(axis=0))
    return Box(int(left), int(top), int(right), int(bottom))
