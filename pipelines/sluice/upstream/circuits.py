"""Keep a circuit breaker for each deployment, each server and each account with a provider."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sluice.config import Deployment
from sluice.config.schema import Routing
from sluice.errors import UpstreamError
from sluice.upstream.address import host_of
from sluice.upstream.breaker import Breaker, Pause

# What says something of the state of a model, not of the one request.
LASTING = frozenset({"down", "unreachable", "timeout", "memory", "busy", "cut", "key", "missing"})
# What no other call would mend either, so that even the last model of a chain is not asked.
HOPELESS = frozenset({"key", "missing", "unreachable"})

Key = tuple[str, ...]


class Circuits:
    """The breakers of one fleet. A bad key opens all of its account, a lost server all that is on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._breakers: dict[Key, Breaker] = {}
        self._kinds: dict[Key, str] = {}

    def why_not(self, deployment: Deployment, *, last_resort: bool = False) -> str:
        """Why a deployment is left alone now; empty when it may be asked.

        As a last resort, what failed in a way that may have passed is asked all the same.
        """
        now = self._clock()
        for key in _keys(deployment):
            breaker = self._breakers.get(key, Breaker())
            hopeful = last_resort and self._kinds.get(key) not in HOPELESS
            if not breaker.admits(now) and not hopeful:
                return breaker.why
        return ""

    @contextmanager
    def asking(self, deployment: Deployment) -> Iterator[None]:
        """Whatever a call to this deployment brings is noted, a trial's caller who leaves included."""
        now = self._clock()
        keys = _keys(deployment)
        self._change(keys, lambda breaker: breaker.begun(now))
        try:
            yield
        except BaseException:
            self._change(keys, Breaker.released)
            raise

    def succeeded(self, deployment: Deployment) -> None:
        for key in _keys(deployment):
            self._breakers.pop(key, None)
            self._kinds.pop(key, None)

    def failed(self, deployment: Deployment, error: UpstreamError, routing: Routing) -> None:
        """Note a failure that says something of the model's state; others change nothing."""
        if error.kind not in LASTING:
            return
        key = _scope(deployment, error)
        pause = Pause(routing.cooldown_seconds, routing.longest_cooldown_seconds)
        breaker = self._breakers.get(key, Breaker())
        self._breakers[key] = breaker.failed(self._clock(), pause, _why(error), error.retry_after or 0.0)
        self._kinds[key] = error.kind

    def reached(self, deployment: Deployment) -> None:
        """Its server answers again, whatever failed when it did not."""
        self._breakers.pop(_server(deployment), None)

    def _change(self, keys: tuple[Key, ...], change: Callable[[Breaker], Breaker]) -> None:
        for key in keys:
            if key in self._breakers:
                self._breakers[key] = change(self._breakers[key])


def server_of(deployment: Deployment) -> str:
    """The server that deployments share: its address, or its provider where that is not given."""
    base = deployment.api_base or ""
    return base.removesuffix("/v1") if host_of(base) else deployment.model.partition("/")[0]


def _why(error: UpstreamError) -> str:
    return f"{error.kind}: it failed a moment ago"


def _scope(deployment: Deployment, error: UpstreamError) -> Key:
    if error.kind == "unreachable":
        return _server(deployment)
    # 403 may be about this model alone; a key that is refused is refused for all.
    return _account(deployment) if error.kind == "key" and error.status == 401 else _own(deployment)


def _keys(deployment: Deployment) -> tuple[Key, ...]:
    return (_server(deployment), _account(deployment), _own(deployment))


def _own(deployment: Deployment) -> Key:
    return ("model", deployment.name)


def _server(deployment: Deployment) -> Key:
    return ("server", server_of(deployment))


def _account(deployment: Deployment) -> Key:
    provider = deployment.model.partition("/")[0]
    return ("account", provider, deployment.api_base or "", str(deployment.params.get("api_key") or ""))
