"""Find out fast that a provider cannot be reached, while it is being asked."""

import asyncio
import os
import socket
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from sluice.config import Deployment
from sluice.upstream.client import Delta
from sluice.upstream.failures import unreachable

Place = tuple[str, int]

# Where LiteLLM asks when neither an address nor one of the provider's variables is given.
ADDRESSES = {
    "openai": "https://api.openai.com",
    "anthropic": "https://api.anthropic.com",
    "gemini": "https://generativelanguage.googleapis.com",
    "mistral": "https://api.mistral.ai",
}
PORTS = {"https": 443, "http": 80}
# Whoever answered so recently is there (seconds).
FRESH = 60.0
# Looking up a name cannot be bounded, and on a busy machine a thread may start late: so much more time (seconds).
PATIENCE = 5.0


class Reach:
    """Who could be reached lately. Models may think for long before they answer; a connection is quick or never."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._reached: dict[Place, float] = {}

    async def watched(
        self, deltas: AsyncGenerator[Delta, None], deployment: Deployment, title: str, seconds: float
    ) -> AsyncGenerator[Delta, None]:
        """Yield what comes. Raises UpstreamError once it is clear that the server takes no connection."""
        server = _place(deployment)
        async with aclosing(deltas):
            if server and self._clock() - self._reached.get(server, -FRESH) >= FRESH:
                first = await _first(deltas, server, title, seconds)
                if first is None:
                    return
                yield first
            async for delta in deltas:
                if server:
                    self._reached[server] = self._clock()
                yield delta


def _place(deployment: Deployment) -> Place | None:
    """Host and port that a deployment is asked at; None where it is not known, or a proxy stands between."""
    address = deployment.api_base or _usual_address(deployment.model.partition("/")[0])
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not host or not port or (getproxies().get(parts.scheme) and not proxy_bypass(host)):
        return None
    return host, port


def _usual_address(provider: str) -> str:
    """As LiteLLM finds it: by the environment first. Empty where that is not sure."""
    names = (f"{provider.upper()}_{ending}" for ending in ("API_BASE", "BASE_URL"))
    given = {os.environ[name] for name in names if os.environ.get(name)} or {ADDRESSES.get(provider, "")}
    return given.pop() if len(given) == 1 else ""


async def _first(deltas: AsyncGenerator[Delta, None], server: Place, title: str, seconds: float) -> Delta | None:
    """The first piece, or None at the end; the connection is tried beside it, and closed again unused."""
    answer = asyncio.ensure_future(anext(deltas, None))
    trial = asyncio.ensure_future(_takes_connections(server, seconds))
    try:
        await asyncio.wait({answer, trial}, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done() and not trial.result():
            raise unreachable(title)
        return await answer
    finally:
        for one in (answer, trial):
            one.cancel()
        await asyncio.gather(answer, trial, return_exceptions=True)


async def _takes_connections(server: Place, seconds: float) -> bool:
    # In a thread, whose clock does not run while the event loop is busy with answers of others.
    try:
        return await asyncio.wait_for(asyncio.to_thread(_connects, server, seconds), 2 * seconds + PATIENCE)
    except TimeoutError:
        return False


def _connects(server: Place, seconds: float) -> bool:
    try:
        socket.create_connection(server, timeout=seconds).close()
    except (OSError, UnicodeError):
        return False
    return True
