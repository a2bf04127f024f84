"""Turn sluice.yaml into a checked, resolved configuration, or into all its errors at once."""

import difflib
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from sluice.config import yaml_lines
from sluice.config.accounting import Budget, Energy, Ledger, Price, Savings
from sluice.config.references import Unset, from_environment, resolve
from sluice.config.schema import (
    ROLES,
    Location,
    ModelEntry,
    Privacy,
    Role,
    Routing,
    Server,
    SluiceConfig,
)
from sluice.errors import ConfigError

OLLAMA_PREFIXES = ("ollama/", "ollama_chat/")
OLLAMA_BASE = "http://localhost:11434"


@dataclass(frozen=True, slots=True, repr=False)
class Deployment:
    """One entry of `model_list` with its references resolved."""

    name: str
    model: str  # LiteLLM's name, provider first
    params: Mapping[str, Any]  # for LiteLLM, without `model`; holds the key: never print it
    info: Mapping[str, Any]  # model_info as written
    declared: Location
    roles: tuple[Role, ...]
    trusted_local: bool
    missing: tuple[str, ...] = ()  # why it cannot be used, from references that lead nowhere

    def __repr__(self) -> str:
        return f"Deployment({self.name})"

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def is_ollama(self) -> bool:
        return self.model.startswith(OLLAMA_PREFIXES)

    @property
    def api_base(self) -> str | None:
        base = self.params.get("api_base")
        return str(base).rstrip("/") if base else None


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration in force. `version` changes with any byte of the file, `policy` only with what the guard does."""

    deployments: tuple[Deployment, ...]
    routing: Routing
    privacy: Privacy
    ledger: Ledger  # its url resolved
    budgets: tuple[Budget, ...]
    prices: Mapping[str, Price]
    energy: Energy
    savings: Savings
    server: Server
    version: str
    policy: str  # SHA-256 of the privacy section, defaults included


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read, check and resolve the file. Raises ConfigError with every fault it has."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            [f"{path} cannot be read ({type(error).__name__}). Set SLUICE_CONFIG to the path of your sluice.yaml."]
        ) from None
    return parse(text, path, environ)


def parse(text: str, path: Path, environ: Mapping[str, str]) -> Config:
    """Check and resolve a configuration's text; `path` only names it in errors."""
    data, lines = yaml_lines.read(text, path)
    if not isinstance(data, dict):
        raise ConfigError([f"{path}, line 1: expected `model_list:` and sections. Start from compose/sluice.yaml."])
    try:
        checked = SluiceConfig.model_validate(data)
    except ValidationError as error:
        raise ConfigError([_explain(fault, path, lines) for fault in error.errors()]) from None
    if faults := _unknown_models(checked, path, lines):
        raise ConfigError(faults)
    return Config(
        deployments=tuple(_deployment(entry, environ) for entry in checked.model_list),
        routing=checked.routing,
        privacy=_located(checked.privacy, path.parent),
        ledger=_resolved(checked.ledger, environ),
        budgets=checked.budgets,
        prices=MappingProxyType(checked.prices),
        energy=checked.energy,
        savings=checked.savings,
        server=checked.server,
        version=hashlib.sha256(text.encode()).hexdigest()[:12],
        policy=_digest(checked.privacy),
    )


def _resolved(ledger: Ledger, environ: Mapping[str, str]) -> Ledger:
    """With its address, from the file or SLUICE_LEDGER_URL; where the reference leads nowhere, it is a file."""
    url = resolve(ledger.url, environ) if ledger.url else from_environment("SLUICE_LEDGER_URL", environ)
    return ledger.model_copy(update={"url": None if isinstance(url, Unset) else url})


def _unknown_models(checked: SluiceConfig, path: Path, lines: Mapping[yaml_lines.Where, int]) -> list[str]:
    """Faults of rules that name a model which is not there."""
    known = [*ROLES, "local", "cloud", *(entry.model_name for entry in checked.model_list)]
    faults = []
    for number, rule in enumerate(checked.routing.rules):
        for key in ("use", "prefer"):
            name = getattr(rule, key)
            if name is None or name in known:
                continue
            line = yaml_lines.line_of(("routing", "rules", number, key), lines)
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(dict.fromkeys(known))}."
            faults.append(f"{path}, line {line}: `routing.rules[{number}].{key}` names no role or model. {hint}")
    return faults


def _located(privacy: Privacy, folder: Path) -> Privacy:
    """With the files that it names found beside sluice.yaml, wherever the gateway was started."""
    files = tuple(str(folder / file) for file in privacy.organisation.fingerprints)
    return privacy.model_copy(update={"organisation": privacy.organisation.model_copy(update={"fingerprints": files})})


def _digest(section: BaseModel) -> str:
    """The same for the same settings, however they are written down."""
    said = json.dumps(section.model_dump(mode="json"), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _deployment(entry: ModelEntry, environ: Mapping[str, str]) -> Deployment:
    raw = entry.litellm_params.model_dump(exclude_none=True)
    if raw["model"].startswith(OLLAMA_PREFIXES):
        # Named here, so that what is looked at is what is called, whatever else the environment says.
        raw.setdefault("api_base", OLLAMA_BASE)
    resolved = {key: resolve(value, environ) for key, value in raw.items()}
    missing = [value.why for value in resolved.values() if isinstance(value, Unset)]
    params = {key: value for key, value in resolved.items() if not isinstance(value, Unset)}
    model = str(params.pop("model", raw["model"]))
    declared = entry.model_info.location or ("local" if model.startswith(OLLAMA_PREFIXES) else "cloud")
    return Deployment(
        name=entry.model_name,
        model=model,
        params=MappingProxyType(params),
        info=MappingProxyType(entry.model_info.model_dump(exclude_none=True)),
        declared=declared,
        roles=entry.model_info.roles,
        trusted_local=entry.model_info.trusted_local,
        missing=tuple(missing),
    )


def _explain(fault: Any, path: Path, lines: Mapping[yaml_lines.Where, int]) -> str:
    where = tuple(part for part in fault["loc"] if part != "[key]")
    line = yaml_lines.line_of(where, lines)
    return f"{path}, line {line}: `{_dotted(where)}` {_mend(fault, where)}"


def _mend(fault: Any, where: yaml_lines.Where) -> str:
    kind, context = fault["type"], fault.get("ctx", {})
    if kind == "missing":
        return "is missing. Add it."
    if kind == "extra_forbidden":
        known = _keys_at(SluiceConfig, where[:-1])
        near = difflib.get_close_matches(str(where[-1]), known, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"Known here: {', '.join(known)}."
        return f"is not a known setting. {hint}"
    if kind == "literal_error":
        return f"must be one of {context['expected']}."
    if kind == "string_pattern_mismatch":
        return "may hold only letters, digits, `.`, `_` and `-`, and starts with a letter or digit. Rename it."
    if kind == "value_error":
        return f"is wrong: {context['error']}."
    return f"is wrong: {fault['msg'][0].lower()}{fault['msg'][1:]}. Correct it."


def _dotted(where: yaml_lines.Where) -> str:
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "the file"


def _keys_at(model: Any, where: yaml_lines.Where) -> list[str]:
    """The settings known at a path of the schema."""
    for part in where:
        field = model.model_fields.get(part) if _is_model(model) else None
        # Else it is a place in a list or a key of a mapping, and the model is that of its items.
        if field:
            model = _inner_model(field.annotation)
    return sorted(model.model_fields) if _is_model(model) else []


def _inner_model(annotation: Any) -> Any:
    if get_origin(annotation) is None:
        return annotation
    return next((one for one in map(_inner_model, get_args(annotation)) if _is_model(one)), None)


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
