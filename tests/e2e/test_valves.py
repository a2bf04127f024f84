"""The gateway's switches in Admin Settings, Pipelines: changed in the browser, seen in the next answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.e2e.browser import Chat, ValvesPage, screenshot
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account
from tests.standins.cloud import Cloud

ADDRESS = "ottilie.brandauer@contoso-clinic.example"
SHIPPED = "/api/v1/pipelines/sluice/valves"


@pytest.fixture
def valves(admin_page: Page, admin: Account, stack: Stack) -> Iterator[ValvesPage]:
    """The page with the gateway's switches; they are as they were after the test."""
    before = admin.get(SHIPPED, urlIdx="0")
    yield ValvesPage(admin_page, stack.url).open()
    admin.post(f"{SHIPPED}/update", before, urlIdx="0")


def test_cloud_off_makes_everything_local_at_once(valves: ValvesPage, chat: Chat, cloud: Cloud) -> None:
    valves.switch("Cloud", False)
    valves.save()
    screenshot(valves.page, "valves")

    answer = chat.open("deep-analysis").ask("Name a colour.")

    assert "Local" in answer.status
    assert not cloud.record.chats()


def test_a_guard_that_observes_lets_pass_and_marks_the_answer(valves: ValvesPage, chat: Chat, cloud: Cloud) -> None:
    valves.choose("Guard", "observe")
    valves.save()

    answer = chat.open("deep-analysis").ask(f"Write one sentence to {ADDRESS}.")
    screenshot(chat.page, "guard-observes")

    assert "Cloud" in answer.status
    assert "observe" in answer.status.lower()
    assert len(cloud.record.chats()) == 1


@pytest.fixture
def no_money(stack: Stack) -> Iterator[None]:
    """A budget that is used up from the start, written into the running workstation's sluice.yaml."""
    before = stack.policy.read_text()
    assert "budgets: []" in before
    stack.policy.write_text(before.replace("budgets: []", "budgets: [{scope: user, period: day, limit_usd: 0}]"))
    yield
    stack.policy.write_text(before)


def test_a_used_up_budget_keeps_answers_local_unless_it_only_warns(
    no_money: None, valves: ValvesPage, chat: Chat, cloud: Cloud
) -> None:
    def status() -> str:
        return chat.open("deep-analysis").ask("Name a colour.").status

    eventually(lambda: "Local" in status(), "the new budget counts", 60)
    enforced = status()
    screenshot(chat.page, "budget-used-up")
    valves.choose("Budgets", "warn")
    valves.save()
    warned = status()

    assert "budget" in enforced.lower()
    assert "Cloud" in warned
    assert "budget" in warned.lower()


@pytest.mark.parametrize(("threshold", "location"), [("0", "Cloud"), ("1", "Local")])
def test_the_threshold_of_auto_decides_where_a_plain_message_goes(
    valves: ValvesPage, chat: Chat, threshold: str, location: str
) -> None:
    valves.fill("Auto Threshold", threshold)
    valves.save()

    answer = chat.open("auto").ask("Explain how a bill becomes a law.")

    assert location in answer.status
