"""Replace ${VAR} in a Compose file as Compose does, and read the .env beside it."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sluice.errors import StartError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPERATORS: Mapping[str, Callable[[str | None, str], str | None]] = {
    ":-": lambda value, word: value or word,
    "-": lambda value, word: word if value is None else value,
    ":+": lambda value, word: word if value else "",
    "+": lambda value, word: "" if value is None else word,
}
# As Compose reads a line of .env: single quotes keep everything, double quotes and none leave comments out.
ENV_LINE = re.compile(
    r"""^\s*(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*
        (?:'(?P<single>[^']*)'|"(?P<double>(?:\\.|[^"\\])*)"|(?P<bare>.*?))\s*(?:(?:^|\s)\#.*)?$""",
    re.VERBOSE,
)


def interpolate(tree: Any, environ: Mapping[str, str]) -> Any:
    """Return the parsed YAML with every variable replaced in its strings."""
    if isinstance(tree, dict):
        return {key: interpolate(value, environ) for key, value in tree.items()}
    if isinstance(tree, list):
        return [interpolate(value, environ) for value in tree]
    return expand(tree, environ) if isinstance(tree, str) else tree


def expand(text: str, environ: Mapping[str, str]) -> str:
    """Replace $VAR, ${VAR}, ${VAR:-word}, ${VAR-word}, ${VAR:+word} and ${VAR+word}; `$$` is a dollar sign.

    A word may hold variables itself. Raises StartError for a variable without a value.
    """
    parts: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        parts.append(text[at:dollar])
        replaced, at = _one(text, dollar, environ)
        parts.append(replaced)
    return "".join([*parts, text[at:]])


def variables(text: str) -> dict[str, bool]:
    """Names of the variables in a text, and whether each has a value when nothing is set."""
    found: dict[str, bool] = {}
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        if text.startswith("${", dollar):
            end = _closing(text, dollar)
            name, operator, word = _parts(text[dollar + 2 : end])
            found[name] = found.get(name, True) and bool(operator)
            found.update(variables(word))
            at = end + 1
        else:
            match = NAME.match(text, dollar + 1)
            if match:
                found[match[0]] = False
            at = match.end() if match else dollar + 2
    return found


def _one(text: str, dollar: int, environ: Mapping[str, str]) -> tuple[str, int]:
    if text.startswith("$$", dollar):
        return "$", dollar + 2
    if text.startswith("${", dollar):
        end = _closing(text, dollar)
        name, operator, word = _parts(text[dollar + 2 : end])
        return _value(name, operator, word, environ), end + 1
    match = NAME.match(text, dollar + 1)
    if not match:
        return "$", dollar + 1
    return _value(match[0], "", "", environ), match.end()


def _value(name: str, operator: str, word: str, environ: Mapping[str, str]) -> str:
    value = environ.get(name)
    if operator:
        value = OPERATORS[operator](value, expand(word, environ))
    if value is None:
        raise StartError(f"compose.yaml uses ${{{name}}}, which has no value. Set it in .env, or give it a default.")
    return value


def _closing(text: str, dollar: int) -> int:
    depth, at = 0, dollar
    while at < len(text):
        if text.startswith("${", at):
            depth, at = depth + 1, at + 2
        elif text[at] == "}":
            depth, at = depth - 1, at + 1
            if not depth:
                return at - 1
        else:
            at += 1
    raise StartError(f"compose.yaml has a `${{` without its `}}`: {text[dollar : dollar + 60]}")


def _parts(inside: str) -> tuple[str, str, str]:
    match = NAME.match(inside)
    if match:
        rest = inside[match.end() :]
        if not rest:
            return match[0], "", ""
        for operator in OPERATORS:
            if rest.startswith(operator):
                return match[0], operator, rest[len(operator) :]
    raise StartError(f"compose.yaml has `${{{inside}}}`, which is no variable that can be read natively.")


def read_env_file(path: Path) -> dict[str, str]:
    """The variables of a .env file, none if there is no file."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError):
        raise StartError(f"{path} cannot be read as text. Correct or remove it.") from None
    values: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.lstrip().startswith("#"):
            name, value = _env_line(line, path, number)
            values[name] = value
    return values


def _env_line(line: str, path: Path, number: int) -> tuple[str, str]:
    match = ENV_LINE.match(line)
    if not match:
        raise StartError(f"{path}, line {number}: expected NAME=value. Correct the line, or put # before it.")
    if match["double"] is not None:
        return match["name"], re.sub(r"\\(.)", r"\1", match["double"])
    return match["name"], match["single"] if match["single"] is not None else match["bare"].strip()
