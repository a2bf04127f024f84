"""Read YAML and remember on which line each value stands."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from sluice.errors import ConfigError

Where = tuple[str | int, ...]


def read(text: str, path: Path) -> tuple[Any, Mapping[Where, int]]:
    """Return the plain data and a map from each path within it to its line (from 1).

    Raises ConfigError when the text is no YAML or a key stands twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
        lines: dict[Where, int] = {}
        twice: list[str] = []
        if node is not None:
            _walk(node, (), lines, twice)
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError([_syntax(error, path)]) from None
    if twice:
        raise ConfigError([f"{path}, {one}" for one in twice])
    return data, lines


def line_of(where: Where, lines: Mapping[Where, int]) -> int:
    """The line of a path, or of the nearest parent that the file has."""
    for end in range(len(where), -1, -1):
        if where[:end] in lines:
            return lines[where[:end]]
    return 1


def _syntax(error: Exception, path: Path) -> str:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or "it cannot be read"
    return f"{path}{line}: this is not valid YAML ({problem}). Check indentation, colons and quotes there."


def _walk(node: yaml.Node, where: Where, lines: dict[Where, int], twice: list[str]) -> None:
    lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _walk(item, (*where, index), lines, twice)
    elif isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in seen and key.value != "<<":
                twice.append(f"line {line}: `{key.value}` stands twice in the same place. Remove one of them.")
            seen.add(key.value)
            lines[(*where, key.value)] = line
            _walk(value, (*where, key.value), lines, twice)
