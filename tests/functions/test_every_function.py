"""Rules that hold for every file in functions/."""

import ast
import inspect
import sys
from pathlib import Path

import pytest
from sluice.provision import files

from tests.functions.loader import FUNCTIONS, frontmatter, load, replace_imports

ROOT = FUNCTIONS.parent
DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
IDS = sorted(path.stem for path in FUNCTIONS.glob("*.py"))
SHIPPED_WITH_OPEN_WEBUI = {"fastapi", "httpx", "pydantic", "open_webui"}
KINDS = ("Filter", "Action", "Event")
HOOKS = ("inlet", "outlet", "stream", "request", "action", "event")


@pytest.fixture(params=IDS)
def id(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_there_are_functions() -> None:
    assert {"auto_router", "pii_guard", "cost_tracker", "what_was_masked", "not_private", "ask_the_cloud"} <= set(IDS)


def test_it_loads_and_its_text_is_left_as_it_is(id: str) -> None:
    content = (FUNCTIONS / f"{id}.py").read_text("utf-8")

    assert replace_imports(content) == content
    assert "from __future__" not in content
    assert load(id)


def test_its_head_says_what_it_is_and_what_switching_it_off_does_not_change(id: str) -> None:
    content = (FUNCTIONS / f"{id}.py").read_text("utf-8")
    head = frontmatter(content)

    assert content.startswith('"""\n')
    assert set(head) == {"title", "author", "version", "required_open_webui_version", "description"}
    assert "switching it off" in head["description"].lower() or "switching this off" in head["description"].lower()
    assert files.frontmatter(content) == head


def test_it_uses_only_what_open_webui_ships(id: str) -> None:
    tree = ast.parse((FUNCTIONS / f"{id}.py").read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = [
        name.split(".")[0]
        for node in imports
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
    ]

    assert not [n for n in names if n not in SHIPPED_WITH_OPEN_WEBUI and n not in sys.stdlib_module_names]


def test_its_hooks_do_not_block_and_keep_nothing_between_calls(id: str) -> None:
    instance, _ = load(id)
    tree = ast.parse((FUNCTIONS / f"{id}.py").read_text("utf-8"))
    (kept,) = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name in KINDS]
    methods = [node for node in ast.walk(kept) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    stores = [
        method.name
        for method in methods
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node).startswith("self.")
    ]

    hooks = [getattr(instance, hook) for hook in HOOKS if hasattr(instance, hook)]
    assert hooks
    assert all(inspect.iscoroutinefunction(hook) for hook in hooks)
    assert set(stores) <= {"__init__"}


def test_no_valve_holds_a_secret_and_each_says_what_it_does(id: str) -> None:
    instance, _ = load(id)

    for valves in (instance.Valves, getattr(instance, "UserValves", instance.Valves)):
        for name, valve in valves.model_fields.items():
            assert len(valve.description or "") > 20, name
            assert not [word for word in ("key", "password", "token", "secret") if word in name]


def test_it_has_a_test_and_a_place_in_the_switch_file(id: str) -> None:
    switches = files.load(ROOT / "presets", FUNCTIONS).switches

    assert (Path(__file__).parent / f"test_{id}.py").is_file()
    assert id in switches.functions


# Open WebUI loads each file by itself, so what two of them need stands in both.
@pytest.mark.parametrize(
    "name",
    [
        "GATEWAY",
        "HEADER",
        "NUMBERS",
        "Link",
        "NotSent",
        "called",
        "seen",
        "serves",
        "runs_here",
        "is_private",
        "language",
        "tell",
        "amount",
        "number",
    ],
)
def test_what_stands_in_several_files_is_the_same_in_each(name: str) -> None:
    kinds = {kind: [id for id in IDS if hasattr(load(id)[1], kind)] for kind in KINDS}
    groups = [ids for kind, ids in kinds.items() if kind != "Event"] if name == "language" else [IDS]
    for ids in groups:
        _same([copy for id in ids if (copy := _definition(id, name))])


def _same(copies: list[str]) -> None:

    assert len(copies) > 1
    assert len(set(copies)) == 1


def _definition(id: str, name: str) -> str:
    tree = ast.parse((FUNCTIONS / f"{id}.py").read_text("utf-8"))
    for node in tree.body:
        defined = [ast.unparse(target) for target in node.targets] if isinstance(node, ast.Assign) else []
        if name in defined or (isinstance(node, DEFINITIONS) and node.name == name):
            return ast.unparse(node)
    return ""


def test_it_is_named_in_the_readme(id: str) -> None:
    readme = ROOT / "README.md"

    assert f"{id}.py" in readme.read_text("utf-8")
