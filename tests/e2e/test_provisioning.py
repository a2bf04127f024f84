"""`sluice provision` makes Open WebUI match the project, and says what somebody changed."""

from __future__ import annotations

from tests.e2e.stack import Stack
from tests.e2e.webui import Account


def test_provisioning_again_writes_nothing(stack: Stack, admin: Account) -> None:
    checked = stack.sluice("provision", "--check", check=False)

    assert checked.returncode == 0, checked.stdout


def test_an_outside_connection_that_an_admin_added_is_reported(stack: Stack, admin: Account) -> None:
    before = admin.get("/openai/config")
    added = before | {
        "OPENAI_API_BASE_URLS": [*before["OPENAI_API_BASE_URLS"], "https://models.elsewhere.example/v1"],
        "OPENAI_API_KEYS": [*before["OPENAI_API_KEYS"], "some-key"],
    }
    admin.post("/openai/config/update", added)

    checked = stack.sluice("provision", "--check", check=False)
    admin.post("/openai/config/update", before)

    assert checked.returncode == 1
    assert "models.elsewhere.example" in checked.stdout
    assert "some-key" not in checked.stdout
