"""Run the workstation natively: start what is missing, wait until it is up, set it up, stop it."""

import contextlib
import fcntl
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from sluice.errors import StartError
from sluice.workstation import environments, health, local_model, parts, ports, processes, secret_files, wiring
from sluice.workstation.interpolation import read_env_file
from sluice.workstation.parts import Instance, Part
from sluice.workstation.places import Places
from sluice.workstation.progress import Step
from sluice.workstation.stopping import stop

START_LIMIT_SECONDS = 300
PROVISION_LIMIT_SECONDS = 300
OLLAMA_PREFIXES = ("ollama_chat/", "ollama/")
SETTLED_SECONDS = 5
# A part that computes answers late, and is not started anew for it.
BUSY_SECONDS = 30


def up(places: Places, environ: Mapping[str, str], *, detach: bool) -> None:
    """Start what does not run yet, or runs with other settings. In the foreground, stay and keep it running."""
    for sign in (signal.SIGTERM, signal.SIGHUP):
        # One that is ignored, as under nohup, stays so.
        if signal.getsignal(sign) != signal.SIG_IGN:
            signal.signal(sign, _interrupt)
    with _starting_alone(places.run):
        instance = describe(places, environ)
        wanted = _parts(instance)
        missing = [part for part in wanted if not _runs(places.run, part)]
        if missing:
            _start(places.run, wanted, missing)
        _provision(instance)
    print(_where(instance, was_running=not missing), flush=True)
    if not detach and missing:
        _stay(places.run, wanted)


def describe(places: Places, environ: Mapping[str, str]) -> Instance:
    """Make the secrets, choose ports and local model: all that is decided before anything starts."""
    values = {**read_env_file(places.root / ".env"), **environ}
    _make_home(places)
    secret_files.make(places.secrets)
    public = ports.public_port(values.get("SLUICE_PUBLIC_PORT") or "3000")
    chosen = ports.remembered(places.run / "ports.json", public)
    return Instance(
        places=places,
        wiring=wiring.read(places.root, environ),
        ports=chosen,
        public_port=public,
        bind=values.get("SLUICE_BIND") or "127.0.0.1",
        local_model=local_model.choose(
            values, chosen["ollama"], processes.running(places.run, "ollama") is not None, _ollama_models(places)
        ),
        caller=environ,
    )


def _parts(instance: Instance) -> list[Part]:
    """All parts, in the order in which they are needed; builds the environments that are missing."""
    places, model = instance.places, instance.local_model
    if model.remark:
        print(model.remark, file=sys.stderr)
    found = [parts.ollama(instance)] if model.starts else []
    if model.embedded:
        llama = environments.ensure("llama", places.root, places.cache)
        found.append(parts.embedded(instance, llama.python))
    own = environments.ensure("gateway", places.root, places.cache)
    webui = environments.ensure("open-webui", places.root, places.cache)
    return [*found, parts.gateway(instance, own.python), parts.open_webui(instance, webui)]


def _ollama_models(places: Places) -> list[str]:
    """Names of the Ollama models in sluice.yaml; a file that cannot be read is the gateway's to explain."""
    with contextlib.suppress(OSError, yaml.YAMLError, AttributeError, KeyError, TypeError):
        tree: Any = yaml.safe_load((places.root / "compose" / "sluice.yaml").read_text(encoding="utf-8"))
        models = [str(entry["litellm_params"]["model"]) for entry in tree["model_list"]]
        return [name.partition("/")[2] for name in models if name.startswith(OLLAMA_PREFIXES)]
    return []


def _runs(run: Path, part: Part) -> bool:
    record = processes.running(run, part.name)
    return record is not None and record.settings == part.settings and health.answers(part.health, BUSY_SECONDS)


def _start(run: Path, wanted: Sequence[Part], missing: Sequence[Part]) -> None:
    for name in processes.started(run):
        if name not in {part.name for part in wanted} or name in {part.name for part in missing}:
            stop(run, name)
    for part in missing:
        _require_port(run, part)
    try:
        for part in missing:
            processes.start(part.name, part.command, part.environ, run, part.settings)
        _wait(run, missing)
    except BaseException:
        # Also when interrupted: a start that did not succeed leaves nothing behind.
        for part in reversed(missing):
            stop(run, part.name)
        raise


