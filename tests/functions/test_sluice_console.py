"""The console's routes in Open WebUI: in front of its page, once, for those who may."""

import sys
from dataclasses import dataclass, field
from types import ModuleType, SimpleNamespace
from typing import Annotated, Any

import httpx
import jwt
import pytest
from fastapi import Depends, FastAPI, HTTPException, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from tests.functions.conftest import SECRET, Asked
from tests.functions.loader import load

PEOPLE = {
    "t-admin": SimpleNamespace(id="boss", role="admin", name="Boss", email="boss@corp.example"),
    "t-user": SimpleNamespace(id="u-1", role="user", name="Jane", email="jane@corp.example"),
    "t-pending": SimpleNamespace(id="u-2", role="pending", name="New", email="new@corp.example"),
}
pytestmark = pytest.mark.usefixtures("connections")


@dataclass
class WebUI:
    """An application with Open WebUI's page at `/`, and its functions' switches."""

    app: FastAPI = field(default_factory=lambda: FastAPI(routes=[Mount("/", app=PlainTextResponse("its own page"))]))
    active: set[str] = field(default_factory=lambda: {"sluice_console"})

    async def tells(self, console: Any, event: str, id: str = "sluice_console") -> None:
        told = {"event": event, "subject": {"type": "function", "id": id}}
        await console.event(told, __id__="sluice_console", __app__=self.app)

    async def get(self, path: str, token: str = "") -> httpx.Response:
        headers = {"cookie": f"token={token}"} if token else {}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://webui") as client:
            return await client.get(path, headers=headers)

    @property
    def ours(self) -> list[str]:
        return [route.path for route in self.app.router.routes if hasattr(route, "sluice_console")]  # type: ignore[attr-defined]


@pytest.fixture
def webui(monkeypatch: pytest.MonkeyPatch, connections: dict[str, Any]) -> WebUI:
    """Open WebUI's own checks and tables, where the function imports them; as in 0.12.4."""
    webui = WebUI()

    def get_current_user(request: Request) -> Any:
        user = PEOPLE.get(request.cookies.get("token") or "")
        if user is None:
            raise HTTPException(401, "Not authenticated")
        return user

    def get_verified_user(user: Annotated[Any, Depends(get_current_user)]) -> Any:
        if user.role not in ("user", "admin"):
            raise HTTPException(401, "prohibited")
        return user

    def get_admin_user(user: Annotated[Any, Depends(get_current_user)]) -> Any:
        if user.role != "admin":
            raise HTTPException(401, "prohibited")
        return user

    async def get_optional_verified_user_from_request(request: Request) -> Any:
        user = PEOPLE.get(request.cookies.get("token") or "")
        return user if user and user.role != "pending" else None

    async def get_function_by_id(id: str) -> Any:
        return SimpleNamespace(id=id, is_active=id in webui.active)

    async def get_users_by_user_ids(ids: list[str]) -> list[Any]:
        return [one for one in PEOPLE.values() if one.id in ids]

    async def get_all_groups() -> list[Any]:
        return [SimpleNamespace(id="g-1", name="Sales"), SimpleNamespace(id="g-2", name="Legal")]

    parts = {
        "utils.auth": {one.__name__: one for one in (
            get_verified_user, get_admin_user, get_optional_verified_user_from_request)},
        "models.functions": {"Functions": SimpleNamespace(get_function_by_id=get_function_by_id)},
        "models.users": {"Users": SimpleNamespace(get_users_by_user_ids=get_users_by_user_ids)},
        "models.groups": {"Groups": SimpleNamespace(get_all_groups=get_all_groups)},
    }  # fmt: skip
    for name, members in parts.items():
        module = ModuleType(f"open_webui.{name}")
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, module.__name__, module)
    return webui


@pytest.mark.parametrize("event", ["system.startup.completed", "function.enable_started", "auth.login"])
async def test_whatever_event_comes_first_puts_the_page_before_open_webuis_own(webui: WebUI, event: str) -> None:
    console, _ = load("sluice_console")
    assert (await webui.get("/sluice")).text == "its own page"

    await webui.tells(console, event)

    assert (await webui.get("/sluice")).status_code == 303
    assert (await webui.get("/elsewhere")).text == "its own page"


