"""Read what a call carries besides text, and give back the call as it may leave."""

import asyncio
import base64
import binascii
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sluice.chat import Call
from sluice.chat.attachments import Attachment, attachments, with_pictures, with_texts
from sluice.config.schema import Privacy
from sluice.errors import StaysLocal
from sluice.guard import Finding
from sluice.masking import Mark
from sluice.media.faces import installed
from sluice.media.images import Images
from sluice.media.layout import stretches, whole_lines
from sluice.media.pictures import url_of
from sluice.media.speech import transcript
from sluice.media.values import Box, Cover, Sight
from sluice.media.workshop import Done

_TEXT = ("data:text/", "data:application/json", "data:application/xml", "data:application/x-yaml", "data:message/")
_MARGIN = 3  # pixels around what is covered, at least
_HEARD = 16  # recordings whose transcript is remembered

Left = Callable[[str], Awaitable[Sequence[Finding]]]


@dataclass(frozen=True, slots=True)
class Seen:
    """A call of which everything was read that can be read.

    `call` has texts in place of recordings and text files; `said` are those texts.
    """

    call: Call
    pictures: Mapping[Attachment, Done] = field(default_factory=dict)
    said: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()  # kinds of what nobody here can read, such as video

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts that stand in pictures, each once."""
        return tuple(dict.fromkeys(done.sight.text for done in self.pictures.values() if done.sight.text))

    @property
    def note(self) -> str:
        """What the person is told of what left unread, such as `1 file not checked`."""
        counts = Counter(self.unread)
        return ", ".join(f"{count} {kind}{'s' if count > 1 else ''} not checked" for kind, count in counts.items())


class Media:
    """Everything in a call that is not text. `finds_faces` says whether there is a detector of them."""

    def __init__(
        self, images: Images, privacy: Callable[[], Privacy], finds_faces: Callable[[], bool] = installed
    ) -> None:
        self._images = images
        self._privacy = privacy
        self._finds_faces = finds_faces
        self._heard: dict[Attachment, str] = {}

    async def read(self, call: Call) -> Seen:
        """Read a call that is about to leave. Raises StaysLocal and GuardFailed where something must not."""
        pictures, said, unread = {}, {}, []
        for one in attachments(call):
            if one.kind == "image":
                pictures[one] = await self._look(one)
            elif one.kind == "audio":
                said[one] = f"[Transcript of a recording]\n{await self._hear(one)}"
            elif text := _text_of(one):
                said[one] = f"[{one.name or 'A file'}]\n{text}"
            else:
                unread.append(one.kind)
        return Seen(with_texts(call, said), pictures, tuple(said.values()), tuple(unread))

    async def covered(self, call: Call, seen: Seen, marks: Mapping[str, Sequence[Mark]], left: Left) -> Call:
        """Return the masked call with its pictures as they may leave.

        `marks` says for the text of each picture what is to be covered in it; `left` finds what is private in the text
        that can still be read then. Raises StaysLocal where it finds something every time.
        """
        urls = {}
        for one, done in seen.pictures.items():
            painted = await self._painted(done, marks.get(done.sight.text, ()), left)
            urls[one] = await asyncio.to_thread(url_of, painted.picture)
        return with_pictures(call, urls)

    async def _look(self, one: Attachment) -> Done:
        wanted = self._privacy().images.faces
        if wanted == "local" and not self._finds_faces():
            raise StaysLocal("an image may show a face, and nothing is installed that could tell, so this stays local")
        done = await self._images.look(one.data, faces=wanted != "allow" and self._finds_faces())
        if wanted == "local" and done.sight.faces:
            raise StaysLocal("an image shows a face, so this stays local")
        return done

    async def _hear(self, one: Attachment) -> str:
        if one not in self._heard:
            heard = await transcript(one.data, one.format, self._privacy().transcriber)
            self._heard = {**dict(list(self._heard.items())[1 - _HEARD :]), one: heard}
        return self._heard[one]

    async def _painted(self, done: Done, marks: Sequence[Mark], left: Left) -> Done:
        """A picture covered where the marks are, and then where something is left; at last in whole lines."""
        sight = done.sight
        if not (marks or sight.blots or sight.faces):
            return done
        covers = [*(Cover(box) for box in sight.blots), *_labelled(sight, marks)]
        for boxes in (stretches, whole_lines, stretches):
            painted = await self._images.paint(done.picture, covers, sight.faces)
            findings = await left(painted.sight.text)
            if not findings:
                return painted
            covers += [Cover(_grown(box)) for one in findings for box in boxes(painted.sight, one.start, one.end)]
        raise StaysLocal("something private in an image could not be covered, so this stays local")


def _labelled(sight: Sight, marks: Sequence[Mark]) -> Iterator[Cover]:
    """A cover for each line that a mark touches; the placeholder stands on the first."""
    for mark in marks:
        for number, box in enumerate(stretches(sight, mark.start, mark.end)):
            yield Cover(_grown(box), "" if number else mark.placeholder)


def _grown(box: Box) -> Box:
    return box.grown(max(_MARGIN, box.height // 10))


def _text_of(one: Attachment) -> str:
    """The text of a file that is one; empty for any other."""
    head, _, data = one.data.partition(",")
    if not head.startswith(_TEXT) or not head.endswith(";base64"):
        return ""
    try:
        return base64.b64decode(data, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return ""
