"""Make Open WebUI match presets/ and functions/ through its admin API, and tell where it does not."""

import sys
from collections.abc import Callable, Mapping

from sluice.errors import SluiceError
from sluice.provision import files, plan
from sluice.provision.changes import Change
from sluice.provision.errors import CallFailed
from sluice.provision.report import Report
from sluice.provision.settings import Settings, from_environ
from sluice.provision.webui import PATIENCE, State, WebUI, gateway_models

ROUNDS = 4  # a function is created, then switched, then remembered; the last look must find nothing
Look = Callable[[], tuple[State, plan.Plan]]

__all__ = ["Report", "Settings", "provision", "run"]


def run(check: bool, force: bool, environ: Mapping[str, str]) -> int:
    """Provision as the command line asks; prints a report and returns the exit code (2: could not run)."""
    try:
        report = provision(from_environ(environ), check=check, force=force)
    except SluiceError as error:
        print(error, file=sys.stderr)
        return 2
    print("\n".join(report.lines()))
    return report.exit_code


def provision(settings: Settings, *, check: bool = False, force: bool = False, patience: float = PATIENCE) -> Report:
    """Compare, write what differs, and read back until nothing does; with `check` only compare."""
    wanted = files.load(settings.presets, settings.functions)
    with WebUI(settings) as webui:
        webui.sign_in(patience)
        offered = gateway_models(settings)

        def look() -> tuple[State, plan.Plan]:
            state = webui.read()
            return state, plan.make(state, wanted, offered, settings, force=force)

        if check:
            state, planned = look()
            done, failed = [str(change) for change in planned.changes], dict[str, str]()
        else:
            state, planned, done, failed = _bring_in_line(webui, look)
        return Report(
            check=check,
            heading=f"Open WebUI {state.version} at {settings.webui_url}, gateway at {settings.gateway_url}"
            f" with {len(offered)} models",
            changes=tuple(done),
            writes=webui.writes,
            kept=planned.kept,
            left=planned.left,
            failed=tuple(failed.values()),
        )


def _bring_in_line(webui: WebUI, look: Look) -> tuple[State, plan.Plan, list[str], dict[str, str]]:
    """Write what differs, look again, and stop when nothing does; the failed ones are not tried twice."""
    done: list[str] = []
    failed: dict[str, str] = {}
    state, planned = look()
    for _ in range(ROUNDS):
        todo = [change for change in planned.changes if str(change) not in failed]
        if not todo:
            break
        done += _apply(webui, todo, failed)
        state, planned = look()
    for change in planned.changes:
        failed.setdefault(str(change), f"{change}: Open WebUI accepted this, but reads back as before")
    if done:
        webui.refresh()
    return state, planned, done, failed


def _apply(webui: WebUI, changes: list[Change], failed: dict[str, str]) -> list[str]:
    """Make each change; one that Open WebUI refuses does not keep the others from being made."""
    done = []
    for change in changes:
        try:
            for write in change.writes:
                webui.write(write)
        except CallFailed as error:
            failed[str(change)] = f"{change}: {error}"
        else:
            done.append(str(change))
    return done
