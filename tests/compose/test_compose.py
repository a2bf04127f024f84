"""What compose.yaml promises: it starts with nothing set, and only the gate leads outside."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from sluice.workstation import wiring
from sluice.workstation.interpolation import interpolate, read_env_file, variables

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "compose" / "compose.yaml"
ONE_SHOT = {"init", "models", "provision"}


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """The file as written."""
    return yaml.safe_load(COMPOSE.read_text())


@pytest.fixture(scope="module")
def used(written: dict[str, Any]) -> dict[str, bool]:
    """The variables of the file, comments left out, and whether each has a value of its own."""
    return variables(json.dumps(written))


@pytest.fixture(scope="module")
def services(written: dict[str, Any]) -> dict[str, Any]:
    """The services as Compose sees them with nothing set."""
    return interpolate(written, {})["services"]


@pytest.fixture(scope="module")
def webui() -> dict[str, str]:
    return wiring.read(ROOT, {}).environment("open-webui")


@pytest.mark.parametrize("name", ["compose.yaml", "compose/compose.yaml"])
def test_file_is_valid_by_the_schema_of_compose(name: str) -> None:
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(ROOT / name)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr


def test_root_file_includes_the_real_one() -> None:
    [included] = yaml.safe_load((ROOT / "compose.yaml").read_text())["include"]

    assert (ROOT / included).resolve() == COMPOSE


def test_every_variable_has_a_value_when_nothing_is_set(used: dict[str, bool]) -> None:
    without = [name for name, has_value in used.items() if not has_value]

    assert without == []


def test_every_variable_is_explained_in_env_example_and_nothing_else_is(used: dict[str, bool]) -> None:
    offered = set(read_env_file(ROOT / ".env.example"))

    assert offered == set(used)


def test_env_example_as_it_is_changes_nothing() -> None:
    as_offered = interpolate(yaml.safe_load(COMPOSE.read_text()), read_env_file(ROOT / ".env.example"))

    assert as_offered == interpolate(yaml.safe_load(COMPOSE.read_text()), {})


def test_only_the_proxy_publishes_a_port_and_by_default_to_this_machine(services: dict[str, Any]) -> None:
    assert {name: it["ports"] for name, it in services.items() if "ports" in it} == {"proxy": ["127.0.0.1:3000:8080"]}


def test_only_gateway_and_models_are_on_outside(services: dict[str, Any]) -> None:
    assert {name for name, it in services.items() if "outside" in it.get("networks", [])} == {"gateway", "models"}


def test_no_service_is_on_a_default_network(services: dict[str, Any]) -> None:
    assert all(it.get("networks") or it.get("network_mode") == "none" for it in services.values())


def test_inside_has_no_way_out_and_the_proxy_has_a_network_of_its_own(written: dict[str, Any]) -> None:
    front = {name for name, it in written["services"].items() if "front" in it.get("networks", [])}

    assert written["networks"]["inside"] == {"internal": True}
    assert front == {"proxy"}


def test_images_are_pinned_to_a_version(services: dict[str, Any]) -> None:
    tags = {name: it["image"].rpartition(":")[2] for name, it in services.items()}
    base = re.search(r"^FROM \S+:(\S+)", (ROOT / "compose" / "Dockerfile").read_text(), re.MULTILINE)

    assert base
    assert all(re.match(r"v?\d+\.\d+\.\d+", tag) for tag in [*tags.values(), base[1]]), tags


def test_every_lasting_service_has_a_health_check_and_restarts(services: dict[str, Any]) -> None:
    for name in services.keys() - ONE_SHOT:
        assert services[name]["healthcheck"]["test"], name
        assert services[name]["restart"] == "unless-stopped", name


def test_what_depends_on_a_service_waits_for_a_condition(services: dict[str, Any]) -> None:
    for name, service in services.items():
        for needed, how in service.get("depends_on", {}).items():
            one_shot = needed in ONE_SHOT
            wanted = "service_completed_successfully" if one_shot else "service_healthy"
            assert how["condition"] == wanted, f"{name} needs {needed}"


def test_ollama_runs_no_remote_models(services: dict[str, Any]) -> None:
    assert services["ollama"]["environment"]["OLLAMA_NO_CLOUD"] == "1"
    assert services["models"]["environment"]["OLLAMA_NO_CLOUD"] == "1"


def test_the_models_job_downloads_what_sluice_yaml_names(services: dict[str, Any]) -> None:
    entries = yaml.safe_load((ROOT / "compose" / "sluice.yaml").read_text())["model_list"]
    named = {entry["litellm_params"]["model"].partition("ollama_chat/")[2] for entry in entries} - {""}

    assert set(services["models"]["environment"]["SLUICE_MODELS"].split()) == named


@pytest.mark.parametrize("given", ["", "qwen3:8b"], ids=["none", "one"])
def test_the_models_job_downloads_what_env_says_even_if_that_is_nothing(given: str) -> None:
    assert wiring.read(ROOT, {"SLUICE_MODELS": given}).environment("models")["SLUICE_MODELS"] == given


def test_only_the_gateway_finds_the_machine_that_docker_runs_on(services: dict[str, Any]) -> None:
    assert {name: it["extra_hosts"] for name, it in services.items() if "extra_hosts" in it} == {
        "gateway": ["host.docker.internal:host-gateway"]
    }


def test_open_webui_knows_one_connection_and_it_is_the_gateway(webui: dict[str, str]) -> None:
    headers = json.loads(webui["OPENAI_API_CONFIGS"])["0"]["headers"]

    assert webui["OPENAI_API_BASE_URLS"] == "http://gateway:9099"
    assert headers == {
        "X-Sluice-Chat": "{{CHAT_ID}}",
        "X-Sluice-Message": "{{MESSAGE_ID}}",
        "X-Sluice-Task": "{{TASK}}",
        "X-Sluice-Model": "{{MODEL_ID}}",
        "X-Sluice-Groups": "{{USER_GROUP_IDS}}",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TASK_MODEL", "sluice.local"),
        ("TASK_MODEL_EXTERNAL", "sluice.local"),
        ("ENABLE_OLLAMA_API", "false"),
        ("ENABLE_DIRECT_CONNECTIONS", "false"),
        ("ENABLE_OPENAI_API_PASSTHROUGH", "false"),
        ("ENABLE_BASE_MODELS_CACHE", "true"),
        ("ENABLE_FORWARD_USER_INFO_HEADERS", "true"),
        ("ENABLE_WEB_SEARCH", "false"),
        ("ENABLE_IMAGE_GENERATION", "false"),
        ("OFFLINE_MODE", "true"),
        ("ANONYMIZED_TELEMETRY", "false"),
        ("ENABLE_SIGNUP", "false"),
    ],
)
def test_open_webui_is_set_so_that_nothing_goes_around_the_gate(webui: dict[str, str], name: str, value: str) -> None:
    assert webui[name] == value


def test_cloud_keys_reach_the_gateway_and_nothing_else() -> None:
    keys = {"OPENAI_API_KEY": "sk-one", "ANTHROPIC_API_KEY": "sk-two"}
    wired = wiring.read(ROOT, keys)
    holders = {name for name in wired.services if {"sk-one", "sk-two"} & set(wired.environment(name).values())}

    assert holders == {"gateway"}


def test_a_key_in_a_file_is_given_as_a_file() -> None:
    wired = wiring.read(ROOT, {"OPENAI_API_KEY_FILE": "/home/someone/key"})

    assert wired.environment("gateway")["OPENAI_API_KEY_FILE"] == "/run/secrets/openai_api_key"
    assert wired.secrets["openai_api_key"]["file"] == "/home/someone/key"


def test_no_secret_is_written_in_compose(written: dict[str, Any]) -> None:
    for name in written["services"]:
        given = wiring.read(ROOT, {}).environment(name)
        named = {key: value for key, value in given.items() if re.search(r"KEY|SECRET|PASSWORD", key)}
        assert all(not value or value.startswith("/run/") for value in named.values()), named


def test_paths_that_compose_mounts_from_the_checkout_exist(services: dict[str, Any]) -> None:
    sources = {volume.split(":")[0] for it in services.values() for volume in it.get("volumes", [])}

    assert all((COMPOSE.parent / source).exists() for source in sources if source.startswith("."))


def test_the_image_gets_nothing_but_the_package_and_its_lock() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert ignored[0] == "*"
    assert {line for line in ignored if line.startswith("!")} == {"!locks/gateway.txt", "!pipelines"}


def test_the_wrapper_fills_in_every_secret_that_open_webui_gets_as_a_file(
    webui: dict[str, str], tmp_path: Path
) -> None:
    files = {name: tmp_path / name for name in webui if name.endswith("_FILE")}
    for name, path in files.items():
        path.write_text(f"value of {name}\n")
    wrapper = ["bash", str(ROOT / "compose" / "with-secrets"), "env"]
    environ = {"PATH": "/usr/bin:/bin", **{name: str(path) for name, path in files.items()}}
    shown = subprocess.run(wrapper, env=environ, capture_output=True, text=True, check=True).stdout

    for name in files:
        assert f"{name.removesuffix('_FILE')}=value of {name}\n" in shown
        assert f"{name}=" not in shown