def _wait(run: Path, missing: Sequence[Part]) -> None:
    """Wait for all at once, and show the one that is waited for: the first that is not up yet."""
    with ThreadPoolExecutor(len(missing)) as pool:
        waiting = [(part, pool.submit(_wait_for, run, part)) for part in missing]
        for part, future in waiting:
            with Step(f"Starting {part.title}", usual_seconds=part.usual_seconds) as step:
                step.at(waiting_for=f"an answer from {part.health}")
                future.result()


def _wait_for(run: Path, part: Part) -> None:
    health.wait(
        part.title,
        part.health,
        alive=lambda: processes.running(run, part.name) is not None,
        log=run / f"{part.name}.log",
        limit_seconds=START_LIMIT_SECONDS,
    )


def _require_port(run: Path, part: Part) -> None:
    mend = f"End that program, or remove {run / 'ports.json'} to choose other ports."
    if part.name == "open-webui":
        mend = "Choose another: SLUICE_PUBLIC_PORT=3001 ./scripts/up, or in .env."
    ports.require_free(part.port, part.host, use=part.title, mend=mend)


def _provision(instance: Instance) -> None:
    places = instance.places
    python = environments.environment("gateway", places.root, places.cache).python
    webui = environments.environment("open-webui", places.root, places.cache)
    log = places.run / "provision.log"
    with Step("Setting up presets and functions", usual_seconds=10), log.open("w") as file:
        try:
            done = subprocess.run(  # noqa: S603
                [str(python), "-m", "sluice.cli", "provision"],
                env=parts.provision_environment(instance, webui),
                cwd=places.run,
                stdout=file,
                stderr=subprocess.STDOUT,
                timeout=PROVISION_LIMIT_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise StartError(f"Setting up the presets took too long and was ended. Its log: {log}") from None
    if done.returncode:
        said = log.read_text(errors="replace").strip()
        raise StartError(
            f"The presets and functions could not be set up:\n{said[-1500:]}\n"
            f"The chat itself runs at {_address(instance)}. The admin's password is read from "
            f"{places.admin_password}. When that is mended: ./scripts/up"
        )


def _where(instance: Instance, *, was_running: bool) -> str:
    email = instance.wiring.environment("open-webui")["WEBUI_ADMIN_EMAIL"]
    return (
        f"\nSluice {'already runs' if was_running else 'is ready'}: {_address(instance)}\n"
        f"Sign in as {email}; the first password is in {instance.places.admin_password}"
    )


def _address(instance: Instance) -> str:
    return instance.wiring.environment("open-webui")["WEBUI_URL"]


def _stay(run: Path, wanted: Sequence[Part]) -> None:
    """Keep the parts running until interrupted, or until ./scripts/down stops them."""
    print("Press Ctrl-C to stop.", flush=True)
    try:
        while {part.name for part in wanted} <= set(processes.started(run)):
            for part in wanted:
                if processes.running(run, part.name) is None:
                    _again(run, wanted, part)
            time.sleep(1)
    except BaseException as reason:
        with Step("Stopping", usual_seconds=5):
            for part in reversed(wanted):
                stop(run, part.name)
        if not isinstance(reason, KeyboardInterrupt):
            raise


def _again(run: Path, wanted: Sequence[Part], part: Part) -> None:
    if part.name not in processes.started(run):
        return
    print(f"{part.title} ended unexpectedly and is started again. Its log: {run / f'{part.name}.log'}", flush=True)
    _start(run, wanted, [part])
    # One that keeps ending is not started again at once.
    time.sleep(SETTLED_SECONDS)


def _make_home(places: Places) -> None:
    try:
        for folder in (places.home, places.run):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
    except OSError as error:
        raise StartError(
            f"{places.home} cannot be used ({error.strerror}). Set SLUICE_HOME to a folder of yours."
        ) from None


@contextlib.contextmanager
def _starting_alone(run: Path) -> Iterator[None]:
    """Let one start at a time look, decide and start."""
    run.mkdir(parents=True, exist_ok=True)
    with (run / "start.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another ./scripts/up is starting this workstation; waiting for it.", file=sys.stderr)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
