"""Rows for the presets and for every gateway model beneath them, with who may use each.

Open WebUI refuses a person any preset whose base model has no row with a read grant, so each gateway model
has a row: active, readable, hidden from the dropdown. `is_active: false` would hide it and break its presets.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sluice.provision.changes import Change, Findings
from sluice.provision.files import TOOLS, Preset, Wanted
from sluice.provision.merge import Merged, merge
from sluice.provision.webui import State, Write

STAMP = "sluice"
EVERYONE = ("user", "*", "read")
Fields = dict[str, Any]


def plan(state: State, wanted: Wanted, offered: Mapping[str, str], *, force: bool) -> Findings:
    """Plan the rows of gateway models first, since presets stand on them."""
    beneath = {preset.base for preset in wanted.presets} | {wanted.switches.task_model}
    left = [
        f"the gateway does not offer {model}, on which a preset or the background tasks stand."
        for model in sorted(beneath - set(offered))
    ]
    parts = [
        _row(
            state,
            id,
            _gateway_fields(name, _readers(id, wanted, state.groups)),
            subject=f"gateway model {id}",
            enforced=("active", "base", "access") if id in beneath else ("active", "base"),
            force=force,
        )
        for id, name in sorted(offered.items())
    ]
    for preset in wanted.presets:
        left += [
            f"preset {preset.name}: Open WebUI has no group `{group}`. Create it, then run provision again."
            for group in _unknown_groups(preset, state.groups)
        ]
        fields = _preset_fields(preset, wanted.icons.get(preset.id), state.groups)
        subject = f"preset {preset.name}"
        # Where a preset runs is its promise; the words around it are the admin's to change.
        parts.append(_row(state, preset.id, fields, subject=subject, enforced=("base",), force=force))
    return Findings(
        tuple(change for part in parts for change in part.changes),
        tuple(line for part in parts for line in part.kept),
        tuple(left),
    )


def grants(access: Iterable[Iterable[str]]) -> list[dict[str, str]]:
    """Return access as Open WebUI's API takes it."""
    return [
        {"principal_type": kind, "principal_id": principal, "permission": right} for kind, principal, right in access
    ]


def _row(state: State, id: str, wanted: Fields, *, subject: str, enforced: tuple[str, ...], force: bool) -> Findings:
    row = state.models.get(id)
    if row is None:
        merged = merge(wanted, {}, {})
        write = Write(f"create {subject}", "/api/v1/models/create", _created(id, wanted, merged))
        return Findings((Change(subject, "created", (write,)),))
    stamp = (row.get("meta") or {}).get(STAMP) or {}
    merged = merge(wanted, _current(row, wanted, stamp), stamp, enforced=enforced, force=force)
    writes = _writes(row, subject, merged, stamp)
    kept = (f"{subject}: an admin changed {', '.join(map(_word, merged.kept))} (`provision --force` restores it)",)
    words = ", ".join(map(_word, merged.values)) or "remembered"
    return Findings(
        (Change(subject, words, writes),) if writes else (),
        kept if merged.kept else (),
    )


def _writes(row: Mapping[str, Any], subject: str, merged: Merged, stamp: Mapping[str, str]) -> tuple[Write, ...]:
    writes = []
    # `/models/model/update` silently ignores access_grants: they have a route of their own.
    if set(merged.values) - {"access"} or dict(merged.stamp) != stamp:
        writes.append(Write(f"update {subject}", "/api/v1/models/model/update", _updated(row, merged)))
    if "access" in merged.values:
        body = {"id": row["id"], "name": row["name"], "access_grants": grants(merged.values["access"])}
        writes.append(Write(f"share {subject}", "/api/v1/models/model/access/update", body))
    return tuple(writes)


def _gateway_fields(name: str, access: list[list[str]]) -> Fields:
    return {"name": name, "base": None, "active": True, "access": access, "meta.hidden": True}


