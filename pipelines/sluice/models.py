"""The models that the gateway offers: the lanes, and each configured model by its name."""

from typing import Any

from sluice.config import LANES, Config
from sluice.gateway import PREFIX


def offered(config: Config) -> list[tuple[str, str]]:
    """Id without prefix and name, lanes first."""
    lanes = [(lane, f"Sluice {lane}") for lane in LANES]
    return [*lanes, *((d.name, d.name) for d in config.deployments)]


def listing(config: Config) -> dict[str, Any]:
    """The answer to GET /models, as the stock server words it, so that Open WebUI shows the valves."""
    data = [
        {
            "id": f"{PREFIX}{name}",
            "name": title,
            "object": "model",
            "created": 0,
            "owned_by": "sluice",
            "pipeline": {"type": "manifold", "valves": True},
        }
        for name, title in offered(config)
    ]
    return {"object": "list", "data": data, "pipelines": True}
