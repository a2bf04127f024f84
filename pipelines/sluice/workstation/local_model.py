"""Choose what serves local models natively: an Ollama that answers, one that can be started, else the embedded one."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sluice.workstation import health, ports

USUAL_PORT = 11434


@dataclass(frozen=True, slots=True)
class LocalModel:
    """What was chosen. `starts` is the path of an ollama to be started; `remark` is for the person, if anything is."""

    ollama_url: str
    starts: str = ""
    embedded: bool = False
    remark: str = ""


def choose(environ: Mapping[str, str], own_port: int, own_runs: bool, wanted: Iterable[str]) -> LocalModel:
    """`own_port` is where an Ollama that we start listens when the usual port is taken; `wanted` are the
    Ollama models of sluice.yaml: without any of them there, the embedded model serves beside it.
    """
    own = f"http://127.0.0.1:{own_port}"
    url = environ.get("OLLAMA_BASE_URL", "").rstrip("/") or f"http://127.0.0.1:{USUAL_PORT}"
    program = shutil.which("ollama", path=environ.get("PATH"))
    if own_runs and program:
        return LocalModel(own, starts=program, embedded=not _has_any(health.json_at(f"{own}/api/tags"), wanted))
    tags = health.json_at(f"{url}/api/tags")
    if isinstance(tags, dict):
        return _answering(url, tags, list(wanted))
    if environ.get("OLLAMA_BASE_URL"):
        remark = f"No Ollama answers at {url} (OLLAMA_BASE_URL), so the small embedded model serves until one does."
        return LocalModel(url, embedded=True, remark=remark)
    if program:
        here = own if not ports.is_free(USUAL_PORT) else url
        return LocalModel(here, starts=program, embedded=True)
    return LocalModel(url, embedded=True)


def installed(tags: Any) -> set[str]:
    """Names of the models that an Ollama has, each also without a tag that says `latest`."""
    models = tags.get("models") if isinstance(tags, dict) else None
    names = {str(model.get("name", "")) for model in models or [] if isinstance(model, dict)}
    return names | {name.removesuffix(":latest") for name in names}


def _has_any(tags: Any, wanted: Iterable[str]) -> bool:
    return bool(installed(tags).intersection(wanted))


def _answering(url: str, tags: Any, wanted: list[str]) -> LocalModel:
    if _has_any(tags, wanted):
        return LocalModel(url)
    example = f" For a better one: ollama pull {wanted[0]}" if wanted else ""
    remark = f"The Ollama at {url} has none of the models in sluice.yaml, so the small embedded model serves.{example}"
    return LocalModel(url, embedded=True, remark=remark)
