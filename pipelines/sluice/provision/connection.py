"""The connection from Open WebUI to the gateway, and those that go around it."""

from collections.abc import Callable, Mapping
from typing import Any

from sluice.provision.changes import Change, Findings
from sluice.provision.files import Switches
from sluice.provision.settings import Settings
from sluice.provision.webui import State, Write

Local = Callable[[str], bool]
FACTORY_URL = "https://api.openai.com/v1"


def plan(state: State, switches: Switches, settings: Settings, local: Local) -> Findings:
    """Set our connection to exactly what it must be, and switch outside ones off; their keys stay stored."""
    current = _read(state.config)
    connections, words = _ours(current, switches, settings)
    connections, off = _without_outside(connections, settings.gateway_url, local)
    if state.config.get("openai.enable") is not True:
        words.append("connections to OpenAI-compatible servers were off")
    words += [f"{url} is outside and would bypass the gateway: switched off" for url in dict.fromkeys(off)]
    changes = []
    if words:
        write = Write("change the connections", "/openai/config/update", _form(connections))
        changes.append(Change("connection", "; ".join(words), (write,)))
    return Findings(changes=tuple(changes))


class _Connection(dict[str, Any]):
    """`url`, `key` and `config` of one row; rows are replaced, never edited."""


def _read(config: Mapping[str, Any]) -> list[_Connection]:
    keys = config.get("openai.api_keys") or []
    configs = config.get("openai.api_configs") or {}
    return [
        _Connection(
            url=url.rstrip("/"),
            key=keys[n] if n < len(keys) else "",
            config=configs.get(str(n), configs.get(url, {})),
        )
        for n, url in enumerate(config.get("openai.api_base_urls") or [])
    ]


def _ours(current: list[_Connection], switches: Switches, settings: Settings) -> tuple[list[_Connection], list[str]]:
    wanted = {
        "enable": True,
        # The gateway is on this machine; where an answer comes from is said by each answer.
        "connection_type": "local",
        "auth_type": "bearer",
        "prefix_id": "",
        "model_ids": [],
        "headers": switches.headers,
    }
    at = next((n for n, row in enumerate(current) if _is_ours(row, settings.gateway_url, switches)), None)
    have = current[at] if at is not None else None
    rest = [row for n, row in enumerate(current) if n != at and not _is_untouched(row)]
    words = []
    if have is None:
        words.append("the gateway is added")
        have = _Connection(url="", key="", config={})
    else:
        words += _differences(have, wanted, settings)
        if at != 0:
            words.append("the gateway comes first")
        if len(rest) < len(current) - 1:
            words.append("the unused factory entry is removed")
    ours = _Connection(url=settings.gateway_url, key=settings.gateway_key, config={**have["config"], **wanted})
    return [ours, *rest], words


def _differences(have: _Connection, wanted: dict[str, Any], settings: Settings) -> list[str]:
    words = []
    if have["url"] != settings.gateway_url:
        words.append(f"its address was {have['url']}")
    if have["key"] != settings.gateway_key:
        words.append("its key differed")
    for name, value in wanted.items():
        if (have["config"].get(name) or type(value)()) != value:
            words.append(f"its {name} differed")
    return words


def _is_ours(row: _Connection, gateway_url: str, switches: Switches) -> bool:
    headers = row["config"].get("headers") or {}
    return bool(row["url"] == gateway_url or (switches.headers and set(switches.headers) <= set(headers)))


def _is_untouched(row: _Connection) -> bool:
    return bool(row["url"] == FACTORY_URL and not row["key"])


def _without_outside(
    connections: list[_Connection], gateway_url: str, local: Local
) -> tuple[list[_Connection], list[str]]:
    off = [
        row["url"]
        for row in connections
        if row["url"] != gateway_url and row["config"].get("enable", True) and not local(row["url"])
    ]
    kept = [
        _Connection(row, config={**row["config"], "enable": False}) if row["url"] in off else row for row in connections
    ]
    return kept, off


def _form(connections: list[_Connection]) -> dict[str, Any]:
    return {
        "ENABLE_OPENAI_API": True,
        "OPENAI_API_BASE_URLS": [row["url"] for row in connections],
        "OPENAI_API_KEYS": [row["key"] for row in connections],
        "OPENAI_API_CONFIGS": {str(n): row["config"] for n, row in enumerate(connections)},
    }
