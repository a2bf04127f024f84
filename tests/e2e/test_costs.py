"""What people and admins see of costs in the real Open WebUI: the line, (i), the button, and the page at /sluice."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from sluice.ledger import Book

from tests.e2e.browser import Chat, screenshot, window_of
from tests.e2e.stack import Stack, eventually
from tests.e2e.webui import Account, Tasks, add_person
from tests.figures import year
from tests.standins.cloud import Cloud
from tests.standins.script import Answer, ToolCall, Usage

LONG = "A thought. " * 60
TEAM = (
    "Ines Moreau",
    "Jonas Becker",
    "Chen Wei",
    "Amélie Roux",
    "Tobias Lang",
    "Sofia García",
    "Marta Nowak",
    "David Kim",
)
DESKTOP: ViewportSize = {"width": 1280, "height": 860}
PHONE: ViewportSize = {"width": 390, "height": 844}


def figures(account: Account, path: str = "usage/overview", **query: str) -> Any:
    return account.get(f"/sluice/{path}", **query)


def usage_of(account: Account, chat: Chat) -> dict[str, Any]:
    return dict(account.answers(chat.id)[-1].get("usage") or {})


def test_over_tool_rounds_line_and_usage_are_the_sum_of_what_the_provider_billed(
    admin_chat: Chat, admin: Account, cloud: Cloud, warehouse: str
) -> None:
    before = figures(admin, scope="own")["totals"]
    cloud.script.next(
        Answer(tool_calls=(ToolCall("stock_of", {"article": "bolts"}, "call_1"),), usage=Usage(1000, 100)),
        Answer("Seventeen.", usage=Usage(1240, 310, cache_read=400)),
    )
    admin_chat.open("deep-analysis", tools=warehouse)

    answer = admin_chat.ask("How many bolts do we have?")
    screenshot(admin_chat.page, "cost-line-cloud")

    usage = usage_of(admin, admin_chat)
    eventually(lambda: figures(admin, scope="own")["totals"]["calls"] == before["calls"] + 2, "both rounds are booked")
    after = figures(admin, scope="own")["totals"]
    assert usage["output_tokens"] == 410
    assert usage["cost"] == pytest.approx(after["cost"] - before["cost"])
    assert usage["cost"] > 0
    assert usage["saved"] == pytest.approx(after["saved"] - before["saved"])
    assert re.search(r"Cloud · .* in / 410 out · \$0\.\d+ · month \$", answer.status.splitlines()[-1])
    assert usage["month"] == pytest.approx(figures(admin, scope="own")["month"]["spent"])


def test_a_local_answer_is_free_and_says_what_it_saved(chat: Chat, person: Account) -> None:
    answer = chat.open("everyday").ask("Name a colour.")
    screenshot(chat.page, "cost-line-local")

    assert re.search(r"Local · .* in / .* out · free · saved \$0\.\d+", answer.status)
    assert usage_of(person, chat)["saved"] > 0


def test_after_a_stopped_answer_line_and_usage_say_what_it_took(chat: Chat, person: Account, cloud: Cloud) -> None:
    before = figures(person)["totals"]
    cloud.script.always(Answer(LONG, piece=8, delay_between=0.2, usage=Usage(900, 700)))
    chat.open("deep-analysis").say("Think aloud for a long while.")
    expect(chat.answers.last).to_contain_text("A thought", timeout=60_000)

    chat.page.get_by_role("button", name=re.compile("Stop")).first.click()
    eventually(lambda: usage_of(person, chat).get("cost"), "the usage of what was stopped is kept with the message")
    status = chat.read().status
    screenshot(chat.page, "cost-line-stopped")

    after = figures(person)["totals"]
    assert after["calls"] == before["calls"] + 1
    assert usage_of(person, chat)["cost"] == pytest.approx(after["cost"] - before["cost"])
    assert "stopped" in status


def test_everything_a_conversation_calls_is_booked_once_tasks_apart(
    chat: Chat, person: Account, cloud: Cloud, tasks: Tasks, tmp_path: Path
) -> None:
    before = {row["key"]: row["calls"] for row in figures(person, "usage", by="kind")["rows"]}
    cloud.script.always(Answer("It is blue.", usage=Usage(800, 200)))
    tasks.switch(True)
    chat.open("deep-analysis").ask("Which colour has the sky?")
    chat.rest()
    cloud.record.clear()
    chat.press("Regenerate")
    again = chat.page.get_by_role("button", name="Try Again").or_(chat.page.get_by_role("menuitem", name="Try Again"))
    again.first.click()
    eventually(lambda: len(cloud.record.chats()) == 1, "the answer is made anew")
    chat.read()
    chat.rest()

    def since() -> dict[str, int]:
        now = {row["key"]: row["calls"] for row in figures(person, "usage", by="kind")["rows"]}
        return {key: now[key] - before.get(key, 0) for key in now if now[key] > before.get(key, 0)}

    eventually(lambda: len(since()) >= 3, "tasks are booked", 60)
    assert since()["chat"] == 2
    assert all(name == "chat" or name.endswith("_generation") for name in since())
    chat.press("Costs")
    dialog = chat.page.get_by_role("dialog", name="Costs")
    dialog.wait_for()
    expect(dialog).to_have_css("opacity", "1")
    screenshot(chat.page, "costs-button")
    rows = dict(itertools.pairwise(dialog.locator("td").all_inner_texts()))
    assert rows["This chat, answers"].startswith("$0.0")
    assert rows["This chat, titles and other tasks"] == "$0.00"
    chat.page.context.add_cookies([{"name": "token", "value": person.token, "url": person.url}])
    dialog.get_by_role("link", name="All figures").click()
    chat.page.wait_for_url("**/sluice")
    chat.page.locator(".card").first.wait_for()


ROUTES = ("usage", "usage/overview", "usage/message", "usage/chat", "names")


def test_a_plain_user_reads_nobody_elses_figures_by_any_route(admin: Account, person: Account, stack: Stack) -> None:
    cookies = {"cookie": f"token={person.token}"}
    queries = (
        {},
        {"scope": "all"},
        {"user": admin.id},
        {"by": "user"},
        {"by": "group"},
        {"by": "day", "user": admin.id},
    )
    forged = {"X-OpenWebUI-User-Id": admin.id, "X-OpenWebUI-User-Role": "admin", "X-OpenWebUI-User-Jwt": admin.token,
              "X-Sluice-Groups": "all"}  # fmt: skip

    for path, query, headers in itertools.product(ROUTES, queries, (cookies, cookies | forged)):
        answer = httpx.get(f"{stack.url}/sluice/{path}", params=query, headers=headers, timeout=30)

        assert admin.id not in answer.text
        assert answer.status_code in (200, 401, 403)
        if answer.status_code == 200 and path == "usage/overview":
            assert answer.json()["scope"] == "own"
    for path in ("usage", "usage/overview", "names", "assets/main.js"):
        assert httpx.get(f"{stack.url}/sluice/{path}", timeout=30).status_code == 401


def test_toggling_and_reloading_leave_one_page_and_off_is_off(admin: Account, stack: Stack) -> None:
    toggle = "/api/v1/functions/id/sluice_console/toggle"
    row = admin.get("/api/v1/functions/id/sluice_console")

    def place() -> tuple[int, str]:
        answer = httpx.get(f"{stack.url}/sluice", timeout=30)
        return answer.status_code, answer.headers.get("location", "")

    assert place() == (303, "/auth?redirect=/sluice")
    admin.post(toggle)
    assert place()[0] == 200, "Open WebUI's own page answers"
    admin.post(toggle)
    for _ in range(3):
        admin.post("/api/v1/functions/id/sluice_console/update", row)
    assert place() == (303, "/auth?redirect=/sluice")
    assert figures(admin)["scope"] == "all"


@pytest.fixture(scope="module")
def team(admin: Account, person: Account, stack: Stack) -> list[str]:
    """A year of a team's calls, through the ledger's own API while the gateway runs."""
    others = [
        add_person(admin, name, f"p{number}@team.example", "a-long-enough-password") for number, name in enumerate(TEAM)
    ]
    people = [person.id, admin.id, *(one.id for one in others)]
    names = ("Engineering", "Sales", "Legal")
    groups = [admin.post("/api/v1/groups/create", {"name": name, "description": ""})["id"] for name in names]
    book = Book(stack.data / "ledger.sqlite3")
    year.write(book, year.calls(20_000, people, groups, datetime.now(UTC)))
    book.close()
    return people


def signed_in(browser: Browser, account: Account, size: ViewportSize, theme: str) -> BrowserContext:
    """A window with the cookie that Open WebUI's form for signing in leaves, and a theme chosen in its settings."""
    window = window_of(browser, account)
    window.add_cookies([{"name": "token", "value": account.token, "url": account.url}])
    window.add_init_script(f"localStorage.setItem('theme', '{theme}')")
    page = window.new_page()
    page.set_viewport_size(size)
    page.goto(f"{account.url}/sluice")
    page.locator(".card").first.wait_for()
    return window


