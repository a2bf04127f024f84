"""What provisioning keeps, sets back and says, in the real Open WebUI."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.stack import Stack
from tests.e2e.webui import Account

PRESETS = ["auto", "private", "everyday", "quick", "code-review", "deep-analysis"]


# Once for all: Open WebUI refuses the sixteenth sign-in within three minutes.
@pytest.fixture(scope="module", autouse=True)
def _in_line_again(stack: Stack, admin: Account) -> Iterator[None]:
    yield
    admin.post("/api/v1/configs/tool_servers", {"TOOL_SERVER_CONNECTIONS": []})
    stack.sluice("provision", "--force")


def row(admin: Account, model: str) -> dict[str, Any]:
    return next(entry for entry in admin.get("/api/v1/models/all") if entry["id"] == model)


def test_a_second_run_writes_nothing(stack: Stack) -> None:
    assert "0 changes (0 writes)." in stack.sluice("provision").stdout


def test_every_gateway_model_is_hidden_and_readable_by_a_plain_user(admin: Account, person: Account) -> None:
    seen = {entry["id"]: entry["info"]["meta"].get("hidden", False) for entry in person.get("/api/models")["data"]}

    assert [id for id, hidden in seen.items() if not hidden] == PRESETS
    assert {"sluice.auto", "sluice.local", "sluice.frontier"} <= {id for id, hidden in seen.items() if hidden}


def test_an_admins_words_are_kept_and_shown_until_forced(stack: Stack, admin: Account) -> None:
    changed = row(admin, "quick")
    changed["meta"]["description"] = "For our help desk."
    admin.post("/api/v1/models/model/update", changed)

    said = stack.sluice("provision").stdout
    assert "preset Quick: an admin changed the description" in said
    assert row(admin, "quick")["meta"]["description"] == "For our help desk."

    stack.sluice("provision", "--force")
    assert row(admin, "quick")["meta"]["description"] != "For our help desk."


def test_private_is_set_back_on_its_lane_whatever_an_admin_does(stack: Stack, admin: Account) -> None:
    admin.post("/api/v1/models/model/update", row(admin, "private") | {"base_model_id": "sluice.frontier"})

    stack.sluice("provision")

    assert row(admin, "private")["base_model_id"] == "sluice.local"


def test_a_lost_grant_beneath_a_preset_is_given_back(stack: Stack, admin: Account, person: Account) -> None:
    admin.post("/api/v1/models/model/access/update", {"id": "sluice.local", "access_grants": []})
    assert "sluice.local" not in {entry["id"] for entry in person.get("/api/models")["data"]}

    stack.sluice("provision")

    assert "sluice.local" in {entry["id"] for entry in person.get("/api/models")["data"]}


def test_engines_and_connections_that_go_outside_are_set_back(stack: Stack, admin: Account) -> None:
    admin.post(
        "/api/v1/configs/import",
        {"config": {
            "audio.stt.engine": "openai",
            "audio.stt.openai.api_base_url": "https://speech.elsewhere.example/v1",
            "direct.enable": True,
            "web.search.enable": True,
            "task.model.external": "",
        }},
    )  # fmt: skip
    server = {"url": "https://tools.elsewhere.example", "path": "openapi.json", "auth_type": "none", "key": ""}
    admin.post("/api/v1/configs/tool_servers", {"TOOL_SERVER_CONNECTIONS": [server | {"config": {"enable": True}}]})

    checked = stack.sluice("provision", "--check", check=False)
    stack.sluice("provision")

    config = admin.get("/api/v1/configs/export")
    assert checked.returncode == 1
    for word in ("speech.elsewhere.example", "direct.enable", "web.search.enable", "task.model", "tools.elsewhere"):
        assert word in checked.stdout
    assert (config["audio.stt.engine"], config["direct.enable"], config["web.search.enable"]) == ("", False, False)
    assert config["task.model.external"] == "sluice.local"


def test_a_function_is_updated_with_its_valves_and_the_admins_switch_kept(stack: Stack, admin: Account) -> None:
    admin.post("/api/v1/functions/id/cost_tracker/valves/update", {"priority": 33})
    admin.post("/api/v1/functions/id/cost_tracker/toggle")
    file = stack.checkout / "functions" / "cost_tracker.py"
    source = file.read_text("utf-8")
    file.write_text(source + "\n# A later version.\n", "utf-8")

    said = stack.sluice("provision").stdout
    file.write_text(source, "utf-8")

    kept = admin.get("/api/v1/functions/id/cost_tracker")
    assert "function cost_tracker: content updated" in said
    assert "an admin switched active off" in said
    assert kept["content"].endswith("# A later version.\n")
    assert (kept["is_active"], kept["is_global"]) == (False, True)
    assert admin.get("/api/v1/functions/id/cost_tracker/valves") == {"priority": 33}
