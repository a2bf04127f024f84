"""Open WebUI's admin API and a gateway on loopback, and our real presets and functions."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sluice.config.schema import LANES
from sluice.provision import Report, Settings, provision

from tests.provision.openwebui import ADMIN, Gateway, OpenWebUI, Served

ROOT = Path(__file__).resolve().parents[2]
Provision = Callable[..., Report]
MODELS = (*(f"sluice.{lane}" for lane in LANES), "sluice.smollm2")


@pytest.fixture
def webui() -> OpenWebUI:
    return OpenWebUI()


@pytest.fixture
def gateway() -> Gateway:
    return Gateway(*MODELS)


@pytest.fixture
def settings(webui: OpenWebUI, gateway: Gateway) -> Iterator[Settings]:
    with Served(webui) as first, Served(gateway) as second:
        yield _settings(first.url, second.url)


def _settings(webui_url: str, gateway_url: str) -> Settings:
    return Settings(
        webui_url=webui_url,
        gateway_url=gateway_url,
        admin_email=ADMIN["email"],
        admin_password=ADMIN["password"],
        gateway_key="gateway key",
        presets=ROOT / "presets",
        functions=ROOT / "functions",
    )


@pytest.fixture(scope="session")
def provisioned() -> tuple[str, OpenWebUI]:
    """An Open WebUI after the first run, with the address of the gateway that it knows."""
    webui = OpenWebUI()
    with Served(webui) as first, Served(Gateway(*MODELS)) as second:
        provision(_settings(first.url, second.url), patience=0)
        return second.url, webui


@pytest.fixture
def in_line(provisioned: tuple[str, OpenWebUI], webui: OpenWebUI, settings: Settings) -> None:
    """Start where the first run ends, without running it again."""
    known, snapshot = provisioned
    for name in ("config", "models", "functions"):
        text = json.dumps(getattr(snapshot, name)).replace(known, settings.gateway_url)
        setattr(webui, name, json.loads(text))


@pytest.fixture
def run(settings: Settings) -> Provision:
    """Provision once, as often as asked."""

    def once(**options: bool) -> Report:
        return provision(settings, patience=0, **options)

    return once
