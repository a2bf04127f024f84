"""A stand-in for a local server that turns speech into text, with OpenAI's API."""

from __future__ import annotations

from typing import Any

from tests.standins.record import Received
from tests.standins.serving import Standin, Wire


class Transcriber(Standin):
    """Says of every recording what `says` holds, or answers with another status."""

    says: Any = "Good morning."
    status = 200

    async def respond(self, received: Received, wire: Wire) -> None:
        await wire.json(self.status, {"text": self.says})
