"""Open pictures that strangers made, and write pictures that tell nothing but what is to be seen in them."""

import base64
import binascii
import io
import re

from PIL import Image, ImageOps

from sluice.media.values import Picture, Unreadable

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MAX_BYTES = 32 * 1024 * 1024
MAX_PIXELS = 50_000_000
# What the reader sees. The cloud gets no more: what is too small to be checked is too small to be sent.
MAX_SIDE = 2000
_MAX_PNG = 4 * 1024 * 1024
_QUALITY = 90
_URL = re.compile(r"data:[\w.+/-]{0,100}(?:;[\w.+=-]{0,100}){0,4};base64,", re.IGNORECASE)


def opened(url: str) -> tuple[Image.Image, bool]:
    """Return the picture behind a `data:` URL, upright, on white, and whether it was a JPEG.

    Only the first frame of an animation is seen. Raises Unreadable.
    """
    data = _bytes(url)
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise Unreadable(f"an image has more than {MAX_PIXELS // 1_000_000} megapixels")
            is_photo = image.format in ("JPEG", "MPO")
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
            return _flat(upright), is_photo
    except Unreadable:
        raise
    except Exception:  # A decoder may fail in any way on what it is given.
        raise Unreadable("an image is broken, or of a kind that cannot be checked (PNG, JPEG, WebP, GIF)") from None


def encoded(image: Image.Image, *, is_photo: bool) -> Picture:
    """Return a picture that holds its pixels and nothing else."""
    # A copy of the bare pixels, since Pillow keeps comments and profiles with an image.
    bare = Image.frombytes("RGB", image.size, image.convert("RGB").tobytes())
    if not is_photo:
        data = _saved(bare, "PNG", optimize=False)
        if len(data) <= _MAX_PNG:
            return Picture("image/png", data)
    return Picture("image/jpeg", _saved(bare, "JPEG", quality=_QUALITY))


def url_of(picture: Picture) -> str:
    return f"data:{picture.kind};base64,{base64.b64encode(picture.data).decode()}"


def _bytes(url: str) -> bytes:
    head = _URL.match(url)
    if head is None:
        raise Unreadable("an image is not sent as base64 data")
    if len(url) > MAX_BYTES * 4 // 3:
        raise Unreadable(f"an image is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return base64.b64decode(url[head.end() :], validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("the data of an image is broken") from None


def _flat(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), layered).convert("RGB")


def _saved(image: Image.Image, format: str, **options: object) -> bytes:
    stored = io.BytesIO()
    image.save(stored, format, **options)
    return stored.getvalue()
