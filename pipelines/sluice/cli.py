"""The command line: one verb for each thing that an admin or a script does."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from sluice import __version__
from sluice.cli_audit import audit, erase
from sluice.cli_calibration import calibrate, refit
from sluice.cli_privacy import alarms, fingerprint
from sluice.cli_report import report
from sluice.cli_routing import profile
from sluice.errors import ConfigError, RequestError, SluiceError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(version)s")
def main() -> None:
    """Sluice: decides what may leave the machine, to which model, at what price."""


@main.command()
def serve() -> None:
    """Run the gateway. Addresses, paths and secrets come from the environment (SLUICE_…)."""
    from sluice.server import settings
    from sluice.server.app import serve as run

    _log()
    try:
        run(settings.from_environ(os.environ), os.environ)
    except SluiceError as error:
        _stop(error)


@main.command()
@click.option("--jsonl", is_flag=True, help='Read one {"text": …} a line and print one result a line.')
def inspect(jsonl: bool) -> None:
    """Print what the guard finds in a text from standard input."""
    asyncio.run(_inspect(jsonl))


@main.command()
@click.option("--jsonl", is_flag=True, help="Read one request a line and print one decision a line.")
@click.option("--live", is_flag=True, help="Use the models as they are now; else each counts as up.")
@click.option("--explain", is_flag=True, help="Say in words what decided, and why other models were passed over.")
def route(jsonl: bool, live: bool, explain: bool) -> None:
    """Print where a call would be answered: {"messages": […], "lane": "auto"} from standard input."""
    asyncio.run(_route(jsonl, live, explain))


@main.command()
@click.option("--check", is_flag=True, help="Only tell what differs; exit 1 if anything does.")
@click.option("--force", is_flag=True, help="Overwrite an admin's own edits of presets.")
def provision(check: bool, force: bool) -> None:
    """Make Open WebUI match presets/ and functions/, or tell where it does not."""
    from sluice.provision import run

    sys.exit(run(check=check, force=force, environ=os.environ))


@main.group()
def config() -> None:
    """Look at sluice.yaml."""


@config.command("check")
@click.argument("path", required=False, type=click.Path(path_type=Path))
def config_check(path: Path | None) -> None:
    """Check a configuration and list its models with what keeps each from being used."""
    from sluice.config import load
    from sluice.gateway.policies import policy_version
    from sluice.server.settings import config_path
    from sluice.upstream.address import resolves_private
    from sluice.upstream.looking import assumed

    try:
        checked = load(path or config_path(os.environ), os.environ)
    except ConfigError as error:
        _stop(error)
    if (server := checked.privacy.transcriber) and asyncio.run(resolves_private(server)) is False:
        _stop(ConfigError([f"`privacy.transcriber` is on the internet ({server}). Name a server of yours."]))
    for deployment in checked.deployments:
        state = assumed(deployment)
        remarks = "; ".join(part for part in (state.unavailable, state.doubt) if part)
        click.echo(f"{deployment.name:24} {state.location:6} {', '.join(deployment.roles):24} {remarks}".rstrip())
    enforced, observed = (policy_version(checked, guard) for guard in ("enforce", "observe"))
    click.echo(f"The configuration is valid (version {checked.version}).")
    click.echo(f"The audit log calls its policy {enforced}, and {observed} while the guard only observes.")


@main.command()
def doctor() -> None:
    """Look at every model once and say where it runs and what is wrong with it."""
    sys.exit(asyncio.run(_doctor()))


async def _inspect(jsonl: bool) -> None:
    from sluice.engine import guard_of
    from sluice.guard import report

    guard = guard_of(_load())
    await guard.start()
    await guard.loaded()
    try:
        for item in _input(jsonl, plain="text"):
            text = item.get("text")
            if not isinstance(text, str):
                _print({"error": 'Each line must be {"text": "…"}.'})
                continue
            try:
                _print(report(await guard.inspect(text)))
            except SluiceError as error:
                _print({"error": str(error), "code": error.code})
    finally:
        await guard.close()


async def _route(jsonl: bool, live: bool, explain: bool) -> None:
    import tempfile

    from sluice.engine import running
    from sluice.identity import Caller
    from sluice.routing import explained
    from sluice.server.app import decision_body, dry_run
    from sluice.server.settings import config_path
    from sluice.switches import Switches

    caller = Caller(user="command line")
    # The ledger of the running gateway is not touched: a dry run books nothing.
    with tempfile.TemporaryDirectory() as folder:
        try:
            ledger = Path(folder) / "ledger.sqlite3"
            async with running(config_path(os.environ), Path(folder), os.environ, Switches, ledger=ledger) as engine:
                await engine.guard.loaded()
                for item in _input(jsonl, plain=None):
                    try:
                        plan = await dry_run(engine, item, caller, live=live)
                        click.echo(explained(plan.decision, plan.signals)) if explain else _print(decision_body(plan))
                    except SluiceError as error:
                        _print({"error": str(error), "code": error.code})
        except ConfigError as error:
            _stop(error)


async def _doctor() -> int:
    from sluice.errors import UnknownPrice
    from sluice.ledger.periods import day_of
    from sluice.ledger.prices import unpriced
    from sluice.upstream import Fleet, title

    config = _load()
    fleet = Fleet(config)
    await fleet.look()
    usable, priceless = 0, unpriced(config, day_of(datetime.now(UTC), config.ledger.zone))
    for deployment in fleet.deployments:
        state = fleet.state(deployment.name)
        usable += not state.unavailable
        remarks = [state.unavailable or "available", state.doubt]
        if deployment.declared == "local" and deployment.trusted_local:
            remarks.append("declared trusted_local: Sluice takes your word that it sends nothing on")
        if deployment.name in priceless:
            remarks.append(str(UnknownPrice(deployment.name)))
        click.echo(f"{title(deployment):28} {state.location:6} {'; '.join(part for part in remarks if part)}")
    if not usable:
        click.echo("No model can be used. Pull one (ollama pull qwen3:8b) or put a cloud key into .env.")
    return 0 if usable else 1


def _load() -> Any:
    from sluice.config import load
    from sluice.server.settings import config_path

    try:
        return load(config_path(os.environ), os.environ)
    except ConfigError as error:
        _stop(error)


def _input(jsonl: bool, plain: str | None) -> Iterator[dict[str, Any]]:
    """Requests from standard input: one a line, or all of it as one, as JSON or as plain text."""
    stream = sys.stdin.buffer
    if jsonl:
        yield from _lines(stream)
        return
    text = stream.read().decode("utf-8", "replace")
    yield {plain: text} if plain else _object(text)


def _lines(stream: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    for line in stream:
        if line.strip():
            yield _object(line.decode("utf-8", "replace"))


def _object(text: str) -> dict[str, Any]:
    from sluice.chat import decode

    try:
        value = decode(text.encode("utf-8", "replace"))
    except RequestError:
        value = None
    return value if isinstance(value, dict) else {}


def _print(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def _stop(error: SluiceError) -> Any:
    click.echo(str(error), err=True)
    sys.exit(2)


def _log() -> None:
    from sluice.server.stock import quiet

    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.addFilter(quiet)
    logging.basicConfig(level=os.environ.get("SLUICE_LOG_LEVEL", "INFO").upper(), handlers=[handler])
    for name in ("httpx", "httpcore", "asyncio", "uvicorn.access"):
        logging.getLogger(name).setLevel(logging.WARNING)


for verb in (alarms, audit, calibrate, erase, fingerprint, profile, refit, report):
    main.add_command(verb)

if __name__ == "__main__":
    main()
