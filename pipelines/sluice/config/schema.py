"""The shape of sluice.yaml: what an admin may write, with careful defaults for all but `model_list`."""

import difflib
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from sluice.config import expressions
from sluice.config.accounting import Budgets, Energy, Ledger, Prices, Savings
from sluice.config.rules import Rule, checked_zone
from sluice.config.section import Emptied, EmptiedList, Section

Location = Literal["local", "cloud"]
Role = Literal["small", "standard", "coder", "vision", "long", "cloud", "frontier"]
Action = Literal["allow", "mask", "ask", "local", "block"]
Target = Literal["auto", "picked"]
FindingClass = Literal[
    "secret", "personal", "financial", "medical", "legal", "source_code", "confidential", "doubtful", "document"
]

SLUG = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
ROLES: tuple[Role, ...] = ("small", "standard", "coder", "vision", "long", "cloud", "frontier")
LANES: tuple[str, ...] = ("auto", "local", *ROLES)

# LiteLLM's ways to call another server or model than the one that was looked at and chosen.
DETOURS = frozenset(
    {"base_url", "custom_llm_provider", "fallbacks", "context_window_fallback_dict", "mock_response", "proxy"}
)


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
    max_parallel: int | None = Field(
        default=None, ge=1, le=1024, description="Answers at once; for a local server, in place of local_parallel"
    )
    requests_per_minute: int | None = Field(default=None, ge=1, description="More go to the next model")
    tokens_per_minute: int | None = Field(default=None, ge=1, description="Prompt and answer; more go to the next")
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

    auto_threshold: float = Field(default=0.8, ge=0, le=1, description="Complexity from which auto prefers the cloud")
    frontier_threshold: float | None = Field(
        default=None, ge=0, le=1, description="Complexity from which the best cloud model is asked; half-way, if unset"
    )
    small_threshold: float = Field(default=0.3, ge=0, le=1, description="Complexity that the small model is equal to")
    stickiness: float = Field(
        default=0.1, ge=0, le=1, description="How clearly a follow-up must differ to move to another model"
    )
    second_opinion: bool = Field(
        default=False, description="Near the threshold the local model is asked itself whether it can answer"
    )
    second_opinion_band: float = Field(default=0.1, ge=0, le=1, description="How near, in complexity")
    second_opinion_seconds: float = Field(
        default=2, gt=0, le=60, description="How long it may take; after that the estimate alone decides"
    )
    time_zone: Annotated[str, AfterValidator(checked_zone)] = Field(default="UTC", description="Of rules with hours")
    rules: Annotated[tuple[Rule, ...], EmptiedList] = ()
    first_token_seconds: float = Field(default=120, gt=0, le=3600, description="Wait for a model's first token")
    idle_seconds: float = Field(default=120, gt=0, le=3600, description="Longest silence within an answer")
    retries: int = Field(default=1, ge=0, le=5, description="A model that fails is asked so often again at once")
    retry_seconds: float = Field(
        default=2, ge=0, le=60, description="Longest wait before a retry; after a longer one the next model is asked"
    )
    cooldown_seconds: float = Field(
        default=30, ge=0, le=3600, description="A failed model is left alone so long, and twice as long each time"
    )
    longest_cooldown_seconds: float = Field(default=300, ge=0, le=86400, description="But never longer than this")
    connect_seconds: float = Field(
        default=5, gt=0, le=120, description="A provider that takes no connection in this time is unreachable"
    )
    hedge_seconds: float | None = Field(
        default=None, gt=0, le=3600, description="Without a token for so long, the next model is asked as well: costs"
    )
    local_parallel: int = Field(
        default=2, ge=1, le=1024, description="Answers that a local server gives at once; others wait in line"
    )
    queue_seconds: float = Field(
        default=60, ge=0, le=3600, description="Wait in line, after which a model elsewhere is asked if there is one"
    )
    longest_queue_seconds: float = Field(
        default=900, gt=0, le=86400, description="Wait in line where nobody else may answer"
    )
    health_seconds: float = Field(default=15, gt=0, le=3600, description="Local servers are looked at this often")
    max_num_ctx: int = Field(default=32768, ge=2048, description="Most context asked of Ollama, in tokens: memory")

    @property
    def chosen_threshold(self) -> float | None:
        """The threshold where the file names one; `sluice calibrate` decides where it does not."""
        return self.auto_threshold if "auto_threshold" in self.model_fields_set else None


# By their names, as far as names tell: Open WebUI's own that reach out, and what others are usually called.
NETWORK_TOOLS = (
    *("*web*", "*search*", "*fetch*", "*http*", "*url*", "*brows*", "*navigate*", "*download*", "*upload*"),
    *("*google*", "*bing*", "*tavily*", "*brave*", "*duckduckgo*", "*mail*", "*send*", "*post*", "*publish*"),
    *("*webhook*", "*slack*", "generate_image", "edit_image", "execute_code", "run_code", "*python*", "*terminal*"),
)


