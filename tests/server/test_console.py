"""The console's page and assets: what the gateway serves, and that a browser finds all it asks for."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest
from sluice.server.console import FOLDER, HEADERS, assets

from tests.server.process import Running

ASSETS = assets()
VENDOR = FOLDER / "vendor"
WORDS = {path.stem: json.loads(path.read_text("utf-8")) for path in (FOLDER / "words").glob("*.json")}
SCRIPTS = sorted(path for path in FOLDER.glob("*.js"))


def test_the_page_is_served_with_all_that_it_names(gateway: Running) -> None:
    page = gateway.get("/sluice/console/")
    named = re.findall(r'(?:src|href)="/sluice/assets/([^"]+)"', page.text)

    assert page.status_code == 200
    assert "main.js" in named
    for path in named:
        assert gateway.get(f"/sluice/console/assets/{path}").status_code == 200, path


def test_the_page_fetches_all_its_scripts_at_once(gateway: Running) -> None:
    """Otherwise a browser learns of a script only from the one that imports it, a round trip each."""
    page = gateway.get("/sluice/console/").text
    named = set(re.findall(r'(?:rel="modulepreload" href|script src)="/sluice/assets/(\w+\.js)"', page))

    assert named == {path.name for path in SCRIPTS}


def test_it_allows_nothing_inline_and_nothing_from_elsewhere(gateway: Running) -> None:
    page = gateway.get("/sluice/console/")
    policy = page.headers["content-security-policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\bstyle=|<style|\bon\w+=", page.text)
    assert page.headers["x-content-type-options"] == "nosniff"


def test_what_a_browser_has_is_not_sent_again(gateway: Running) -> None:
    first = gateway.get("/sluice/console/assets/main.js")

    again = gateway.get("/sluice/console/assets/main.js", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert set(HEADERS) <= set(again.headers)


@pytest.mark.parametrize("path", ["nothing.js", "../cli.py", "%2e%2e/cli.py", "vendor/LICENSE.uplot.txt", ""])
def test_there_is_nothing_else(gateway: Running, path: str) -> None:
    assert gateway.get(f"/sluice/console/assets/{path}").status_code == 404


def test_without_the_key_there_is_no_page(gateway: Running) -> None:
    assert gateway.get("/sluice/console/", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_imports_what_is_there_and_reaches_nowhere_else(script: Path) -> None:
    text = script.read_text("utf-8")

    assert all(path in ASSETS for path in re.findall(r'from "\./([^"]+)"', text))
    assert "innerHTML" not in text
    assert not re.search(r"https?://", text)


def test_every_language_has_every_word_with_the_same_gaps() -> None:
    def gaps(language: str) -> dict[str, set[str]]:
        return {key: set(re.findall(r"\{(\w+)\}", text)) for key, text in WORDS[language].items()}

    assert set(WORDS) == {"en", "de", "fr", "es", "zh"}
    for language in WORDS:
        assert gaps(language) == gaps("en"), language


def test_every_word_that_the_page_says_has_an_entry() -> None:
    text = "".join(path.read_text("utf-8") for path in SCRIPTS)
    said = set(re.findall(r'\bsay\("([^"]+)"', text))
    said |= set(re.findall(r'data-words="([^"]+)"', (FOLDER / "index.html").read_text("utf-8")))

    assert said - set(WORDS["en"]) == set()


def test_the_chart_library_is_the_one_that_npm_locked() -> None:
    """`scripts/vendor --check` compares with npm itself, whose packages the lock file knows by hash."""
    locked = json.loads((VENDOR / "package-lock.json").read_text("utf-8"))["packages"]["node_modules/uplot"]
    sums = dict(reversed(line.split("  ")) for line in (VENDOR / "SHA256SUMS").read_text("utf-8").splitlines())

    assert locked["integrity"].startswith("sha512-")
    assert f"(v{locked['version']})" in (VENDOR / "uPlot.iife.min.js").read_text("utf-8")[:200]
    assert set(sums) == {"uPlot.iife.min.js", "uPlot.min.css", "LICENSE.uplot.txt"}
    for name, sum in sums.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == sum, name
