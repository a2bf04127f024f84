"""Read presets/ and functions/: what Open WebUI should look like, as validated values."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from sluice.chat import Priority
from sluice.config.schema import LANES
from sluice.provision.errors import PresetError

SWITCH_FILE = "open-webui.yaml"
Tool = Literal[
    "time", "user_input", "memory", "chats", "notes", "knowledge", "files", "channels", "notifications",
    "web_search", "image_generation", "code_interpreter", "tasks", "automations", "calendar", "subagents",
    "skills",
]  # fmt: skip
TOOLS: tuple[str, ...] = get_args(Tool)
Model = TypeVar("Model", bound=BaseModel)


def _none_means_empty(value: Any) -> Any:
    return () if value == "none" else value


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Suggestion(Section):
    """A prompt to start from; the title is a bold part and, optionally, a lighter one."""

    title: list[str] = Field(min_length=1, max_length=2)
    prompt: str = Field(min_length=1)

    @property
    def row(self) -> dict[str, Any]:
        first, *rest = self.title
        return {"title": [first, rest[0] if rest else ""], "content": self.prompt}


class Capabilities(Section):
    """What a preset offers in Open WebUI. All keys are written, as Open WebUI's own editor does."""

    file_context: bool = True
    vision: bool = True
    file_upload: bool = True
    web_search: bool = True
    image_generation: bool = True
    code_interpreter: bool = True
    terminal: bool = False
    citations: bool = True
    status_updates: bool = True
    usage: bool = True
    memory: bool = True


class Preset(Section):
    """One file of presets/: a name in the dropdown, on a lane of the gateway."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    name: str = Field(min_length=1, max_length=40)
    lane: str
    order: int
    icon: str | None = None
    description: str = Field(min_length=20, max_length=300)
    tags: list[str] = []
    system: str = Field(min_length=20)
    tools: Annotated[tuple[Tool, ...], BeforeValidator(_none_means_empty)] = ()
    capabilities: Capabilities = Capabilities()
    priority: Priority = Field(default="normal", description="Before or behind others that wait for the same model")
    params: dict[str, Any] = {}
    suggestions: list[Suggestion] = []
    access: Literal["all"] | list[str] = "all"

    @field_validator("lane")
    @classmethod
    def _exists(cls, lane: str) -> str:
        if lane not in LANES:
            raise ValueError(f"`{lane}` is no lane; there are {', '.join(LANES)}")
        return lane

    @property
    def base(self) -> str:
        """The id of the gateway model beneath."""
        return f"sluice.{self.lane}"


class FunctionState(Section):
    """Whether a function runs, and whether for every model."""

    active: bool = True
    is_global: bool = Field(default=True, alias="global")


class Switches(Section):
    """presets/open-webui.yaml: everything beside the presets."""

    functions: dict[str, FunctionState] = {}
    task_model: str = "sluice.local"
    headers: dict[str, str] = {}
    default_models: list[str] = []
    defaults: dict[str, Any] = {}
    suggestions: list[Suggestion] = []
    settings: dict[str, Any] = {}
    accepted_hosts: list[str] = []


@dataclass(frozen=True, slots=True)
class Function:
    """One file of functions/, with what its head says."""

    id: str
    name: str
    description: str
    content: str
    state: FunctionState


@dataclass(frozen=True, slots=True)
class Wanted:
    """Everything that our files ask for."""

    presets: tuple[Preset, ...]
    icons: Mapping[str, str]  # preset id → data URL
    switches: Switches
    functions: tuple[Function, ...]


def load(presets: Path, functions: Path) -> Wanted:
    """Read both folders; raises PresetError with every fault found, file by file."""
    if not (presets / SWITCH_FILE).is_file():
        raise PresetError(f"{presets / SWITCH_FILE} does not exist. Set SLUICE_PRESETS to the folder presets/.")
    switches = _read(presets / SWITCH_FILE, Switches)
    found = [_read(path, Preset) for path in sorted(presets.glob("*.yaml")) if path.name != SWITCH_FILE]
    ordered = tuple(sorted(found, key=lambda preset: (preset.order, preset.id)))
    ids = [preset.id for preset in ordered]
    if twice := {id for id in ids if ids.count(id) > 1}:
        raise PresetError(f"More than one file in {presets} has the id {', '.join(sorted(twice))}.")
    if unknown := set(switches.default_models) - set(ids):
        raise PresetError(f"{presets / SWITCH_FILE}: default_models names {', '.join(sorted(unknown))}, no preset.")
    return Wanted(
        presets=ordered,
        icons={preset.id: _data_url(presets / "icons" / preset.icon) for preset in ordered if preset.icon},
        switches=switches,
        functions=tuple(_function(functions / f"{id}.py", state) for id, state in switches.functions.items()),
    )


def frontmatter(content: str) -> dict[str, str]:
    """Return the `word: text` lines at the head of a function, as Open WebUI reads them."""
    lines = content.splitlines()
    if not lines or lines[0].strip() != '"""':
        return {}
    head = lines[1 : next((n for n, line in enumerate(lines[1:], 1) if '"""' in line), 1)]
    pairs = (line.partition(":") for line in head if not line.startswith(" "))
    return {word.strip(): text.strip() for word, colon, text in pairs if colon and word.strip().isidentifier()}


def _function(path: Path, state: FunctionState) -> Function:
    try:
        content = path.read_text(encoding="utf-8")
    except OSError as error:
        raise PresetError(f"The function {path} cannot be read. Is SLUICE_FUNCTIONS the folder functions/?") from error
    head = frontmatter(content)
    if not head.get("title") or not head.get("description"):
        raise PresetError(f"{path} does not start with a title and a description between two lines of three quotes.")
    return Function(path.stem, head["title"], head["description"], content, state)


def _read(path: Path, model: type[Model]) -> Model:
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        return model.model_validate(data)
    except (OSError, UnicodeDecodeError) as error:
        raise PresetError(f"{path} cannot be read: {error}.") from error
    except yaml.YAMLError as error:
        raise PresetError(f"{path} is not valid YAML: {error}.") from error
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors()
        )
        raise PresetError(f"{path}: {faults}.") from error


def _data_url(path: Path) -> str:
    # Open WebUI serves PNG, JPEG, GIF and WebP for a model and refuses SVG, which may carry script.
    try:
        return f"data:image/png;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"
    except OSError as error:
        raise PresetError(f"The icon {path} cannot be read.") from error