def keep(page: Page, name: str) -> None:
    """The whole page, once its charts are drawn."""
    page.wait_for_function("!document.querySelector('.chart:not(:has(canvas))')")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 1000})  # type: ignore[index]
    screenshot(page, name)


def test_somebody_who_asked_nothing_yet_finds_a_page_that_says_so(browser: Browser, admin: Account) -> None:
    newcomer = add_person(admin, "Eva Lindqvist", "eva@team.example", "a-long-enough-password")
    window = signed_in(browser, newcomer, DESKTOP, "light")

    expect(window.pages[0].get_by_role("heading", name="Nothing was asked yet")).to_be_visible()
    screenshot(window.pages[0], "console-empty")
    window.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("role", ["admin", "person"])
def test_the_page_shows_a_year_to_admins_and_each_person_their_own(
    browser: Browser, admin: Account, person: Account, team: list[str], role: str, size: ViewportSize, theme: str
) -> None:
    faults: list[str] = []
    window = signed_in(browser, admin if role == "admin" else person, size, theme)
    page = window.pages[0]
    page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))

    page.reload()
    page.get_by_role("radio", name="12 months").check()
    expect(page.get_by_role("status")).to_have_text("The figures were updated.")
    keep(page, f"console-{role}-{'phone' if size is PHONE else 'desktop'}-{theme}")

    assert faults == []
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is cut off at the side"
    assert page.get_by_role("radio", name="Everyone").count() == (role == "admin")
    assert page.get_by_role("tab", name="Person").count() == (role == "admin")
    window.close()


def test_the_page_is_used_by_keyboard_and_read_as_tables(browser: Browser, admin: Account, team: list[str]) -> None:
    window = signed_in(browser, admin, DESKTOP, "light")
    page = window.pages[0]

    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the figures")
    page.get_by_role("tab", name="Model").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Person")).to_be_focused()
    expect(page.get_by_role("tabpanel")).to_contain_text("Wilhelmina Strasser")
    page.locator("[data-card=over-time] summary").press("Enter")
    expect(page.locator("[data-card=over-time] tbody tr")).to_have_count(30)
    assert page.locator(".chart:not([aria-label])").count() == 0
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV: Day").click()
    assert download.value.suggested_filename == "sluice-day.csv"
    window.close()


def test_the_page_follows_new_calls_without_a_reload(browser: Browser, person: Account, chat: Chat) -> None:
    chat.open("everyday").ask("Name a colour.")
    window = signed_in(browser, person, DESKTOP, "light")
    page = window.pages[0]
    shown = page.locator("[data-card=local] .note").first.inner_text()

    chat.ask("Another one.")

    expect(page.locator("[data-card=local] .note").first).not_to_have_text(shown, timeout=30_000)
    window.close()
