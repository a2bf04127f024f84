"""
title: Sluice console
author: Sluice
version: 0.1.0
required_open_webui_version: 0.12.0
description: Shows what calls cost, what they saved and what left the machine, on a page of its own at /sluice. Admins see everything, everybody else their own figures. Switching it off removes the page and changes nothing about what is counted or spent.
"""

# ruff: noqa: E501

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import Depends, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

HEADER = "X-Sluice-Chat"
PAGE = "/sluice"
# What the page may ask the gateway for, by the first part of its path; all of it only read.
SHOWN = {"": "/sluice/console/", "assets": "/sluice/console/assets", "usage": "/sluice/v1/usage"}
MOST = 500  # names asked for at once
# Made once: each client would read all certificates anew, which holds up Open WebUI for 30 ms a part of the page.
TRUST = httpx.create_ssl_context(trust_env=False)
PASSED_ON = ("accept", "accept-language", "if-none-match")
HANDED_BACK = ("content-type", "content-disposition", "content-language", "cache-control", "etag",
               "content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options")  # fmt: skip


class Event:
    """Keeps the page's routes in front of Open WebUI's own, in each of its processes."""

    class Valves(BaseModel):
        seconds: float = Field(default=15.0, gt=0, le=60, description="How long the gateway may take to answer.")

    def __init__(self) -> None:
        self.valves = self.Valves()

    async def event(self, event: dict[str, Any], __id__: str = "sluice_console", __app__: Any = None) -> None:
        """Register with the first event that this process sees, and anew once the function's source has changed.

        Switching on, changing and switching off is told to one process only, so each looks at every event.
        """
        subject = event.get("subject") or {}
        if event.get("event") == "function.disable_started" and subject.get("id") == __id__:
            remove(__app__)
        elif not any(getattr(route, "sluice_console", None) is self for route in __app__.router.routes):
            remove(__app__)
            add(__app__, self, __id__)


def add(app: Any, console: Event, id: str) -> None:
    """Put the routes first, since Open WebUI's page answers whatever no route before it does."""
    from open_webui.utils.auth import (  # type: ignore[import-not-found, unused-ignore]
        get_admin_user,
        get_optional_verified_user_from_request,
        get_verified_user,
    )

    # Open WebUI reads annotations as texts, in which names of this function are not found: so no `Annotated`.
    async def page(request: Request) -> Response:
        await is_on(id)
        user = await get_optional_verified_user_from_request(request)
        if user is None:
            # A person, not a program: to the form for signing in, and back.
            return RedirectResponse(f"/auth?redirect={PAGE}", status_code=303, headers={"cache-control": "no-store"})
        return await shown(request, user, "", console.valves.seconds)

    async def part(request: Request, path: str, user: Any = Depends(get_verified_user)) -> Response:  # noqa: B008
        await is_on(id)
        return await shown(request, user, path, console.valves.seconds)

    async def names(request: Request, _: Any = Depends(get_admin_user)) -> Response:  # noqa: B008
        await is_on(id)
        asked_for = [request.query_params.getlist(kind)[:MOST] for kind in ("user", "group")]
        return JSONResponse(await named(*asked_for), headers={"cache-control": "no-store"})

    for address, endpoint in ((f"{PAGE}/{{path:path}}", part), (f"{PAGE}/names", names), (PAGE, page)):
        route = APIRoute(address, endpoint, methods=["GET"], include_in_schema=False, response_model=None)
        route.sluice_console = console  # type: ignore[attr-defined]
        app.router.routes.insert(0, route)


def remove(app: Any) -> None:
    """Take away the routes, whichever version of this file added them."""
    app.router.routes[:] = [route for route in app.router.routes if not hasattr(route, "sluice_console")]


async def is_on(id: str) -> None:
    """Raise 404 unless the function is switched on, which another process may have changed."""
    from open_webui.models.functions import Functions  # type: ignore[import-not-found, unused-ignore]

    function = await Functions.get_function_by_id(id)
    if function is None or not function.is_active:
        raise HTTPException(404, "The console is switched off.")


async def named(users: list[str], groups: list[str]) -> dict[str, dict[str, str]]:
    """Return the names of users and groups by their ids; only Open WebUI knows them, the gateway keeps none."""
    from open_webui.models.groups import Groups  # type: ignore[import-not-found, unused-ignore]
    from open_webui.models.users import Users  # type: ignore[import-not-found, unused-ignore]

    people = await Users.get_users_by_user_ids(users) if users else []
    known = await Groups.get_all_groups() if groups else []
    return {
        "users": {one.id: one.name for one in people},
        "groups": {one.id: one.name for one in known if one.id in set(groups)},
    }


async def shown(request: Request, user: Any, path: str, seconds: float) -> Response:
    """Return what the gateway shows this person at a path of the page."""
    first, _, rest = path.partition("/")
    parts = rest.split("/") if rest else []
    if first not in SHOWN or any(part in ("", ".", "..") for part in parts) or (first == "assets" and not parts):
        raise HTTPException(404, "There is nothing here.")
    address = "/".join([SHOWN[first], *parts])
    try:
        answer = await asked(request, user, address, seconds)
    except Exception:
        # Whatever failed: its words may name addresses of the inside.
        raise HTTPException(503, "The gateway does not answer, so there are no figures now. Try again later.") from None
    headers = {name: answer.headers[name] for name in HANDED_BACK if name in answer.headers}
    return Response(answer.content, answer.status_code, headers)


async def asked(request: Request, user: Any, path: str, seconds: float) -> httpx.Response:
    """Ask the gateway in the name of a person, signed as Open WebUI signs its calls."""
    from open_webui.utils.headers import get_headers_and_cookies  # type: ignore[import-not-found, unused-ignore]

    async with asyncio.timeout(seconds):
        url, key, config = await gateway()
        signed, _ = await get_headers_and_cookies(request, url, key, config, {}, user)
        headers = {**{name: request.headers[name] for name in PASSED_ON if name in request.headers}, **signed}
        # No proxy of the environment: figures take no other way than the chat.
        async with httpx.AsyncClient(trust_env=False, verify=TRUST, timeout=seconds) as client:
            return await client.get(url.removesuffix("/v1") + path, params=request.query_params, headers=headers)


async def gateway() -> tuple[str, str, Mapping[str, Any]]:
    """Return address, key and settings of the connection with our headers, as they are at this moment."""
    from open_webui.models.config import Config  # type: ignore[import-not-found, unused-ignore]

    stored = await Config.get_many("openai.api_base_urls", "openai.api_keys", "openai.api_configs")
    urls, keys = stored.get("openai.api_base_urls") or [], stored.get("openai.api_keys") or []
    configs = stored.get("openai.api_configs") or {}
    all = [
        (url.rstrip("/"), key, configs.get(str(n)) or {}) for n, (url, key) in enumerate(zip(urls, keys, strict=False))
    ]
    return next(one for one in all if HEADER in (one[2].get("headers") or {}))
