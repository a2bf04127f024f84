"""Know of each deployment whether it is there, where it really runs, and what it can do."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import httpx

from sluice.config import Config, Deployment
from sluice.config.schema import Location
from sluice.routing import Candidate
from sluice.upstream import address, quiet_litellm
from sluice.upstream.capabilities import (
    CLOUD_WINDOW,
    LOCAL_WINDOW,
    Capabilities,
    configured,
    first_known,
    listed,
    shown_by_ollama,
)

log = logging.getLogger("sluice.fleet")
PROBE_SECONDS = 3.0
SETTLE_SECONDS = 30.0
CLOUD_TAGS = (":cloud", "-cloud")


@dataclass(frozen=True, slots=True)
class State:
    """What the last look at a deployment showed."""

    location: Location
    unavailable: str = ""
    abilities: Capabilities = field(default_factory=Capabilities)
    doubt: str = ""  # why a model declared local is treated as cloud


class Busy(Exception):
    """A server took the question and did not get to answering it."""


class LooksAt(Protocol):
    """Anything that can fetch JSON: the one thing the fleet needs of the network."""

    async def json(self, method: str, url: str, body: Mapping[str, Any] | None, key: str | None) -> Any: ...


class Http:
    """Fetch JSON from local servers. Proxies of the environment are not used: local stays local."""

    async def json(self, method: str, url: str, body: Mapping[str, Any] | None, key: str | None) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        async with httpx.AsyncClient(timeout=PROBE_SECONDS, trust_env=False) as client:
            answer = await client.request(method, url, json=body, headers=headers)
        answer.raise_for_status()
        return answer.json()


class Fleet:
    """The deployments of one configuration and their state, refreshed by `watch`."""

    def __init__(
        self, config: Config, *, http: LooksAt | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http or Http()
        self._clock = clock
        self._cooling: dict[str, tuple[float, str]] = {}
        self._states: dict[str, State] = {}
        self._deployments: tuple[Deployment, ...] = ()
        self._looking: asyncio.Task[None] | None = None
        self._changed = asyncio.Event()
        self._settled = asyncio.Event()
        self.configure(config)

    def configure(self, config: Config) -> None:
        """Take a new configuration; states of deployments that did not change are kept."""
        same = set(self._deployments).intersection(config.deployments)
        self._config = config
        self._deployments = config.deployments
        self._states = {d.name: self._states[d.name] if d in same else unseen(d) for d in config.deployments}
        quiet_litellm.keep_off_proxies(
            address.host_of(d.api_base) for d in config.deployments if d.declared == "local" and d.api_base
        )
        self._settled.clear()
        self._changed.set()

    @property
    def deployments(self) -> tuple[Deployment, ...]:
        return self._deployments

    def deployment(self, name: str) -> Deployment:
        return next(d for d in self._deployments if d.name == name)

    def state(self, name: str) -> State:
        return self._states[name]

    def candidates(self) -> tuple[Candidate, ...]:
        """Every deployment as routing sees it now."""
        return tuple(self._candidate(d, self._state_now(d)) for d in self._deployments)

    def assumed_candidates(self) -> tuple[Candidate, ...]:
        """Every deployment as if it were up and its key were set: for dry runs that ask nobody."""
        return tuple(self._candidate(d, replace(assumed(d), unavailable="")) for d in self._deployments)

    def location_now(self, deployment: Deployment) -> Location:
        """Where a deployment is by the last look; one that was removed is trusted no more."""
        return self._states[deployment.name].location if deployment in self._deployments else "cloud"

    def failed(self, name: str, why: str) -> None:
        """Leave a deployment alone for the configured while."""
        self._cooling[name] = (self._clock() + self._config.routing.cooldown_seconds, why)

    def succeeded(self, name: str) -> None:
        self._cooling.pop(name, None)

    async def watch(self) -> None:
        """Look at the local servers again and again, until cancelled."""
        while True:
            self._changed.clear()
            await self.look()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), self._config.routing.health_seconds)

    @property
    def is_settled(self) -> bool:
        """Every deployment of the configuration in force was looked at."""
        return self._settled.is_set()

    async def settled(self, seconds: float = SETTLE_SECONDS) -> None:
        """Wait, within limits, until every deployment of the configuration in force was looked at."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), seconds)

    async def look(self) -> None:
        """Look at every local server once; those of the cloud show themselves in use."""
        tags: dict[str, asyncio.Task[Any]] = {}
        for deployment in self._deployments:
            if deployment.is_ollama and deployment.api_base and deployment.api_base not in tags:
                tags[deployment.api_base] = asyncio.create_task(self._tags(deployment))
        watched = self._deployments
        states = await asyncio.gather(*(self._state_of(d, tags) for d in watched))
        for deployment, state in zip(watched, states, strict=True):
            if deployment not in self._deployments:
                continue
            before = self._states[deployment.name]
            if (before.unavailable, before.location) != (state.unavailable, state.location):
                log.info("%s: %s, %s", deployment.name, state.location, state.unavailable or "available")
            self._states[deployment.name] = state
        if watched == self._deployments:
            self._settled.set()

    async def look_again(self) -> None:
        """Look once more, together with all others who want that now."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.look())
        await asyncio.shield(self._looking)

    def _state_now(self, deployment: Deployment) -> State:
        state = self._states[deployment.name]
        until, why = self._cooling.get(deployment.name, (0.0, ""))
        if not state.unavailable and self._clock() < until:
            return replace(state, unavailable=why)
        return state

    def _candidate(self, deployment: Deployment, state: State) -> Candidate:
        abilities = first_known(configured(deployment), state.abilities)
        if state.location == "cloud":
            abilities = first_known(abilities, listed(deployment))
        return Candidate(
            name=deployment.name,
            title=title(deployment),
            location=state.location,
            roles=deployment.roles,
            window=self._window(deployment, abilities, state.location),
            sees_images=bool(abilities.sees_images),
            reads=abilities.reads,
            calls_tools=abilities.calls_tools is not False,
            unavailable=state.unavailable,
        )

    def _window(self, deployment: Deployment, abilities: Capabilities, location: Location) -> int:
        if location == "cloud":
            return abilities.window or first_known(listed(deployment)).window or CLOUD_WINDOW
        window = abilities.window or LOCAL_WINDOW
        if not deployment.is_ollama:
            return window
        return min(window, int(deployment.params.get("num_ctx") or self._config.routing.max_num_ctx))

    async def _state_of(self, deployment: Deployment, tags: Mapping[str, asyncio.Task[Any]]) -> State:
        try:
            return await self._look_at(deployment, tags)
        except Busy:
            return self._while_busy(deployment)
        except Exception as error:  # one address or answer out of the ordinary must not end the watch
            log.warning("%s could not be looked at (%s)", deployment.name, type(error).__name__)
            return replace(assumed(deployment), unavailable="its server could not be asked; check its api_base")

    def _while_busy(self, deployment: Deployment) -> State:
        """What was known before: a server that computes is slow to say so, and no less there."""
        before = self._states.get(deployment.name, assumed(deployment))
        return before if before != unseen(deployment) else replace(before, unavailable="its server does not answer")

    async def _look_at(self, deployment: Deployment, tags: Mapping[str, asyncio.Task[Any]]) -> State:
        start = assumed(deployment)
        if deployment.missing or start.location == "cloud":
            return start
        base = deployment.api_base or ""
        private = await address.resolves_private(base)
        if private is None:
            return replace(start, unavailable="its server cannot be found")
        if not private:
            return replace(start, location="cloud", doubt="its address is public")
        if deployment.is_ollama:
            return await self._look_at_ollama(deployment, start, await asyncio.shield(tags[base]))
        return await self._look_at_other(deployment, start)

    async def _look_at_ollama(self, deployment: Deployment, start: State, tags: Any) -> State:
        if isinstance(tags, str):
            return replace(start, unavailable=tags)
        wanted = deployment.model.split("/", 1)[1]
        entry = next((one for one in tags if _same_model(str(one.get("name", "")), wanted)), None)
        if entry is None:
            return replace(start, unavailable=f"it is not pulled (ollama pull {wanted})")
        if entry.get("remote_host") or entry.get("remote_model"):
            return replace(start, location="cloud", doubt="Ollama runs it remotely")
        try:
            shown = await self._http.json("POST", f"{deployment.api_base}/api/show", {"model": wanted}, None)
        except httpx.ReadTimeout:
            raise Busy from None
        except (httpx.HTTPError, ValueError):
            return replace(start, unavailable="its server does not answer")
        if shown.get("remote_host") or shown.get("remote_model"):
            return replace(start, location="cloud", doubt="Ollama runs it remotely")
        return replace(start, abilities=shown_by_ollama(shown))

    async def _look_at_other(self, deployment: Deployment, start: State) -> State:
        key = str(deployment.params.get("api_key") or "") or None
        try:
            await self._http.json("GET", f"{deployment.api_base}/models", None, key)
        except httpx.HTTPStatusError as error:
            broken = error.response.status_code >= 500
            return replace(start, unavailable="its server reports an error") if broken else start
        except httpx.ReadTimeout:
            raise Busy from None
        except httpx.HTTPError:
            return replace(start, unavailable="its server does not answer")
        except ValueError:
            return start
        return start

    async def _tags(self, deployment: Deployment) -> Any:
        try:
            answer = await self._http.json("GET", f"{deployment.api_base}/api/tags", None, None)
            return answer.get("models") or []
        except httpx.ReadTimeout:
            raise Busy from None
        except (httpx.HTTPError, ValueError, AttributeError):
            return "Ollama does not answer"


def assumed(deployment: Deployment) -> State:
    """What the configuration alone says of a deployment, without asking anyone."""
    unavailable = "; ".join(deployment.missing)
    if deployment.declared == "cloud":
        return State("cloud", unavailable)
    doubt = _doubt(deployment)
    return State("cloud" if doubt else "local", unavailable, doubt=doubt)


def unseen(deployment: Deployment) -> State:
    """Before the first look nothing counts as local and up: its address is not proven yet."""
    state = assumed(deployment)
    waits = deployment.declared == "local" and not state.unavailable
    return replace(state, unavailable="it is being looked at") if waits else state


def title(deployment: Deployment) -> str:
    """The model's own name, without the provider: what people know it by."""
    return deployment.model.split("/")[-1]


def _doubt(deployment: Deployment) -> str:
    base = deployment.api_base
    if deployment.is_ollama and deployment.model.endswith(CLOUD_TAGS):
        return "its name says that Ollama runs it remotely"
    if deployment.missing:
        return ""
    if not deployment.is_ollama and not deployment.trusted_local:
        return "only Ollama can be checked: declare `trusted_local: true` if the server is yours"
    if base is None:
        return "it names no server: add `api_base`"
    # A name is looked up when the server is looked at; only a literal tells already here.
    return "its address is public" if address.literal_is_private(address.host_of(base)) is False else ""


def _same_model(listed_name: str, wanted: str) -> bool:
    return listed_name == wanted or listed_name == f"{wanted}:latest"
