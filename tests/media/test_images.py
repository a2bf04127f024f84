"""The process that looks at pictures: it may hang or die, and it ends when it has nothing to do."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from typing import Literal

import pytest
from sluice.config.schema import ImageRules, Privacy
from sluice.errors import GuardFailed, StaysLocal
from sluice.guard import Finding
from sluice.media import Images, Media

from tests.media import jobs
from tests.media.conftest import call_with, image_part, parts_of

Make = Callable[..., Images]


@pytest.mark.parametrize(
    ("told", "why"),
    [("HANG", "could not finish in time"), ("DIE", "lost its worker process")],
)
async def test_a_process_that_fails_says_so_and_another_takes_its_place(make_images: Make, told: str, why: str) -> None:
    images = make_images(time_limit=1.0, work=jobs.obedient)
    await images.look("warm", faces=False)

    with pytest.raises(GuardFailed, match=why):
        await images.look(told, faces=False)

    assert (await images.look("well", faces=False)).sight.text == "well"


async def test_the_process_ends_when_it_has_been_idle_and_starts_again(make_images: Make) -> None:
    images = make_images(idle=0.0, work=jobs.obedient)
    first = await images.look("one", faces=False)
    while images.is_awake:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)

    second = await images.look("two", faces=False)

    assert first.picture.data != second.picture.data


async def test_two_calls_with_the_same_picture_have_it_looked_at_once(make_images: Make) -> None:
    images = make_images(work=jobs.obedient)

    one, other = await asyncio.gather(images.look("same", faces=False), images.look("same", faces=False))

    assert one is other


async def test_a_caller_who_leaves_costs_nobody_else_the_process(make_images: Make) -> None:
    images = make_images(work=jobs.obedient)
    first = await images.look("first", faces=False)
    leaving = asyncio.create_task(images.look("left alone", faces=False))
    await asyncio.sleep(0)

    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)

    assert (await images.look("next", faces=False)).picture == first.picture


async def test_whoever_waits_when_it_closes_is_told(make_images: Make) -> None:
    images = make_images(work=jobs.obedient)
    waiting = asyncio.create_task(images.look("HANG", faces=False))
    while not images.is_awake:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)

    await images.close()

    with pytest.raises(GuardFailed, match="closed"):
        await waiting


def media(images: Images, faces: Literal["allow", "blur", "local"], *, installed: bool = True) -> Media:
    return Media(images, lambda: Privacy(images=ImageRules(faces=faces)), lambda: installed)


async def nothing_left(text: str) -> Sequence[Finding]:
    return ()


async def sent(media: Media) -> str:
    """What is sent in place of a picture with a face in it."""
    call = call_with(image_part("data:image/png;base64,AAAA"))
    covered = await media.covered(call, await media.read(call), {}, nothing_left)
    return base64.b64decode(parts_of(covered)[1]["image_url"]["url"].partition(",")[2]).decode()


async def test_faces_are_blurred_unless_they_may_leave(make_images: Make) -> None:
    images = make_images(work=jobs.obedient)

    assert await sent(media(images, "blur")) == repr((jobs.FACE,))
    assert (await sent(media(images, "allow"))).isdigit()


@pytest.mark.parametrize(("installed", "why"), [(True, "shows a face"), (False, "may show a face")])
async def test_faces_that_must_stay_keep_the_call(make_images: Make, installed: bool, why: str) -> None:
    with pytest.raises(StaysLocal, match=why):
        await sent(media(make_images(work=jobs.obedient), "local", installed=installed))
