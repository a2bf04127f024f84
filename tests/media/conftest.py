"""A way out with the real guard and the real reader of pictures, one of each for all tests, since both load models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sluice.chat import Call, read_call
from sluice.config.schema import Privacy
from sluice.gateway import Exit, Leaving
from sluice.guard import Guard, Terms, default_policy
from sluice.identity import Caller
from sluice.masking import Vault
from sluice.media import Images

CALLER = Caller(user="u-1", chat="c-1", message="m-1")


def call_with(*parts: dict[str, Any], text: str = "What is this?") -> Call:
    """A message with these parts after its text."""
    content = [{"type": "text", "text": text}, *parts]
    return read_call({"model": "sluice.cloud", "messages": [{"role": "user", "content": content}]})


def image_part(url: str) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url}}


def parts_of(call: Call) -> Sequence[dict[str, Any]]:
    """The parts of the only message that has parts."""
    (message,) = [one for one in call.messages if isinstance(one.get("content"), list)]
    return list(message["content"])


class WayOut:
    """Prepares calls as the gateway does once a person has agreed."""

    def __init__(self, guard: Guard, images: Images, vault: Vault) -> None:
        self.guard = guard
        self.images = images
        self._vault = vault

    async def prepare(self, call: Call, *, privacy: Privacy | None = None, strict: bool = False) -> Leaving:
        rules = privacy or Privacy()
        exit = Exit(lambda: self.guard, self._vault, lambda: rules, self.images)
        return await exit.prepare(call, CALLER, Terms(target="picked", strict=strict), default_policy(), rules)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _engines() -> AsyncIterator[tuple[Guard, Images]]:
    guard, images = Guard(lambda groups: default_policy(), time_limit=60), Images(time_limit=60)
    await guard.start()
    yield guard, images
    await images.close()
    await guard.close()


@pytest.fixture
def way_out(_engines: tuple[Guard, Images], tmp_path: Path) -> WayOut:
    return WayOut(*_engines, Vault(tmp_path))


@pytest.fixture
async def make_images() -> AsyncIterator[Callable[..., Images]]:
    """Makes pools that are closed after the test."""
    made: list[Images] = []

    def make(**options: Any) -> Images:
        made.append(Images(**options))
        return made[-1]

    yield make
    for images in made:
        await images.close()
