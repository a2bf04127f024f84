"""What is opened, what is not, and what is written."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from sluice.media.covering import blurred, covered, labelled
from sluice.media.pictures import MAX_SIDE, encoded, opened, url_of
from sluice.media.values import Box, Cover, Unreadable

from tests.media import pictures


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 900 megapixels."""
    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 64)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )


HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a", b"RIFF0000WEBPVP8 ")
PICTURE = pictures.url_of(Image.new("RGB", (64, 48), "teal"))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/a.png",
        "data:image/png,plain",
        "data:image/png;base64,%%%%",
        data_url(b""),
        data_url(b"GIF89a"),
        data_url(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        data_url(base64.b64decode(PICTURE.partition(",")[2])[:-30]),
        data_url(bomb()),
        pictures.url_of(Image.new("RGB", (8, 8)), "TIFF"),
    ],
    ids=["address", "not base64", "broken base64", "empty", "head only", "svg", "cut off", "bomb", "tiff"],
)
def test_what_cannot_be_looked_at_is_unreadable(url: str) -> None:
    with pytest.raises(Unreadable):
        opened(url)


@given(st.binary(max_size=300), st.sampled_from(HEADS))
def test_no_data_does_anything_but_open_or_be_unreadable(data: bytes, head: bytes) -> None:
    try:
        image, _ = opened(data_url(head + data))
    except Unreadable:
        return
    assert image.mode == "RGB"


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_these_kinds_are_opened(format: str) -> None:
    image, is_photo = opened(pictures.url_of(Image.new("RGB", (64, 48), "teal"), format))

    assert image.size == (64, 48)
    assert is_photo == (format == "JPEG")


def test_what_is_transparent_is_seen_on_white_as_it_will_be_sent() -> None:
    image, _ = opened(pictures.url_of(Image.new("RGBA", (8, 8), (0, 0, 0, 0))))

    assert image.getpixel((0, 0)) == (255, 255, 255)


def test_only_the_first_frame_of_an_animation_is_sent() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]

    moving = pictures.url_of(frames[0], "GIF", save_all=True, append_images=frames[1:])

    picture = encoded(opened(moving)[0], is_photo=False)

    sent = pictures.image_of(url_of(picture))
    assert getattr(sent, "n_frames", 1) == 1
    assert sent.convert("RGB").getpixel((0, 0)) == (255, 0, 0)


def test_no_more_is_sent_than_the_reader_sees() -> None:
    image, _ = opened(pictures.url_of(Image.new("RGB", (5000, 100), "white")))

    assert max(image.size) == MAX_SIDE


def test_nothing_under_a_cover_is_left() -> None:
    noise = Image.effect_noise((200, 100), 80).convert("RGB")

    changed = labelled(covered(noise, [Cover(Box(20, 20, 180, 60))]), [Cover(Box(20, 20, 180, 60), "")])

    assert changed.crop((20, 20, 180, 60)).getcolors() == [(160 * 40, (0, 0, 0))]
    assert changed.crop((0, 60, 200, 100)).tobytes() == noise.crop((0, 60, 200, 100)).tobytes()


def test_a_label_that_does_not_fit_is_left_out() -> None:
    paper = Image.new("RGB", (200, 100), "white")
    cover = Cover(Box(10, 10, 30, 20), "[ADDRESS_12]")

    assert labelled(covered(paper, [cover]), [cover]).tobytes() == covered(paper, [cover]).tobytes()


def test_a_face_becomes_a_few_blocks_even_at_the_edge() -> None:
    noise = Image.effect_noise((100, 100), 80).convert("RGB")

    changed = blurred(noise, [Box(-20, -20, 60, 60), Box(200, 200, 300, 300)])

    assert len(changed.crop((0, 0, 60, 60)).getcolors()) <= 25
