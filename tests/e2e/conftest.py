"""One workstation for all tests of this folder, an admin, a person, and a browser window for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import unused_port
from tests.e2e.browser import Chat, launch, screenshot, window_of
from tests.e2e.stack import ADMIN, Stack, copy_of_checkout, environment_for
from tests.e2e.webui import Account, Tasks, add_person, sign_in, tool_for_everybody
from tests.standins.cloud import Cloud

WAREHOUSE = '''"""
title: Warehouse
description: Looks into the stock of the warehouse
"""


class Tools:
    def stock_of(self, article: str) -> str:
        """
        Tell how many pieces of an article are in stock.

        :param article: name of the article
        """
        return f"{article}: 17 pieces in aisle nine"
'''
PERSON = ("Wilhelmina Strasser", "wilhelmina@workstation.example", "a-long-enough-password")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(420, func_only=True))


@pytest.fixture(scope="session")
def outside() -> Iterator[Cloud]:
    """The cloud of the whole run; its script and record begin anew with each test."""
    with Cloud() as standin:
        yield standin


@pytest.fixture(scope="session")
def stack(outside: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A workstation started as a person starts it."""
    home = tmp_path_factory.mktemp("home")
    checkout = copy_of_checkout(tmp_path_factory.mktemp("clone") / "sluice")
    environment = environment_for(home, unused_port(), outside)
    stack = Stack(checkout, home, environment["SLUICE_PUBLIC_PORT"], environment)
    stack.up()
    yield stack
    stack.down()


@pytest.fixture(scope="session")
def admin(stack: Stack) -> Account:
    account = sign_in(stack.url, ADMIN[1], stack.password)
    account.prefer()
    Tasks(account).switch(False)
    return account


@pytest.fixture(scope="session")
def person(admin: Account) -> Account:
    """A second account, of role `user`."""
    account = add_person(admin, *PERSON)
    account.prefer()
    return account


@pytest.fixture(autouse=True)
def cloud(outside: Cloud, admin: Account, person: Account) -> Iterator[Cloud]:
    """The stand-in cloud with a clean script and record; after each test nobody can be told from it."""
    outside.script.reset()
    outside.record.clear()
    yield outside
    received = outside.record.text()
    for account in (admin, person):
        for mark in account.is_told_apart_by:
            assert mark not in received, "the cloud was told who asks"


@pytest.fixture
def tasks(admin: Account) -> Iterator[Tasks]:
    """Titles, tags and follow-up questions, off but where a test switches them on."""
    tasks = Tasks(admin)
    yield tasks
    tasks.switch(False)


@pytest.fixture
def plain_retrieval(admin: Account) -> Iterator[None]:
    """Files are searched for the person's own words; the small model of the tests invents none, or empty ones."""
    settings = admin.get("/api/v1/tasks/config")
    admin.post("/api/v1/tasks/config/update", settings | {"ENABLE_RETRIEVAL_QUERY_GENERATION": False})
    yield
    admin.post("/api/v1/tasks/config/update", settings)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


def _page(browser: Browser, account: Account, request: pytest.FixtureRequest) -> Iterator[Page]:
    window = window_of(browser, account)
    page = window.new_page()
    yield page
    if getattr(request.node, "failed", False):
        screenshot(page, f"failed-{request.node.name}"[:120].replace("/", "-"))
    window.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """Note failures, so that the window's fixture can keep a picture."""
    report = yield
    if report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report


@pytest.fixture
def page(browser: Browser, person: Account, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in which the person is signed in."""
    yield from _page(browser, person, request)


@pytest.fixture
def admin_page(browser: Browser, admin: Account, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A window in which the admin is signed in."""
    yield from _page(browser, admin, request)


@pytest.fixture
def chat(page: Page, stack: Stack) -> Chat:
    """The person's chat page."""
    return Chat(page, stack.url)


@pytest.fixture
def admin_chat(admin_page: Page, stack: Stack) -> Chat:
    return Chat(admin_page, stack.url)


@pytest.fixture
def warehouse(admin: Account) -> Iterator[str]:
    with tool_for_everybody(admin, "warehouse", WAREHOUSE) as tool:
        yield tool
