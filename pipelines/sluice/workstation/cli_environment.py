"""Run the command line with the environment that the running workstation's parts have."""

import os
import sys
from collections.abc import Mapping

from sluice.errors import StartError
from sluice.workstation import environments, parts, ports, processes, wiring
from sluice.workstation.interpolation import read_env_file
from sluice.workstation.local_model import USUAL_PORT, LocalModel
from sluice.workstation.parts import Instance
from sluice.workstation.places import Places, places

UNCHOSEN = {"gateway": 9099, "embedded": 0, "ollama": 0}


def environment(here: Places, caller: Mapping[str, str]) -> dict[str, str]:
    """What gateway and provisioning get; what the caller sets comes first. Makes and starts nothing."""
    values = {**read_env_file(here.root / ".env"), **caller}
    chosen = {**UNCHOSEN, **ports.known(here.run / "ports.json")}
    instance = Instance(
        places=here,
        wiring=wiring.read(here.root, caller),
        ports=chosen,
        public_port=ports.public_port(values.get("SLUICE_PUBLIC_PORT") or "3000"),
        bind=values.get("SLUICE_BIND") or "127.0.0.1",
        local_model=_local_model(here, values, chosen["ollama"]),
        caller=caller,
    )
    webui = environments.environment("open-webui", here.root, here.cache)
    own = parts.gateway_values(instance)
    return {
        **parts.provision_environment(instance, webui),
        **instance.environment("gateway", own),
        **caller,
        "PYTHONPATH": own["PYTHONPATH"],
    }


def _local_model(here: Places, values: Mapping[str, str], own_port: int) -> LocalModel:
    own = f"http://127.0.0.1:{own_port}" if processes.running(here.run, "ollama") else ""
    url = values.get("OLLAMA_BASE_URL") or own or f"http://127.0.0.1:{USUAL_PORT}"
    return LocalModel(url, embedded=processes.running(here.run, "embedded") is not None)


def main() -> None:
    try:
        environ = environment(places(os.environ), os.environ)
    except StartError as error:
        sys.exit(f"✗ {error}")
    os.execve(sys.executable, [sys.executable, "-m", "sluice.cli", *sys.argv[1:]], environ)  # noqa: S606


if __name__ == "__main__":
    main()
