"""Know of each deployment whether it is there, where it really runs, and what it can do."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from dataclasses import replace

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
)
from sluice.upstream.circuits import Circuits, server_of
from sluice.upstream.line import Line
from sluice.upstream.looking import Http, Look, LooksAt, State, assumed, unseen
from sluice.upstream.naming import title
from sluice.upstream.pace import Paces
from sluice.upstream.rates import Rates
from sluice.upstream.reach import Reach

log = logging.getLogger("sluice.fleet")
SETTLE_SECONDS = 30.0


class Fleet:
    """The deployments of one configuration and their state, refreshed by `watch` and by what calls bring."""

    def __init__(
        self, config: Config, *, http: LooksAt | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._http = http or Http()
        self._clock = clock
        self.circuits = Circuits(clock)
        self.rates = Rates(clock)
        self.reach = Reach(clock)
        self.paces = Paces()
        self._lines: dict[str, Line] = {}
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

    def candidates(self, *, last_resort: bool = False) -> tuple[Candidate, ...]:
        """Every deployment as routing sees it now; as a last resort, those too that may have recovered."""
        return tuple(self._candidate(d, self._state_now(d, last_resort=last_resort)) for d in self._deployments)

    def assumed_candidates(self) -> tuple[Candidate, ...]:
        """Every deployment as if it were up and its key were set: for dry runs that ask nobody."""
        return tuple(self._candidate(d, replace(assumed(d), unavailable="")) for d in self._deployments)

    def location_now(self, deployment: Deployment) -> Location:
        """Where a deployment is by the last look; one that was removed is trusted no more."""
        return self._states[deployment.name].location if deployment in self._deployments else "cloud"

    def line(self, deployment: Deployment) -> Line | None:
        """The line that calls to a deployment wait in; None where any number may be made at once."""
        own: int | None = deployment.info.get("max_parallel")
        if self.location_now(deployment) == "cloud":
            return self._line(f"model {deployment.name}", own) if own else None
        server = server_of(deployment)
        limits = [d.info.get("max_parallel") or 0 for d in self._deployments if server_of(d) == server]
        return self._line(f"server {server}", max(limits, default=0) or self._config.routing.local_parallel)

    def _line(self, key: str, slots: int) -> Line:
        line = self._lines.setdefault(key, Line(slots, self._clock))
        line.slots = slots
        return line

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
        look, watched = Look(self._http), self._deployments
        states = await asyncio.gather(*(look.at(d, self._states[d.name]) for d in watched))
        for deployment, state in zip(watched, states, strict=True):
            if deployment not in self._deployments:
                continue
            before = self._states[deployment.name]
            if (before.unavailable, before.location) != (state.unavailable, state.location):
                log.info("%s: %s, %s", deployment.name, state.location, state.unavailable or "available")
            self._states[deployment.name] = state
            if state.location == "local" and not state.unavailable:
                self.circuits.reached(deployment)
        if watched == self._deployments:
            self._settled.set()

    async def look_again(self) -> None:
        """Look once more, together with all others who want that now."""
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self.look())
        await asyncio.shield(self._looking)

    def _state_now(self, deployment: Deployment, *, last_resort: bool) -> State:
        state = self._states[deployment.name]
        if state.unavailable:
            return state
        return replace(state, unavailable=self.circuits.why_not(deployment, last_resort=last_resort))

    def _candidate(self, deployment: Deployment, state: State) -> Candidate:
        abilities = first_known(configured(deployment), state.abilities)
        if state.location == "cloud":
            abilities = first_known(abilities, listed(deployment))
        line, pace = self.line(deployment), self.paces.of(deployment.name)
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
            first_token_seconds=pace.first_token_seconds if pace else None,
            tokens_per_second=pace.tokens_per_second if pace else None,
            loaded=state.loaded,
            waiting=line.waiting if line else 0,
        )

    def _window(self, deployment: Deployment, abilities: Capabilities, location: Location) -> int:
        if location == "cloud":
            return abilities.window or first_known(listed(deployment)).window or CLOUD_WINDOW
        window = abilities.window or LOCAL_WINDOW
        if not deployment.is_ollama:
            return window
        return min(window, int(deployment.params.get("num_ctx") or self._config.routing.max_num_ctx))
