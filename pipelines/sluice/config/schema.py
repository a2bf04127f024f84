"""The shape of sluice.yaml: what an admin may write, with careful defaults for all but `model_list`."""

import difflib
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

Location = Literal["local", "cloud"]
Role = Literal["small", "standard", "coder", "vision", "long", "cloud", "frontier"]
Action = Literal["allow", "local", "block"]
FindingClass = Literal["secret", "personal", "financial", "medical", "legal", "source_code", "confidential", "document"]

SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
ROLES: tuple[Role, ...] = ("small", "standard", "coder", "vision", "long", "cloud", "frontier")
LANES: tuple[str, ...] = ("auto", "local", *ROLES)

# LiteLLM's ways to call another server or model than the one that was looked at and chosen.
DETOURS = frozenset(
    {"base_url", "custom_llm_provider", "fallbacks", "context_window_fallback_dict", "mock_response", "proxy"}
)

# A mapping or list in YAML with every entry commented out reads as null; it means empty.
Emptied = BeforeValidator(lambda value: {} if value is None else value)


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LitellmParams(BaseModel):
    """LiteLLM's own parameters for a deployment, passed on as they are."""

    model_config = ConfigDict(extra="allow", frozen=True)

    model: str = Field(min_length=1, description="LiteLLM's name, such as ollama_chat/qwen3:8b or openai/gpt-4.1")
    api_base: str | None = None
    api_key: str | None = None

    @model_validator(mode="after")
    def _goes_nowhere_else(self) -> "LitellmParams":
        for key in sorted(DETOURS.intersection(self.model_extra or {})):
            raise ValueError(f"`{key}` would send calls elsewhere than `api_base` says; use `api_base` and `model`")
        return self


class ModelInfo(BaseModel):
    """What Sluice and LiteLLM know of a deployment; other keys of LiteLLM's price map may stand here too."""

    model_config = ConfigDict(extra="allow", frozen=True)

    location: Location | None = None
    roles: tuple[Role, ...] = ()
    trusted_local: bool = Field(
        default=False, description="This server, though not Ollama, runs on a machine of yours and sends nothing on"
    )
    max_input_tokens: int | None = Field(default=None, gt=0)
    max_output_tokens: int | None = Field(default=None, gt=0)
    max_task_tokens: int | None = Field(
        default=None, gt=0, description="Longest answer to Open WebUI's background tasks, for slow models"
    )
    supports_vision: bool | None = None
    supports_function_calling: bool | None = None

    @model_validator(mode="after")
    def _has_no_misspelt_key(self) -> "ModelInfo":
        known = list(type(self).model_fields)
        for key in self.model_extra or {}:
            if near := difflib.get_close_matches(key, known, n=1, cutoff=0.8):
                raise ValueError(f"`{key}` is not known; did you mean `{near[0]}`")
        return self


class ModelEntry(Section):
    model_name: str = Field(pattern=SLUG, max_length=80)
    litellm_params: LitellmParams
    model_info: ModelInfo = ModelInfo()

    @field_validator("model_name")
    @classmethod
    def _is_no_lane(cls, name: str) -> str:
        if name in LANES:
            raise ValueError(f"`{name}` is the name of a lane; give the model another one, such as `my-{name}`")
        return name


class Routing(Section):
    """How `auto` chooses, and how long it waits."""

    auto_threshold: float = Field(default=0.6, ge=0, le=1, description="Complexity from which auto prefers the cloud")
    first_token_seconds: float = Field(default=120, gt=0, le=3600, description="Wait for a model's first token")
    idle_seconds: float = Field(default=120, gt=0, le=3600, description="Longest silence within an answer")
    cooldown_seconds: float = Field(default=30, ge=0, le=3600, description="A failed model is left alone so long")
    health_seconds: float = Field(default=15, gt=0, le=3600, description="Local servers are looked at this often")
    max_num_ctx: int = Field(default=32768, ge=2048, description="Most context asked of Ollama, in tokens: memory")


class Privacy(Section):
    """What the guard does with what it finds."""

    actions: dict[FindingClass, Action] = Field(default_factory=dict)
    allow: tuple[str, ...] = Field(default=(), description="Literal texts that are never a finding")
    time_limit_seconds: float = Field(default=10, gt=0, le=120)
    max_characters: int = Field(default=400_000, gt=0)
    workers: int = Field(default=1, ge=1, le=32, description="Worker processes that read texts")


class Budget(Section):
    """A limit on what the cloud may cost in a period of calendar days (UTC)."""

    scope: Literal["user", "team"]
    period: Literal["day", "week", "month"]
    limit_usd: Decimal = Field(ge=0)


class Price(Section):
    """An override of LiteLLM's price for a model, in USD per million tokens."""

    input_per_million: Decimal = Field(ge=0)
    output_per_million: Decimal = Field(ge=0)


class Server(Section):
    max_request_bytes: int = Field(default=64 * 1024 * 1024, gt=1024)
    body_seconds: float = Field(default=60, gt=0, description="Time a caller has to send its request")
    shutdown_seconds: float = Field(default=30, ge=0, description="Running answers may take so long to end")
    allow_pipeline_upload: bool = Field(
        default=False, description="Let holders of the key add and delete pipelines, that is: run code here"
    )


class SluiceConfig(Section):
    """The whole file."""

    model_list: tuple[ModelEntry, ...]
    routing: Annotated[Routing, Emptied] = Routing()
    privacy: Annotated[Privacy, Emptied] = Privacy()
    budgets: Annotated[tuple[Budget, ...], BeforeValidator(lambda value: () if value is None else value)] = ()
    prices: Annotated[dict[str, Price], Emptied] = Field(default_factory=dict)
    server: Annotated[Server, Emptied] = Server()

    @model_validator(mode="after")
    def _names_are_unique(self) -> "SluiceConfig":
        if not self.model_list:
            raise ValueError("`model_list` is empty; name at least one model")
        names: list[str] = [entry.model_name for entry in self.model_list]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"model_name must be unique; used more than once: {', '.join(twice)}")
        return self
