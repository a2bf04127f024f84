"""Our functions in Open WebUI: their source is always ours, their switches an admin may turn."""

from collections.abc import Mapping
from typing import Any

from sluice.provision.changes import Change, Findings
from sluice.provision.files import Function
from sluice.provision.merge import merge
from sluice.provision.webui import State, Write

STAMP = "sluice"
SOURCE = ("name", "description", "content")
SWITCHES = {"active": "toggle", "global": "toggle/global"}


def plan(state: State, wanted: tuple[Function, ...], *, force: bool) -> Findings:
    """Create, update or flip; the valves that an admin set are never touched."""
    found = [_one(function, state.functions.get(function.id), force=force) for function in wanted]
    return Findings(
        tuple(change for part in found for change in part.changes),
        tuple(line for part in found for line in part.kept),
    )


def _one(function: Function, row: Mapping[str, Any] | None, *, force: bool) -> Findings:
    wanted = {
        "name": function.name,
        "description": function.description,
        "content": function.content,
        "active": function.state.active,
        "global": function.state.is_global,
    }
    if row is None:
        # It is created inactive; the next look at Open WebUI flips what must be on.
        write = _save(function, {}, f"create the function {function.id}", "/api/v1/functions/create")
        return Findings((Change(f"function {function.id}", "created", (write,)),))
    meta = row.get("meta") or {}
    current = {
        "name": row.get("name"),
        "description": meta.get("description"),
        "content": row.get("content"),
        "active": row.get("is_active"),
        "global": row.get("is_global"),
    }
    stamp = meta.get(STAMP) or {}
    # A switch that we have not set yet is still in its initial position, not an admin's choice.
    merged = merge(wanted, current, stamp, enforced=SOURCE, unstamped_is_ours=True, force=force)
    writes = []
    # A function is created without a stamp; the stamp is written once its switches are where they belong.
    switched = [name for name in SWITCHES if name in merged.values]
    if any(name in merged.values for name in SOURCE) or (dict(merged.stamp) != stamp and not switched):
        path = f"/api/v1/functions/id/{function.id}/update"
        remembered = {**meta, STAMP: dict(merged.stamp)} if not switched else meta
        writes.append(_save(function, remembered, f"update the function {function.id}", path))
    writes += [
        Write(f"switch {name} of {function.id}", f"/api/v1/functions/id/{function.id}/{SWITCHES[name]}", {})
        for name in switched
    ]
    kept = tuple(
        f"function {function.id}: an admin switched {name} {'on' if current[name] else 'off'}"
        " (`provision --force` switches it back)"
        for name in merged.kept
    )
    if not writes:
        return Findings(kept=kept)
    words = [f"{name} {'on' if merged.values[name] else 'off'}" for name in switched]
    words += [f"{name} updated" for name in SOURCE if name in merged.values]
    return Findings((Change(f"function {function.id}", ", ".join(words) or "remembered", tuple(writes)),), kept)


def _save(function: Function, meta: Mapping[str, Any], what: str, path: str) -> Write:
    body = {
        "id": function.id,
        "name": function.name,
        "content": function.content,
        "meta": {**meta, "description": function.description},
    }
    return Write(what, path, body)