async def test_toggling_and_reloading_leave_no_second_route(webui: WebUI) -> None:
    for _ in range(3):
        console, _ = load("sluice_console")
        for event in ("function.updated", "function.enable_started", "system.startup.completed", "auth.login"):
            await webui.tells(console, event)

    assert sorted(webui.ours) == ["/sluice", "/sluice/names", "/sluice/{path:path}"]


async def test_switching_off_takes_the_page_away(webui: WebUI) -> None:
    console, _ = load("sluice_console")
    await webui.tells(console, "function.enable_started")

    await webui.tells(console, "function.disable_started", "another")
    assert webui.ours
    await webui.tells(console, "function.disable_started")

    assert not webui.ours
    assert (await webui.get("/sluice")).text == "its own page"


@pytest.mark.parametrize("path", ["/sluice", "/sluice/usage/overview", "/sluice/assets/main.js", "/sluice/names"])
async def test_once_another_process_switched_it_off_nothing_is_served(webui: WebUI, gateway: Asked, path: str) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")
    webui.active.clear()

    assert (await webui.get(path, "t-admin")).status_code == 404
    assert gateway.calls == []


@pytest.mark.parametrize("token", ["", "t-forged", "t-pending"])
async def test_nobody_unknown_gets_further_than_to_the_form_for_signing_in(
    webui: WebUI, gateway: Asked, token: str
) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")

    page = await webui.get("/sluice", token)

    assert (page.status_code, page.headers["location"]) == (303, "/auth?redirect=/sluice")
    for path in ("usage", "assets/main.js", "names"):
        assert (await webui.get(f"/sluice/{path}", token)).status_code == 401
    assert gateway.calls == []


@pytest.mark.parametrize(("token", "user", "role"), [("t-admin", "boss", "admin"), ("t-user", "u-1", "user")])
async def test_the_gateway_is_told_who_asks_in_a_signed_token(
    webui: WebUI, gateway: Asked, token: str, user: str, role: str
) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")
    gateway.says["usage/overview?days=7&user=someone-else"] = {"totals": 1}

    answer = await webui.get("/sluice/usage/overview?days=7&user=someone-else", token)

    assert answer.json() == {"totals": 1}
    claims = jwt.decode(gateway.calls[-1][1]["x-openwebui-user-jwt"], SECRET, algorithms=["HS256"], issuer="open-webui")
    assert (claims["sub"], claims["role"]) == (user, role)
    assert gateway.calls[-1][1]["authorization"] == "Bearer gateway key"


@pytest.mark.parametrize(
    "path",
    ["audit", "v1/audit", "usage/%2e%2e/audit", "usage/..%2faudit", "usage//x",
     "assets/%2e%2e/%2e%2e/v1/usage", "assets/", "assets", "masked", "chat/completions"],
)  # fmt: skip
async def test_it_is_no_way_to_other_routes_of_the_gateway(webui: WebUI, gateway: Asked, path: str) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")

    assert (await webui.get(f"/sluice/{path}", "t-admin")).status_code == 404
    assert gateway.calls == []


async def test_a_gateway_that_does_not_answer_is_told_in_words_without_its_address(
    webui: WebUI, connections: dict[str, Any]
) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")
    connections["openai.api_base_urls"][1] = "http://127.0.0.1:9"

    answer = await webui.get("/sluice/usage", "t-user")

    assert answer.status_code == 503
    assert "gateway does not answer" in answer.text
    assert "127.0.0.1" not in answer.text


async def test_names_are_for_admins(webui: WebUI) -> None:
    await webui.tells(load("sluice_console")[0], "system.startup.completed")
    path = "/sluice/names?user=u-1&user=nobody&group=g-1"

    assert (await webui.get(path, "t-user")).status_code == 401
    assert (await webui.get(path, "t-admin")).json() == {"users": {"u-1": "Jane"}, "groups": {"g-1": "Sales"}}
