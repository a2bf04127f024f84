"""What is done to pictures in a worker process: look at one, and cover parts of one and look again."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PIL import Image

from sluice.guard import ModelMissing
from sluice.guard.workers import Refusal
from sluice.media import pictures
from sluice.media.codes import codes
from sluice.media.covering import blurred, covered, labelled
from sluice.media.faces import Faces
from sluice.media.ocr import SURE, Reader
from sluice.media.values import Box, Cover, Picture, Sight, Unreadable

_SHORT = 2  # characters; what is unread and shorter is an icon or a speck


@dataclass(frozen=True, slots=True)
class Look:
    """Look at the picture behind a `data:` URL."""

    url: str
    faces: bool


@dataclass(frozen=True, slots=True)
class Paint:
    """Cover and blur parts of a picture."""

    picture: Picture
    covers: tuple[Cover, ...]
    blurs: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """A picture as it may leave, and what is seen in it: of a painted one, all text that can still be read."""

    picture: Picture
    sight: Sight


def work(jobs: Sequence[Look | Paint]) -> list[Done] | Refusal:
    """Do the jobs in the worker process. An exception may quote what was read, so none gets out."""
    try:
        reader = _reader()
    except ModelMissing as error:
        return Refusal(f"cannot look at images, because {error}")
    except Exception:
        return Refusal("cannot look at images")
    try:
        return [_looked(job, reader) if isinstance(job, Look) else _painted(job, reader) for job in jobs]
    except Unreadable as error:
        return Refusal(f"could not read what is attached: {error}")
    except Exception:  # Fails closed: the caller keeps the call local.
        return Refusal("could not read an image")


@cache
def _reader() -> Reader:
    return Reader()


@cache
def _faces() -> Faces:
    return Faces()


def _looked(job: Look, reader: Reader) -> Done:
    image, is_photo = pictures.opened(job.url)
    picture = pictures.encoded(image, is_photo=is_photo)
    sent = _shown(picture)
    faces = _faces().find(sent) if job.faces else ()
    return Done(picture, _sight(sent, reader, faces))


def _painted(job: Paint, reader: Reader) -> Done:
    """The labels are written last: they are ours, and would only be read as text that is left."""
    is_photo = job.picture.kind == "image/jpeg"
    image = blurred(covered(_shown(job.picture), job.covers), job.blurs)
    left = _sight(_shown(pictures.encoded(image, is_photo=is_photo)), reader, ())
    return Done(pictures.encoded(labelled(image, job.covers), is_photo=is_photo), left)


def _sight(image: Image.Image, reader: Reader, faces: tuple[Box, ...]) -> Sight:
    lines = reader.lines(image)
    said, unread = codes(image)
    read = [line for line in lines if line.score >= SURE]
    blots = [line.box for line in lines if line.score < SURE and len(line.text) > _SHORT]
    return Sight((*read, *said), (*blots, *unread), faces)


def _shown(picture: Picture) -> Image.Image:
    with Image.open(io.BytesIO(picture.data)) as image:
        return image.convert("RGB")
