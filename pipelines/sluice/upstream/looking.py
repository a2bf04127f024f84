"""Look at a deployment's server: is it there, where does it really run, what can it do."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

import httpx

from sluice.config import Deployment
from sluice.config.schema import Location
from sluice.upstream import address
from sluice.upstream.capabilities import Capabilities, shown_by_ollama

log = logging.getLogger("sluice.fleet")
PROBE_SECONDS = 3.0
CLOUD_TAGS = (":cloud", "-cloud")


@dataclass(frozen=True, slots=True)
class State:
    """What the last look at a deployment showed."""

    location: Location
    unavailable: str = ""
    abilities: Capabilities = field(default_factory=Capabilities)
    doubt: str = ""  # why a model declared local is treated as cloud
    loaded: bool | None = None  # in its server's memory; None where the server does not say


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


@dataclass(frozen=True, slots=True)
class Listed:
    """What an Ollama says of all its models: those it has, and those in its memory (None: it does not say)."""

    tags: list[Any]
    loaded: frozenset[str] | None


class Look:
    """One look at all servers: each Ollama is asked once for its lists, whatever number of models it has."""

    def __init__(self, http: LooksAt) -> None:
        self._http = http
        self._lists: dict[str, asyncio.Task[Listed | str]] = {}

    async def at(self, deployment: Deployment, before: State) -> State:
        """The state of a deployment now; what was known before while its server is too busy to say."""
        try:
            return await self._look_at(deployment)
        except Busy:
            return before if before != unseen(deployment) else replace(before, unavailable="its server does not answer")
        except Exception as error:  # one address or answer out of the ordinary must not end the watch
            log.warning("%s could not be looked at (%s)", deployment.name, type(error).__name__)
            return replace(assumed(deployment), unavailable="its server could not be asked; check its api_base")

    async def _look_at(self, deployment: Deployment) -> State:
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
            return await self._look_at_ollama(deployment, start, await self._listed(base))
        return await self._look_at_other(deployment, start)

    async def _look_at_ollama(self, deployment: Deployment, start: State, listed: Listed | str) -> State:
        if isinstance(listed, str):
            return replace(start, unavailable=listed)
        wanted = deployment.model.split("/", 1)[1]
        entry = next((one for one in listed.tags if _same_model(str(one.get("name", "")), wanted)), None)
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
        loaded = None if listed.loaded is None else any(_same_model(name, wanted) for name in listed.loaded)
        return replace(start, abilities=shown_by_ollama(shown), loaded=loaded)

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

    async def _listed(self, base: str) -> Listed | str:
        if base not in self._lists:
            self._lists[base] = asyncio.create_task(self._ask_for_lists(base))
        return await asyncio.shield(self._lists[base])

    async def _ask_for_lists(self, base: str) -> Listed | str:
        """Both lists, or why there are none."""
        try:
            answer = await self._http.json("GET", f"{base}/api/tags", None, None)
            return Listed(answer.get("models") or [], await self._loaded(base))
        except httpx.ReadTimeout:
            raise Busy from None
        except (httpx.HTTPError, ValueError, AttributeError):
            return "Ollama does not answer"

    async def _loaded(self, base: str) -> frozenset[str] | None:
        try:
            answer = await self._http.json("GET", f"{base}/api/ps", None, None)
            return frozenset(str(one["name"]) for one in answer["models"] or ())
        except (httpx.HTTPError, ValueError, AttributeError, KeyError, TypeError):
            return None


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
