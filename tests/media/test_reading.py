"""What the real reader sees in pages that lie askew, on their side or upside down, and in codes."""

from __future__ import annotations

import random

import cv2
import numpy as np
import pytest
from PIL import Image
from sluice.media.ocr import Reader
from sluice.media.workshop import Look, work

from tests.media import pictures

NOTICE = ("Notice to all tenants", "The lift is out of order until Friday.", "Please use the stairs.")


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_is_read(turn: int, reader: Reader) -> None:
    page = pictures.written(NOTICE, size=30)

    lines = reader.lines(page.rotate(turn, expand=True))

    assert [line.text for line in lines] == list(NOTICE)


def test_a_page_a_little_askew_keeps_its_rows_together(reader: Reader) -> None:
    table = pictures.table(random.Random(7))

    lines = reader.lines(table.image.rotate(3, Image.Resampling.BICUBIC, expand=True, fillcolor="white"))

    rows = [line.text.split("  |  ") for line in lines]
    assert [len(row) for row in rows] == [4] * 7


def test_what_a_code_says_is_read_like_a_text() -> None:
    code = cv2.QRCodeEncoder.create().encode("mailto:hannah.lindgren@example.org")
    page = np.full((500, 600), 255, np.uint8)
    page[60 : 60 + code.shape[0] * 8, 80 : 80 + code.shape[1] * 8] = code.repeat(8, 0).repeat(8, 1)

    done = work([Look(pictures.url_of(Image.fromarray(page)), faces=False)])

    assert isinstance(done, list)
    assert "mailto:hannah.lindgren@example.org" in done[0].sight.text
