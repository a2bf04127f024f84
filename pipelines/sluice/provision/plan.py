"""Compare what Open WebUI has with what our files ask for; says what to write, and writes nothing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from sluice.provision import connection, functions, models, switches
from sluice.provision.changes import Change, Findings
from sluice.provision.files import Wanted
from sluice.provision.outside import is_local, outside_servers
from sluice.provision.settings import Settings
from sluice.provision.webui import State


@dataclass(frozen=True, slots=True)
class Plan:
    """What to change, what an admin edited and keeps, and what only a person can put right."""

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    left: tuple[str, ...]


def make(state: State, wanted: Wanted, offered: Mapping[str, str], settings: Settings, *, force: bool) -> Plan:
    """Plan in the order in which Open WebUI must be changed: connection first, presets last."""
    accepted = frozenset(wanted.switches.accepted_hosts)

    def local(url: str) -> bool:
        return is_local(url, accepted)

    ours = {function.id for function in wanted.functions}
    parts = [
        connection.plan(state, wanted.switches, settings, local),
        switches.plan(state, wanted, settings, local, force=force),
        functions.plan(state, wanted.functions, force=force),
        models.plan(state, wanted, offered, force=force),
        Findings(left=tuple(_left(state, ours, local))),
    ]
    return Plan(
        changes=tuple(change for part in parts for change in part.changes),
        kept=tuple(line for part in parts for line in part.kept),
        left=tuple(line for part in parts for line in part.left),
    )


def _left(state: State, ours: Collection[str], local: Callable[[str], bool]) -> list[str]:
    lines = outside_servers(state.config, local)
    lines += [
        _foreign(id, str(row.get("type") or "function"))
        for id, row in sorted(state.functions.items())
        if row.get("is_active") and id not in ours
    ]
    if state.passthrough:
        lines.append(
            "ENABLE_OPENAI_API_PASSTHROUGH is on in Open WebUI's environment, so anyone signed in reaches"
            " every route of the gateway with its key. Remove it and restart Open WebUI."
        )
    return lines


def _foreign(id: str, kind: str) -> str:
    if kind == "pipe":
        return f"the function {id} answers chats by itself, past the gateway: neither guarded nor counted."
    return f"the {kind} {id} is not one of Sluice's functions: what it sends anywhere is neither guarded nor counted."
