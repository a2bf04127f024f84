"""Cover parts of a picture so that nothing of them is left."""

from collections.abc import Iterable

from PIL import Image, ImageDraw, ImageFont

from sluice.media.values import Box, Cover

_LEAST = 9  # pixels of height in which a label can be read
_BLOCKS = 5  # a face becomes so many blocks wide and high


def covered(image: Image.Image, covers: Iterable[Cover]) -> Image.Image:
    """Return the picture with a black box for each cover, without labels."""
    changed = image.copy()
    draw = ImageDraw.Draw(changed)
    for cover in covers:
        box = cover.box
        draw.rectangle((box.left, box.top, box.right - 1, box.bottom - 1), fill="black")
    return changed


def labelled(image: Image.Image, covers: Iterable[Cover]) -> Image.Image:
    """Return a covered picture with the labels written on their boxes, where there is room."""
    changed = image.copy()
    draw = ImageDraw.Draw(changed)
    for cover in covers:
        if font := _fitting(cover):
            box = cover.box
            middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
            draw.text(middle, cover.label, fill="white", font=font, anchor="mm")
    return changed


def blurred(image: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Return the picture with what is in the boxes as a few blocks of colour, from which nobody is known."""
    changed = image.copy()
    for box in boxes:
        inside = _within(box, image.size)
        if inside.width > 0 and inside.height > 0:
            part = changed.crop((inside.left, inside.top, inside.right, inside.bottom))
            blocks = part.resize((_BLOCKS, _BLOCKS), Image.Resampling.BOX)
            changed.paste(blocks.resize(part.size, Image.Resampling.NEAREST), (inside.left, inside.top))
    return changed


def _fitting(cover: Cover) -> ImageFont.FreeTypeFont | ImageFont.ImageFont | None:
    """The largest type in which the label fits on its box; None where it would be too small."""
    size = int(cover.box.height * 0.8)
    while cover.label and size >= _LEAST:
        font = ImageFont.load_default(size)
        if font.getlength(cover.label) <= cover.box.width - 4:
            return font
        size = min(size - 1, int(size * 0.9))
    return None


def _within(box: Box, size: tuple[int, int]) -> Box:
    return Box(max(box.left, 0), max(box.top, 0), min(box.right, size[0]), min(box.bottom, size[1]))
