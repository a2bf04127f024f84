"""Read a chat completion request: what a caller may send, and nothing that could break what follows."""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sluice.errors import RequestError

MAX_DEPTH = 64
MAX_MESSAGES = 10_000
SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F]")
SURROGATE = re.compile("[\ud800-\udfff]")

MEDIA_TYPES = ("image_url", "input_audio", "file", "video_url")

# Short words and ids are sent as they are; nothing that could be a text passes for one. Some providers put
# a signature of the reasoning into the id of a tool call, which makes it long.
WORD = r"^[a-z]{1,16}$"
DATA = r"^(?:data:|[A-Za-z0-9+/=_\r\n-]*$)"  # a `data:` URL or base64: no address that somebody would fetch
ID = r"^[A-Za-z0-9_.:|=+/-]{0,4096}$"

Preference = Literal["balanced", "private", "quality", "thrifty"]
Priority = Literal["low", "normal", "high"]


class ImageUrl(BaseModel):
    model_config = ConfigDict(extra="ignore")

    # Any other address would be fetched, by the gateway or the provider, in the caller's stead.
    url: str = Field(pattern=r"^data:")
    detail: Literal["auto", "low", "high"] | None = None


def _as_known(part: Any) -> Any:
    """A part of an unknown type that has a text is that text, so that guard and model read the same."""
    if isinstance(part, dict) and part.get("type") not in (None, *MEDIA_TYPES):
        text = part.get("text")
        return {"type": "text", "text": text or ""} if "text" in part else part
    return part


class TextPart(BaseModel):
    type: Literal["text"]
    text: str


class ImagePart(BaseModel):
    type: Literal["image_url"]
    image_url: ImageUrl


class Sound(BaseModel):
    data: str | None = Field(default=None, pattern=DATA)
    format: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.+/-]{1,32}$")


class File(BaseModel):
    """A file by its content; the id of one that lies with a provider says nothing that could be judged."""

    filename: str | None = None
    file_data: str | None = Field(default=None, pattern=DATA)


class Video(BaseModel):
    url: str | None = Field(default=None, pattern=r"^data:")


class MediaPart(BaseModel):
    type: Literal["input_audio", "file", "video_url"]
    input_audio: Sound | None = None
    file: File | None = None
    video_url: Video | None = None


Part = Annotated[TextPart | ImagePart | MediaPart, Field(discriminator="type"), BeforeValidator(_as_known)]


class ToolFunction(BaseModel):
    model_config = ConfigDict(extra="allow")

    name: str | None = None
    arguments: str | dict[str, Any] | None = None


class ToolCall(BaseModel):
    model_config = ConfigDict(extra="allow")

    id: str | None = Field(default=None, pattern=ID)
    type: str | None = None
    function: ToolFunction | None = None


class Message(BaseModel):
    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None
    tool_calls: list[ToolCall] | None = None
    tool_call_id: str | None = Field(default=None, pattern=ID)
    reasoning_content: str | None = None


class Tool(BaseModel):
    model_config = ConfigDict(extra="allow")

    type: str = "function"
    function: dict[str, Any] | None = None


class Intent(BaseModel):
    """What a person's chip or a preset wishes; unsigned, so it only tightens or chooses within policy."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    lane: str | None = None
    preference: Preference = "balanced"
    priority: Priority | None = None  # None leaves it to the preset
    preset: str = Field(default="", max_length=200)  # the id of what was picked in the dropdown
    language: str = Field(default="", max_length=35)  # of the person's interface, such as de-DE
    strict: bool = False  # what the guard would mask or ask about stays local


class PresetIntent(BaseModel):
    """What a preset's own file says; as unsigned as what a chip says."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    priority: Priority = "normal"


class Parameters(BaseModel):
    """Every parameter that may reach a model; all else in a body stays here."""

    model_config = ConfigDict(extra="ignore")

    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    max_tokens: int | None = Field(default=None, gt=0)
    max_completion_tokens: int | None = Field(default=None, gt=0)
    stop: str | list[str] | None = None
    seed: int | None = None
    frequency_penalty: float | None = None
    presence_penalty: float | None = None
    repeat_penalty: float | None = None
    logit_bias: dict[Annotated[str, Field(pattern=r"^\d{1,8}$")], float] | None = None
    logprobs: bool | None = None
    top_logprobs: int | None = None
    response_format: dict[str, Any] | None = None
    reasoning_effort: str | None = Field(default=None, pattern=WORD)
    verbosity: str | None = Field(default=None, pattern=WORD)
    tools: list[Tool] | None = None
    tool_choice: str | dict[str, Any] | None = None
    parallel_tool_calls: bool | None = None
    keep_alive: str | int | None = None