class Actions(Section):
    """What happens to one class; a column that is not named keeps its default."""

    auto: Action | None = Field(default=None, description="Where the router would choose the cloud")
    picked: Action | None = Field(default=None, description="Where a person chose a cloud model")
    weak: Action | None = Field(default=None, description="Names and places that nothing ties to a real matter")


def _columns(value: Any) -> Any:
    """One word stands for every column, except that weak findings are masked at most."""
    if not isinstance(value, str):
        return value
    return {"auto": value, "picked": value, **({"weak": value} if value in ("allow", "mask") else {})}


ClassActions = dict[FindingClass, Annotated[Actions, BeforeValidator(_columns)]]


class OwnPattern(Section):
    """An identifier that only this organisation has, such as its customer numbers."""

    type: str = Field(pattern=r"^[A-Z][A-Z0-9_]{2,39}$", description="Its name, such as CUSTOMER_NUMBER")
    klass: FindingClass = Field(alias="class")
    regex: Annotated[str, AfterValidator(expressions.checked)] = Field(min_length=1, max_length=1000)


class Organisation(Section):
    """What only the organisation knows of itself."""

    people: tuple[str, ...] = Field(default=(), description="Names that are always personal data")
    terms: tuple[str, ...] = Field(default=(), description="Confidential words: project and code names")
    products: tuple[str, ...] = Field(default=(), description="Products that are not released yet")
    domains: tuple[str, ...] = Field(default=(), description="Domains of its mail and its internal hosts")
    packages: tuple[str, ...] = Field(default=(), description="Packages that its own source code imports")
    patterns: tuple[OwnPattern, ...] = ()
    fingerprints: tuple[str, ...] = Field(default=(), description="Files written by `sluice fingerprint`")


class ImageRules(Section):
    """What happens to pictures that may leave, besides the covering of what is private in their text."""

    faces: Literal["allow", "blur", "local"] = Field(
        default="blur", description="Faces leave as they are, leave as a few blocks of colour, or keep the call local"
    )


class Privacy(Section):
    """What the guard does with what it finds."""

    actions: Annotated[ClassActions, Emptied] = Field(default_factory=dict)
    groups: Annotated[dict[str, ClassActions], Emptied] = Field(
        default_factory=dict, description="Actions of a group of Open WebUI, by its id, in place of those above"
    )
    allow: tuple[str, ...] = Field(default=(), description="Literal texts that are never a finding")
    public_sources: tuple[str, ...] = Field(
        default=(), description="Names of files and collections that anybody may read, * for any part"
    )
    organisation: Annotated[Organisation, Emptied] = Organisation()
    network_tools: tuple[str, ...] = Field(
        default=NETWORK_TOOLS,
        description="Tools that reach out: they get placeholders, never what was masked; * for any part",
    )
    inside_tools: tuple[str, ...] = Field(
        default=(), description="If given, only these tools get what was masked, and no other; * for any part"
    )
    placeholders: Literal["typed", "surrogates"] = Field(
        default="typed", description="What leaves in place of a value: [PERSON_1], or invented names and numbers"
    )
    mask_days: int = Field(default=90, ge=1, le=3650, description="What was masked is forgotten after so many days")
    audit_days: int | None = Field(default=None, ge=1, description="Audit entries are kept so long; if unset, forever")
    images: Annotated[ImageRules, Emptied] = ImageRules()
    transcriber: str | None = Field(
        default=None, description="Address of a local server with OpenAI's API that turns speech into text"
    )
    time_limit_seconds: float = Field(default=10, gt=0, le=120)
    max_characters: int = Field(default=400_000, gt=0)
    workers: int = Field(default=1, ge=1, le=32, description="Worker processes that read texts")

    @field_validator("transcriber")
    @classmethod
    def _hears_here(cls, address: str | None) -> str | None:
        # Imported here, since what stands there reads this configuration.
        from sluice.upstream.address import host_of, literal_is_private

        if address and not (address.startswith(("http://", "https://")) and host_of(address)):
            raise ValueError("write an address such as http://127.0.0.1:8000/v1")
        if address and literal_is_private(host_of(address)) is False:
            raise ValueError("this address is on the internet, and recordings are given to a server of yours only")
        return address


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
    ledger: Annotated[Ledger, Emptied] = Ledger()
    budgets: Budgets = ()
    prices: Prices = Field(default_factory=dict)
    energy: Annotated[Energy, Emptied] = Energy()
    savings: Annotated[Savings, Emptied] = Savings()
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
