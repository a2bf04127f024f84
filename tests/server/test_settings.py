"""The server does not start with what is unsafe, and says which variable to change."""

from pathlib import Path

import pytest
from sluice.errors import StartError
from sluice.server.settings import from_environ

GOOD = {"SLUICE_KEY": "k" * 16}


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, "SLUICE_KEY is not set. Set SLUICE_KEY or SLUICE_KEY_FILE"),
        ({"SLUICE_KEY": ""}, "does not start without a key"),
        ({"SLUICE_KEY": "   "}, "does not start without a key"),
        ({"SLUICE_KEY": "0p3n-w3bu!"}, "well-known default key"),
        ({"SLUICE_KEY": "short"}, "under 16 characters"),
        ({"SLUICE_KEY_FILE": "/nowhere/key"}, "cannot be read"),
        ({**GOOD, "SLUICE_IDENTITY_SECRET": "short"}, "SLUICE_IDENTITY_SECRET has under 32"),
        ({**GOOD, "SLUICE_PORT": "many"}, "SLUICE_PORT is no port"),
        ({**GOOD, "SLUICE_PORT": "70000"}, "SLUICE_PORT is no port"),
        ({**GOOD, "SLUICE_HOST": "example.com"}, "SLUICE_HOST is no IP address"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_unsafe_setting_is_refused_with_its_name(environ: dict[str, str], says: str) -> None:
    with pytest.raises(StartError, match=says):
        from_environ(environ)


def test_the_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 20 + "\n", encoding="utf-8")

    assert from_environ({"SLUICE_KEY_FILE": str(tmp_path / "key")}).key == "k" * 20


def test_settings_print_no_secret() -> None:
    printed = repr(from_environ({"SLUICE_KEY": "canary-" * 4, "SLUICE_IDENTITY_SECRET": "canary-" * 6}))

    assert "canary" not in printed


def test_without_an_identity_secret_the_server_starts_and_knows_nobody() -> None:
    assert from_environ(GOOD).identity_secret == ""


def test_it_listens_on_this_machine_only_unless_told_otherwise() -> None:
    settings = from_environ(GOOD)

    assert (settings.host, settings.port) == ("127.0.0.1", 9099)