def _preset_fields(preset: Preset, icon: str | None, groups: Mapping[str, str]) -> Fields:
    # An attached `usage` asks for token counts in the stream, which the line above each answer shows.
    capabilities = {**preset.capabilities.model_dump(), "builtin_tools": bool(preset.tools)}
    return {
        "name": preset.name,
        "base": preset.base,
        "active": True,
        "access": _access(preset, groups),
        "meta.description": preset.description,
        "meta.tags": [{"name": tag} for tag in preset.tags],
        "meta.capabilities": capabilities,
        "meta.builtinTools": {tool: False for tool in TOOLS if tool not in preset.tools},
        "meta.suggestion_prompts": [suggestion.row for suggestion in preset.suggestions] or None,
        "meta.profile_image_url": icon,
        "params.system": preset.system,
        **{f"params.{key}": value for key, value in _params(preset).items()},
    }


def _params(preset: Preset) -> Fields:
    """The preset's parameters; those that are not Open WebUI's own reach the gateway as `custom_params`."""
    if preset.priority == "normal":
        return preset.params
    custom = {**(preset.params.get("custom_params") or {}), "sluice_preset": {"priority": preset.priority}}
    return {**preset.params, "custom_params": custom}


def _access(preset: Preset, groups: Mapping[str, str]) -> list[list[str]]:
    if preset.access == "all":
        return [list(EVERYONE)]
    return sorted(["group", groups[group], "read"] for group in preset.access if group in groups)


def _unknown_groups(preset: Preset, groups: Mapping[str, str]) -> list[str]:
    return [] if preset.access == "all" else [group for group in preset.access if group not in groups]


def _readers(model: str, wanted: Wanted, groups: Mapping[str, str]) -> list[list[str]]:
    """Everyone, unless every preset on this model is for groups only."""
    above = [preset for preset in wanted.presets if preset.base == model]
    everyone = not above or model == wanted.switches.task_model
    if everyone or any(preset.access == "all" for preset in above):
        return [list(EVERYONE)]
    named = {tuple(grant) for preset in above for grant in _access(preset, groups)}
    return [list(grant) for grant in sorted(named)]


def _current(row: Mapping[str, Any], wanted: Fields, stamp: Mapping[str, str]) -> Fields:
    meta, params = row.get("meta") or {}, row.get("params") or {}
    fixed = {
        "name": row.get("name"),
        "base": row.get("base_model_id"),
        "active": row.get("is_active"),
        "access": sorted(
            [grant["principal_type"], grant["principal_id"], grant["permission"]]
            for grant in row.get("access_grants") or []
        ),
    }
    dotted = {
        name: (meta if name.startswith("meta.") else params).get(name.partition(".")[2])
        for name in {*wanted, *stamp}
        if "." in name
    }
    return {**fixed, **dotted}


def _created(id: str, wanted: Fields, merged: Merged) -> Fields:
    blank = {"id": id, "name": id, "meta": {}, "params": {}}
    return {**_updated(blank, Merged(wanted, (), merged.stamp)), "access_grants": grants(wanted["access"])}


def _updated(row: Mapping[str, Any], merged: Merged) -> Fields:
    values = merged.values
    return {
        "id": row["id"],
        "name": values.get("name", row["name"]),
        "base_model_id": values.get("base", row.get("base_model_id")),
        "is_active": values.get("active", row.get("is_active", True)),
        "meta": {**_section("meta.", row.get("meta"), values), STAMP: dict(merged.stamp)},
        "params": _section("params.", row.get("params"), values),
    }


def _section(prefix: str, current: Mapping[str, Any] | None, values: Mapping[str, Any]) -> Fields:
    ours = {name.removeprefix(prefix): value for name, value in values.items() if name.startswith(prefix)}
    return {name: value for name, value in {**(current or {}), **ours}.items() if value is not None}


def _word(field: str) -> str:
    words = {
        "base": "the model beneath",
        "active": "whether it is on",
        "access": "who may use it",
        "params.system": "the system prompt",
        "params.custom_params": "the priority",
        "meta.builtinTools": "the built-in tools",
        "meta.suggestion_prompts": "the prompt suggestions",
        "meta.profile_image_url": "the picture",
        "meta.hidden": "whether it is hidden",
    }
    return words.get(field, f"the {field.removeprefix('meta.').removeprefix('params.')}")