class StreamOptions(BaseModel):
    include_usage: bool = False


class Body(Parameters):
    model: str = Field(min_length=1, max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=MAX_MESSAGES)
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = None
    sluice: Intent | None = None
    sluice_preset: PresetIntent | None = None  # beside the other, since Open WebUI would overwrite it


@dataclass(frozen=True, slots=True)
class Call:
    """One request in plain values. `messages` and `parameters` are as sent, checked, without empty fields."""

    model: str
    messages: tuple[Mapping[str, Any], ...]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    stream: bool = False
    include_usage: bool = False
    intent: Intent = field(default_factory=Intent)
    preset: PresetIntent = field(default_factory=PresetIntent)

    @property
    def priority(self) -> Priority:
        """How soon it matters: as said with the call, else as the preset says."""
        return self.intent.priority or self.preset.priority

    @property
    def language(self) -> str:
        """The person's language, two letters; empty where nobody told."""
        return self.intent.language[:2].lower()

    @property
    def tools(self) -> list[Mapping[str, Any]]:
        return cast(list[Mapping[str, Any]], self.parameters.get("tools") or [])

    @property
    def answer_tokens(self) -> int | None:
        """The most tokens the caller wants back."""
        return self.parameters.get("max_tokens") or self.parameters.get("max_completion_tokens")


def decode(raw: bytes) -> Any:
    """Parse JSON bytes. Raises RequestError on broken, non-finite or absurdly nested input."""
    try:
        # Decoded here, since json.loads guesses at encodings and lets broken UTF-8 pass.
        data = json.loads(raw.decode(), parse_constant=_no_constant, parse_float=_finite)
    except RecursionError:
        raise RequestError(_TOO_DEEP) from None
    except ValueError:
        raise RequestError("The request body is not valid JSON.") from None
    if _deeper_than(data, MAX_DEPTH):
        raise RequestError(_TOO_DEEP)
    return _without_surrogates(data) if SURROGATE_ESCAPE.search(raw) else data


_TOO_DEEP = f"The request body is nested deeper than {MAX_DEPTH} levels."


def read_call(data: Any) -> Call:
    """Check a decoded body. Raises RequestError naming each wrong field, without its value."""
    if not isinstance(data, dict):
        raise RequestError("The request body must be a JSON object with `model` and `messages`.")
    try:
        body = Body.model_validate({key: value for key, value in data.items() if value is not None})
    except ValidationError as error:
        raise RequestError(_wrong(error)) from None
    given = body.model_dump(exclude_none=True, include=set(Parameters.model_fields))
    return Call(
        model=body.model,
        messages=tuple(message.model_dump(exclude_none=True) for message in body.messages),
        parameters=given,
        stream=body.stream,
        include_usage=bool(body.stream_options and body.stream_options.include_usage),
        intent=body.sluice or Intent(),
        preset=body.sluice_preset or PresetIntent(),
    )


def _wrong(error: ValidationError) -> str:
    faults = error.errors(include_input=False, include_context=False, include_url=False)
    listed = [f"`{_place(fault['loc'])}`: {fault['msg']}" for fault in faults[:5]]
    more = f" (and {len(faults) - 5} more)" if len(faults) > 5 else ""
    return f"The request is not a chat completion: {'; '.join(listed)}{more}."


def _place(loc: tuple[str | int, ...]) -> str:
    """The path of a field, without the names that pydantic gives to the branches of a union."""
    return ".".join(str(part) for part in loc if isinstance(part, int) or (part.isidentifier() and part != "str"))[:80]


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(number)
    return value


def _deeper_than(data: Any, limit: int) -> bool:
    level = [data]
    for _ in range(limit):
        level = [child for item in level for child in _children(item)]
        if not level:
            return False
    return True


def _children(item: Any) -> Any:
    if isinstance(item, dict):
        return item.values()
    return item if isinstance(item, list) else ()


def _without_surrogates(data: Any) -> Any:
    """Replace lone surrogates, which JSON can carry and no encoder downstream can."""
    if isinstance(data, str):
        return SURROGATE.sub("\ufffd", data)
    if isinstance(data, list):
        return [_without_surrogates(item) for item in data]
    if isinstance(data, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in data.items()}
    return data
