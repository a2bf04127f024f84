"""Recordings, films and files on their way out."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest
from sluice.config.schema import Privacy
from sluice.errors import StaysLocal

from tests.media.conftest import WayOut, call_with, image_part, parts_of
from tests.media.transcriber import Transcriber

pytestmark = pytest.mark.asyncio(loop_scope="session")
SOUND = base64.b64encode(b"RIFF....WAVE").decode()


def recording(data: str = SOUND) -> dict[str, Any]:
    return {"type": "input_audio", "input_audio": {"data": data, "format": "wav"}}


def file_part(data: bytes, kind: str, name: str) -> dict[str, Any]:
    url = f"data:{kind};base64,{base64.b64encode(data).decode()}"
    return {"type": "file", "file": {"filename": name, "file_data": url}}


@pytest.fixture
def transcriber() -> Iterator[Transcriber]:
    with Transcriber() as standin:
        yield standin


async def test_a_recording_leaves_as_its_masked_transcript(way_out: WayOut, transcriber: Transcriber) -> None:
    transcriber.says = "Please write to hannah.lindgren@example.org about the offer."
    privacy = Privacy(transcriber=f"{transcriber.url}/v1")

    leaving = await way_out.prepare(call_with(recording()), privacy=privacy)

    (asked,) = transcriber.record.requests
    assert asked.path == "/v1/audio/transcriptions"
    assert b"RIFF....WAVE" in asked.body
    assert parts_of(leaving.call)[1] == {
        "type": "text",
        "text": "[Transcript of a recording]\nPlease write to [EMAIL_1] about the offer.",
    }


async def test_a_key_that_is_said_keeps_the_call(way_out: WayOut, transcriber: Transcriber) -> None:
    transcriber.says = "The token is ghp_16C7e42F292c6912E7710c838347Ae178B4a, write it down."

    with pytest.raises(StaysLocal, match="a key or password"):
        await way_out.prepare(call_with(recording()), privacy=Privacy(transcriber=f"{transcriber.url}/v1"))


@pytest.mark.parametrize(
    ("status", "says"), [(500, ""), (200, None), (200, {"no": "text"})], ids=["fails", "nothing", "no text"]
)
async def test_a_recording_that_nobody_understood_stays(
    way_out: WayOut, transcriber: Transcriber, status: int, says: Any
) -> None:
    transcriber.status, transcriber.says = status, says

    with pytest.raises(StaysLocal, match="did not tell"):
        await way_out.prepare(call_with(recording()), privacy=Privacy(transcriber=f"{transcriber.url}/v1"))


async def test_broken_data_is_not_given_to_the_transcriber(way_out: WayOut, transcriber: Transcriber) -> None:
    with pytest.raises(StaysLocal, match="broken"):
        await way_out.prepare(call_with(recording("abcde")), privacy=Privacy(transcriber=f"{transcriber.url}/v1"))

    assert transcriber.record.requests == []


async def test_without_a_transcriber_a_recording_stays_and_it_is_said_why(way_out: WayOut) -> None:
    with pytest.raises(StaysLocal, match="no local transcriber is set up"):
        await way_out.prepare(call_with(recording()))


async def test_a_file_of_text_leaves_masked(way_out: WayOut) -> None:
    note = file_part(b"Call Hannah Lindgren, hannah.lindgren@example.org", "text/plain", "note.txt")

    leaving = await way_out.prepare(call_with(note))

    text = parts_of(leaving.call)[1]["text"]
    assert text.startswith("[note.txt]\nCall [PERSON_")
    assert "hannah" not in text.lower()


@pytest.mark.parametrize(
    "part",
    [
        file_part(b"%PDF-1.7 \xff\xfe", "application/pdf", "plan.pdf"),
        file_part(b"\xff\xfe\x00\x01", "text/plain", "odd.txt"),
        {"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA"}},
    ],
    ids=["pdf", "no text", "video"],
)
async def test_what_nobody_here_can_read_leaves_as_agreed_and_it_is_said(way_out: WayOut, part: dict[str, Any]) -> None:
    leaving = await way_out.prepare(call_with(part))

    assert parts_of(leaving.call)[1] == part
    assert leaving.note == f"1 {part['type'].partition('_')[0]} not checked"


async def test_a_broken_picture_stays(way_out: WayOut) -> None:
    with pytest.raises(StaysLocal, match=r"the guard could not read what is attached: an image is broken"):
        await way_out.prepare(call_with(image_part("data:image/png;base64,AAAA")))
