"""Native parts get the environment that Compose gives, with addresses and paths of this machine."""

from pathlib import Path

import pytest
from sluice.workstation import parts, wiring
from sluice.workstation.environments import Environment
from sluice.workstation.local_model import LocalModel
from sluice.workstation.parts import Instance
from sluice.workstation.places import ROOT, Places

PORTS = {"gateway": 9100, "embedded": 9101, "ollama": 9102}
ADDRESSES = {
    "http://gateway:9099": "http://127.0.0.1:9100",
    "http://open-webui:8080": "http://127.0.0.1:3001",
    "http://ollama:11434": "http://127.0.0.1:11434",
}


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    caller = {
        "PATH": "/usr/bin", "HOME": "/home/someone", "SLUICE_PUBLIC_PORT": "3001", "OPENAI_API_KEY": "sk-cloud",
        "OPENAI_API_BASE_URL": "http://elsewhere", "HTTPS_PROXY": "http://company:3128",
    }  # fmt: skip
    return Instance(
        places=Places(ROOT, tmp_path / "home", tmp_path / "cache"),
        wiring=wiring.read(ROOT, caller),
        ports=PORTS,
        public_port=3001,
        bind="127.0.0.1",
        local_model=LocalModel("http://127.0.0.1:11434", embedded=True),
        caller=caller,
    )


@pytest.fixture
def webui(tmp_path: Path) -> Environment:
    return Environment("open-webui", tmp_path / "cache" / "open-webui-1", ROOT / "locks" / "open-webui.txt")


def test_gateway_gets_what_compose_gives_but_for_the_few_values_that_differ(instance: Instance) -> None:
    home, own = instance.places.home, parts.gateway_values(instance)
    given = instance.environment("gateway", own)
    composed = instance.wiring.environment("gateway")

    assert given == {
        **composed,
        "SLUICE_CONFIG": str(ROOT / "compose" / "sluice.yaml"),
        "SLUICE_DATA": str(home / "gateway"),
        "SLUICE_KEY_FILE": str(home / "secrets" / "gateway_key"),
        "SLUICE_IDENTITY_SECRET_FILE": str(home / "secrets" / "identity_secret"),
        "OLLAMA_BASE_URL": "http://127.0.0.1:11434",
        **own,
    }
    assert set(own) == {"SLUICE_HOST", "SLUICE_PORT", "SLUICE_EMBEDDED_URL", "PYTHONPATH", "PYTHONUNBUFFERED"}


def test_open_webui_gets_what_compose_gives_but_for_the_few_values_that_differ(
    instance: Instance, webui: Environment
) -> None:
    home, own = instance.places.home, parts.open_webui_values(instance, webui)
    given = instance.environment("open-webui", own)
    composed = instance.wiring.environment("open-webui")

    assert given == {
        **composed,
        "DATA_DIR": str(home / "open-webui"),
        "OPENAI_API_BASE_URLS": "http://127.0.0.1:9100",
        "OLLAMA_BASE_URL": "http://127.0.0.1:11434",
        "WEBUI_SECRET_KEY_FILE": str(home / "secrets" / "webui_secret_key"),
        "WEBUI_ADMIN_PASSWORD_FILE": str(home / "secrets" / "admin_password"),
        "OPENAI_API_KEYS_FILE": str(home / "secrets" / "gateway_key"),
        "FORWARD_USER_INFO_HEADER_JWT_SECRET_FILE": str(home / "secrets" / "identity_secret"),
        **own,
    }
    assert set(own) == {"RAG_EMBEDDING_MODEL", "STATIC_DIR", "PYTHONUNBUFFERED"}


def test_provisioning_finds_everything_on_this_machine(instance: Instance, webui: Environment) -> None:
    given = parts.provision_environment(instance, webui)

    assert given["SLUICE_WEBUI_URL"] == "http://127.0.0.1:3001"
    assert given["SLUICE_GATEWAY_URL"] == "http://127.0.0.1:9100"
    assert given["SLUICE_PRESETS"] == str(ROOT / "presets")
    assert given["SLUICE_FUNCTIONS"] == str(ROOT / "functions")


def test_no_part_is_left_with_an_address_or_path_of_a_container(instance: Instance, webui: Environment) -> None:
    for part in (parts.gateway(instance, Path("python")), parts.open_webui(instance, webui)):
        for name, value in part.environ.items():
            assert not value.startswith(("/run/sluice", "/etc/sluice", "/app/", "/data")), name
            assert "://gateway" not in value, name
            assert "://ollama" not in value, name


def test_the_cloud_key_of_the_shell_does_not_reach_open_webui(instance: Instance, webui: Environment) -> None:
    part = parts.open_webui(instance, webui)

    assert "sk-cloud" not in part.environ.values()
    assert "OPENAI_API_BASE_URL" not in part.environ
    assert parts.gateway(instance, Path("python")).environ["OPENAI_API_KEY"] == "sk-cloud"


def test_open_webui_has_no_way_out_and_the_gateway_uses_the_proxy_of_the_machine(
    instance: Instance, webui: Environment
) -> None:
    assert parts.open_webui(instance, webui).environ["HTTPS_PROXY"] == "http://127.0.0.1:9"
    assert parts.gateway(instance, Path("python")).environ["HTTPS_PROXY"] == "http://company:3128"


def test_a_part_is_started_anew_for_another_setting_but_not_for_another_shell(instance: Instance) -> None:
    def settings(**changed: str) -> str:
        caller = {**instance.caller, **changed}
        other = Instance(
            instance.places, wiring.read(ROOT, caller), PORTS, 3001, "127.0.0.1", instance.local_model, caller
        )
        return parts.gateway(other, Path("python")).settings

    assert settings(PATH="/somewhere/else") == settings()
    assert settings(OPENAI_API_KEY="sk-new") != settings()


def test_a_key_file_is_the_one_on_this_machine(tmp_path: Path) -> None:
    key = tmp_path / "key"
    wired = wiring.read(ROOT, {"ANTHROPIC_API_KEY_FILE": str(key)})
    given = wiring.native_environment(wired, "gateway", Places(ROOT, tmp_path, tmp_path), ADDRESSES, {})

    assert given["ANTHROPIC_API_KEY_FILE"] == str(key)
    assert given["OPENAI_API_KEY_FILE"] == ""


def test_an_address_is_replaced_whole_or_not_at_all(tmp_path: Path) -> None:
    wired = wiring.read(ROOT, {"OLLAMA_BASE_URL": "http://ollama:114345"})
    given = wiring.native_environment(wired, "gateway", Places(ROOT, tmp_path, tmp_path), ADDRESSES, {})

    assert given["OLLAMA_BASE_URL"] == "http://ollama:114345"


def test_repr_of_a_part_shows_no_key(instance: Instance) -> None:
    assert "sk-cloud" not in repr(parts.gateway(instance, Path("python")))
    assert "sk-cloud" not in repr(instance)
