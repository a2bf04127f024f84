"""What a person made of an answer, over HTTP: thumbs, edits, and asking the cloud instead."""

from collections.abc import Callable
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sluice.engine import Engine
from sluice.errors import RequestError
from sluice.ledger import Signal
from sluice.server.callers import Callers
from sluice.server.completions import decode

# What a function tells; the gateway itself sees what is corrected and regenerated.
TOLD: tuple[Signal, ...] = ("asked_cloud", "edited", "thumbs_down", "thumbs_up")


class Opinions:
    """The route of feedback; what it is about is named by the header X-Sluice-Message."""

    def __init__(self, engine: Callable[[], Engine], callers: Callers) -> None:
        self._engine = engine
        self._callers = callers

    def routes(self) -> list[Route]:
        return [Route("/sluice/v1/feedback", self._feedback, methods=["POST"])]

    async def _feedback(self, request: Request) -> Response:
        """Book one signal for the person's own answer; no text comes with it."""
        caller, data = self._callers.known(request), await decode(await request.body())
        signal = data.get("signal") if isinstance(data, dict) else None
        if signal not in TOLD or not caller.message:
            raise RequestError(f'Send {{"signal": …}}, one of {", ".join(TOLD)}, and name the message in its header.')
        known = await self._engine().gateway.told(caller, cast(Signal, signal))
        return JSONResponse({"status": "booked" if known else "unknown"}, status_code=200 if known else 404)
