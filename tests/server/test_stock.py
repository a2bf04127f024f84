"""The folder that the stock server loads is laid out anew, and keeps what an admin set."""

import json
import logging
from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel
from sluice.server import stock


class Valves(BaseModel):
    cloud: bool = True
    guard: Literal["enforce", "observe"] = "enforce"
    auto_threshold: float | None = None


@pytest.mark.parametrize(
    ("saved", "kept"),
    [
        (None, {}),
        ("{", {"cloud": False}),
        ("[]", {"cloud": False}),
        ("\xff", {"cloud": False}),
        ('{"cloud": false}', {"cloud": False}),
        ('{"cloud": "maybe", "guard": "observe"}', {"guard": "observe", "cloud": False}),
        ('{"removed_in_this_version": 1, "auto_threshold": 0.2}', {"auto_threshold": 0.2}),
    ],
    ids=["none", "broken", "no object", "no text", "good", "wrong value", "unknown valve"],
)
def test_saved_valves_keep_what_this_version_can_read(tmp_path: Path, saved: str | None, kept: dict[str, Any]) -> None:
    file = tmp_path / "sluice_gateway" / "valves.json"
    file.parent.mkdir()
    if saved is not None:
        file.write_bytes(saved.encode("latin-1"))

    stock.mend_valves(tmp_path, Valves)

    assert json.loads(file.read_text(encoding="utf-8")) == kept


def test_our_file_is_fresh_and_everything_else_stays(tmp_path: Path) -> None:
    folder = tmp_path / "pipelines"
    for path, text in {
        "sluice_gateway.py": "broken (",
        "failed/sluice_gateway.py": "broken (",
        "another.py": "kept",
        "sluice_gateway/valves.json": '{"cloud": false}',
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")

    stock.prepare(folder)

    assert (folder / "sluice_gateway.py").read_bytes() == stock.PIPELINE_FILE.read_bytes()
    assert not (folder / "failed" / "sluice_gateway.py").exists()
    assert (folder / "another.py").read_text(encoding="utf-8") == "kept"
    assert (folder / "sluice_gateway" / "valves.json").read_text(encoding="utf-8") == '{"cloud": false}'


@pytest.mark.parametrize(
    ("name", "level", "is_written"),
    [
        ("root", logging.INFO, False),
        ("root", logging.WARNING, True),
        ("openai._base_client", logging.DEBUG, False),
        ("sluice.fleet", logging.DEBUG, True),
        ("uvicorn.error", logging.INFO, True),
    ],
)
def test_only_our_own_lines_are_written_below_a_warning(name: str, level: int, is_written: bool) -> None:
    assert stock.quiet(logging.LogRecord(name, level, "", 0, "text", None, None)) is is_written
