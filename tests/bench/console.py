"""How long the page at /sluice takes to show its figures, through the real Open WebUI, over a million bookings.

The whole workstation is started with a ledger of one year, in a file and, where its programs are found, in PostgreSQL.
A load is from asking for the page to the first frame in which all figures and charts stand.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from sluice.ledger import Book

from tests.bench import figures
from tests.bench.ledger import places
from tests.conftest import unused_port
from tests.e2e.browser import launch, window_of
from tests.e2e.stack import ADMIN, Stack, copy_of_checkout, environment_for
from tests.e2e.webui import Account, sign_in
from tests.figures import year
from tests.standins.cloud import Cloud

LOADS = 7
PEOPLE = tuple(f"5d2c1b7e-0000-4000-8000-{number:012}" for number in range(20))
GROUPS = ("group-1", "group-2", "group-3", "group-4")
SHOWN = "() => document.querySelector('.card') && !document.querySelector('.chart:not(:has(canvas))')"


def main() -> None:
    parser = argparse.ArgumentParser(prog="./scripts/bench console", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one line of JSON")
    parser.add_argument("--bookings", type=int, default=1_000_000, help="synthetic bookings")
    parser.add_argument("--picture", type=Path, help="a folder for a picture of each page")
    options = parser.parse_args()
    found: dict[str, Any] = {"machine": figures.machine(), "bookings": options.bookings}
    with tempfile.TemporaryDirectory() as folder:
        for name, place in places(Path(folder)):
            with place as where, _started(Path(folder) / name, where, options.bookings) as stack:
                found[name] = _loads(stack, options.picture and options.picture / f"console-{name}.png")
    figures.show(found, as_json=options.json)


@contextmanager
def _started(folder: Path, where: Path | str, bookings: int) -> Iterator[Stack]:
    """A workstation whose ledger, in its own file or at a URL, holds a year."""
    home = folder / "home"
    with Cloud() as cloud:
        environment = environment_for(home, unused_port(), cloud)
        stack = Stack(copy_of_checkout(folder / "sluice"), home, environment["SLUICE_PUBLIC_PORT"], environment)
        if isinstance(where, str):
            environment["SLUICE_LEDGER_URL"] = where
        book = Book(where if isinstance(where, str) else stack.data / "ledger.sqlite3")
        year.write(book, year.calls(bookings, PEOPLE, GROUPS, datetime.now(UTC)))
        book.close()
        try:
            stack.up()
            yield stack
        finally:
            stack.down()


def _loads(stack: Stack, picture: Path | None) -> dict[str, Any]:
    account = sign_in(stack.url, ADMIN[1], stack.password)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = _page(browser, account)
        first = _load(page, stack.url)
        took = [_load(page, stack.url) for _ in range(LOADS)]
        page.get_by_role("radio", name="12 months").check()
        page.wait_for_function(SHOWN)
        if picture:
            page.screenshot(path=picture)
        browser.close()
    asked = {f"figures_of_{days}_days_s": _asked(account, days) for days in (30, 365)}
    return {"first_load_s": round(first, 3), "load_s": round(statistics.median(took), 3), **asked}


def _page(browser: Browser, account: Account) -> Page:
    window = window_of(browser, account)
    window.add_cookies([{"name": "token", "value": account.token, "url": account.url}])
    return window.new_page()


def _load(page: Page, url: str) -> float:
    began = time.perf_counter()
    page.goto(f"{url}/sluice")
    page.wait_for_function(SHOWN)
    return time.perf_counter() - began


def _asked(account: Account, days: int) -> float:
    """The same figures without a browser, in seconds."""
    took = []
    for _ in range(LOADS):
        began = time.perf_counter()
        account.get("/sluice/usage/overview", days=str(days))
        took.append(time.perf_counter() - began)
    return round(statistics.median(took), 3)


if __name__ == "__main__":
    main()
