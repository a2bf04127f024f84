"""Load a function file the way Open WebUI 0.12.4 does.

Mirrors `open_webui/utils/plugin.py`: four texts are replaced wherever they stand, the rest is executed in a module
that is taken out of `sys.modules` again, and the class found decides what the function is. Like Open WebUI's, this
module postpones the evaluation of annotations, which the code that it executes inherits.
"""

from __future__ import annotations

import re
import sys
import types
import uuid
from pathlib import Path
from typing import Any

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
REPLACED = {
    "from utils": "from open_webui.utils",
    "from apps": "from open_webui.apps",
    "from main": "from open_webui.main",
    "from config": "from open_webui.config",
}
FRONTMATTER = re.compile(r"^\s*([a-z_]+):\s*(.*)\s*$", re.IGNORECASE)


def replace_imports(content: str) -> str:
    for old, new in REPLACED.items():
        content = content.replace(old, new)
    return content


def frontmatter(content: str) -> dict[str, str]:
    lines = content.splitlines()
    if not lines or lines[0].strip() != '"""':
        return {}
    found = {}
    for line in lines[1:]:
        if '"""' in line:
            break
        if match := FRONTMATTER.match(line):
            found[match[1].strip()] = match[2].strip()
    return found


def load(id: str) -> tuple[Any, types.ModuleType]:
    """Return the instance that Open WebUI would keep for the whole process, and its module."""
    content = replace_imports((FUNCTIONS / f"{id}.py").read_text(encoding="utf-8"))
    module = types.ModuleType(f"function_{id}_{uuid.uuid4().hex}")
    sys.modules[module.__name__] = module
    try:
        exec(content, module.__dict__)
    finally:
        sys.modules.pop(module.__name__)
    for kind in ("Pipe", "Filter", "Action", "Event"):
        if hasattr(module, kind):
            return getattr(module, kind)(), module
    raise AssertionError("No Function class found in the module")
