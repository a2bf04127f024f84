"""Pictures on their way out, read by the real reader: what is private in them is covered, or they stay."""

from __future__ import annotations

import random

import pytest
from PIL import Image
from sluice.errors import StaysLocal
from sluice.media.ocr import Reader

from tests.media import pictures
from tests.media.conftest import WayOut, call_with, image_part, parts_of

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOTICE = ("Notice to all tenants", "The lift is out of order until Friday.", "Please use the stairs.")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def left_in(url: str, reader: Reader) -> str:
    return "".join("".join(line.text for line in reader.lines(pictures.image_of(url))).split())


async def test_a_letter_leaves_without_the_values_in_it(way_out: WayOut, reader: Reader) -> None:
    letter = pictures.letter(random.Random(3))

    leaving = await way_out.prepare(call_with(image_part(pictures.url_of(letter.image))))

    sent = left_in(parts_of(leaving.call)[1]["image_url"]["url"], reader)
    assert not [value for value in letter.values if value.replace(" ", "") in sent]
    assert "Iamwritingabouttheinvoice" in sent
    assert leaving.note.endswith(" masked")


async def test_the_same_placeholder_stands_in_the_picture_and_in_the_text(way_out: WayOut, reader: Reader) -> None:
    mail = "hannah.lindgren@example.org"
    image = pictures.written(["Bookings and questions", f"please write to   {mail}   at any time"], size=30, width=1300)

    leaving = await way_out.prepare(call_with(image_part(pictures.url_of(image)), text=f"Is {mail} right?"))

    text, picture = parts_of(leaving.call)
    assert text["text"] == "Is [EMAIL_1] right?"
    assert "[EMAIL_1]" in left_in(picture["image_url"]["url"], reader)
    assert leaving.masked == 1


async def test_a_key_in_a_picture_keeps_the_call_and_labels_the_chat(way_out: WayOut) -> None:
    editor = pictures.code(random.Random(1), size=20)

    with pytest.raises(StaysLocal, match="a key or password") as kept:
        await way_out.prepare(call_with(image_part(pictures.url_of(editor.image))))

    assert "secret" in kept.value.keeps
    assert not any(value in str(kept.value) for value in editor.values)


async def test_nothing_is_masked_for_strict_people(way_out: WayOut) -> None:
    image = pictures.written(["Write to hannah.lindgren@example.org"], size=30)

    with pytest.raises(StaysLocal, match="personal data"):
        await way_out.prepare(call_with(image_part(pictures.url_of(image))), strict=True)


async def test_a_picture_that_is_sent_again_is_not_read_again(way_out: WayOut) -> None:
    url = pictures.url_of(pictures.written(["Call Hannah Lindgren on +44 117 496 0518"], size=30))
    first = await way_out.prepare(call_with(image_part(url)))
    await way_out.images.close()

    second = await way_out.prepare(call_with(image_part(url), text="And now?"))

    assert parts_of(second.call)[1] == parts_of(first.call)[1]
    assert not way_out.images.is_awake


async def test_a_harmless_photograph_leaves_upright_and_without_metadata(way_out: WayOut, reader: Reader) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    exif.get_ifd(0x8825)[2] = (51.0, 27.0, 14.0)
    exif[0x010E] = "taken by Hannah Lindgren"
    lying = pictures.written(NOTICE, size=30).transpose(Image.Transpose.ROTATE_90)
    url = pictures.url_of(lying, "JPEG", exif=exif.tobytes(), comment=b"for Hannah", quality=90)

    leaving = await way_out.prepare(call_with(image_part(url)))

    sent = parts_of(leaving.call)[1]["image_url"]["url"]
    picture = pictures.image_of(sent)
    assert picture.width > picture.height
    assert not picture.getexif()
    assert not {"exif", "comment", "icc_profile", "xmp"} & set(picture.info)
    assert "Theliftisoutoforder" in left_in(sent, reader)
