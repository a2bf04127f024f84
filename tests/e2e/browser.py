"""What a person does and sees in Open WebUI, in words of the person."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, Response, ViewportSize, expect

from tests.e2e.stack import ROOT, eventually
from tests.e2e.webui import Account

FLAGS = (
    "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update --disable-sync "
    "--no-first-run --disable-quic"
)
ANSWER_SECONDS = 90
SIZE: ViewportSize = {"width": 1280, "height": 800}


def launch(playwright: Playwright) -> Browser:
    """Start Chromium without any call home."""
    expect.set_options(timeout=20_000)
    return playwright.chromium.launch(
        executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=FLAGS.split()
    )


def window_of(browser: Browser, account: Account) -> BrowserContext:
    """A window in which this person is signed in."""
    window = browser.new_context(viewport=SIZE, locale="en-US", reduced_motion="reduce")
    window.set_default_timeout(20_000)
    kept = {"token": account.token, "locale": "en-US"}
    for name, value in kept.items():
        window.add_init_script(f"localStorage.setItem({json.dumps(name)}, {json.dumps(value)})")
    return window


def screenshot(page: Page, name: str) -> Path:
    """Keep what the person sees, for people to look at."""
    folder = Path(os.environ.get("SLUICE_SCREENSHOTS") or ROOT / "tests" / "e2e" / ".screenshots")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.png"
    page.screenshot(path=path)
    return path


@dataclass(frozen=True)
class Answer:
    """An answer as it stands in the chat."""

    text: str
    status: str


@dataclass(frozen=True)
class Chat:
    """The chat page."""

    page: Page
    url: str

    def open(self, *presets: str, **more: str) -> Chat:
        """Begin a new chat, with presets chosen by the address as a bookmark would."""
        query = urlencode({"models": ",".join(presets), **more} if presets else more)
        self.page.goto(f"{self.url}/?{query}")
        self.page.locator("#chat-input").wait_for()
        return self

    @property
    def id(self) -> str:
        found = re.search(r"/c/([^/?#]+)", self.page.url)
        assert found, f"no chat has begun at {self.page.url}"
        return found[1]

    def offered(self) -> list[str]:
        """Names in the model dropdown."""
        self.page.locator("#model-selector-model-button").first.click()
        options = self.page.locator("#model-selector-list [role=option]")
        options.first.wait_for()
        names = [_first_line(text) for text in options.all_inner_texts()]
        screenshot(self.page, "dropdown")
        self.page.keyboard.press("Escape")
        return names

    def pick(self, name: str) -> Chat:
        """Choose a model in the dropdown."""
        self.page.locator("#model-selector-model-button").first.click()
        self.page.get_by_role("option", name=f"Select {name} model", exact=True).click()
        self.page.get_by_role("button", name=f"Selected model: {name}").wait_for()
        return self

    def write(self, text: str) -> None:
        """Type without sending."""
        self.page.locator("#chat-input").click()
        self.page.keyboard.insert_text(text)

    def say(self, text: str) -> None:
        """Send a message and do not wait. What is far above leaves the page, so messages are told by their ids."""
        before = self._last_id()
        self.write(text)
        self.page.locator("#send-message-button").click()
        eventually(lambda: self._last_id() != before, "the message is in the chat")

    def ask(self, text: str, seconds: float = ANSWER_SECONDS) -> Answer:
        """Send a message and read the answer when it is complete."""
        self.say(text)
        return self.read(seconds=seconds)

    def _last_id(self) -> str | None:
        answers = self.page.locator("[id^='message-']:has(.chat-assistant)")
        return answers.last.get_attribute("id") if answers.count() else None

    def read(self, number: int = -1, seconds: float = ANSWER_SECONDS) -> Answer:
        """Wait until an answer is complete and read it with all its status lines."""
        message = self.message(number)
        expect(message.get_by_label("Copy", exact=True)).to_be_visible(timeout=seconds * 1000)
        text = message.locator("#response-content-container").inner_text().strip()
        return Answer(text, self._status(message))

    def message(self, number: int = -1) -> Locator:
        """One answer with its line of buttons."""
        wrapped = self.page.locator("[id^='message-']:has(.chat-assistant)")
        return wrapped.last if number == -1 else wrapped.nth(number)

    @property
    def said(self) -> Locator:
        return self.page.locator(".chat-user")

    @property
    def answers(self) -> Locator:
        return self.page.locator(".chat-assistant")

    def rest(self, seconds: float = ANSWER_SECONDS) -> None:
        """Wait until the page offers to talk again: the answer and all that follows it is done."""
        expect(self.page.get_by_label("Voice mode")).to_be_visible(timeout=seconds * 1000)

    def press(self, label: str) -> None:
        """Press a button under the last answer."""
        self.message().get_by_label(label, exact=True).click()

    def edit(self, text: str) -> None:
        """Change the last message of the person and send it anew."""
        self.said.last.hover()
        self.page.locator(".edit-user-message-button").last.click()
        self.page.locator("textarea[id^='message-edit-']").fill(text)
        self.page.locator("#confirm-edit-message-button").click()

    def attach(self, file: Path) -> str:
        """Attach a file; returns its id, with which its reading-in can be followed."""
        self.page.locator("#input-menu-button").click()
        with self.page.expect_file_chooser() as chooser:
            self.page.get_by_role("menuitem", name="Upload Files").click()
        with self.page.expect_response(_is_upload) as uploaded:
            chooser.value.set_files(file)
        # A picture loses its name once it is uploaded.
        shown = self.page.get_by_role("button", name=re.compile(re.escape(file.name))).or_(
            self.page.get_by_role("button", name="Show image preview")
        )
        expect(shown.first).to_be_visible()
        return str(uploaded.value.json()["id"])

    def _status(self, message: Locator) -> str:
        toggle = message.get_by_label("Toggle status history")
        if not toggle.count():
            return ""
        toggle.first.click()
        lines = message.locator(":has(> [aria-label='Toggle status history'])").first.inner_text()
        toggle.first.click()
        return lines


class Dialog:
    """The question that the guard asks."""

    def __init__(self, page: Page, title: str = "Send this to the cloud?") -> None:
        self.box: Locator = page.get_by_role("dialog", name=title)

    def wait(self) -> None:
        """Wait until it is there, and its fading in is over."""
        self.box.wait_for(timeout=60_000)
        expect(self.box).to_have_css("opacity", "1")

    def answer(self, choice: str) -> None:
        self.box.get_by_role("combobox").select_option(choice)
        self.confirm()

    def confirm(self) -> None:
        self.box.get_by_role("button", name="Confirm").click()
        expect(self.box).to_have_count(0)

    def cancel(self) -> None:
        self.box.get_by_role("button", name="Cancel").click()
        expect(self.box).to_have_count(0)


@dataclass(frozen=True)
class ValvesPage:
    """Admin Settings, Pipelines."""

    page: Page
    url: str

    def open(self) -> ValvesPage:
        self.page.goto(f"{self.url}/admin/settings/pipelines")
        self.page.locator("select#pipeline").wait_for()
        self.row("Cloud").wait_for()
        return self

    def row(self, name: str) -> Locator:
        label = self.page.locator("form:has(select#pipeline) section label").get_by_text(name, exact=True)
        return label.locator("xpath=../..")

    def switch(self, name: str, on: bool) -> None:
        switch = self.row(name).get_by_role("switch")
        if (switch.get_attribute("aria-checked") == "true") != on:
            switch.click()

    def choose(self, name: str, value: str) -> None:
        self.row(name).locator("select").select_option(value)

    def fill(self, name: str, value: str) -> None:
        unset = self.row(name).locator("button", has_text=re.compile("^\\s*None\\s*$"))
        if unset.count():
            unset.click()
        self.row(name).locator("input").fill(value)

    def save(self) -> None:
        with self.page.expect_response(re.compile(r"/valves/update")) as saved:
            self.page.locator("form:has(select#pipeline) button[type=submit]").click()
        assert saved.value.ok, f"saving valves failed: {saved.value.status}"


def wait_for_text(locator: Locator, pattern: str, seconds: float = ANSWER_SECONDS) -> None:
    """Wait until something visible matches."""
    eventually(lambda: re.search(pattern, locator.inner_text()), f"to read {pattern!r}", seconds)


def _is_upload(answer: Response) -> bool:
    return answer.request.method == "POST" and bool(re.search(r"/api/v1/files/(\?|$)", answer.url))


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0].strip()
