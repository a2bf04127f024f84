"""The shape of routing rules in sluice.yaml: when a rule holds, and what it does."""

import ast
import difflib
from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import simpleeval  # type: ignore[import-untyped]
from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sluice.config.section import Section

# What an expression may name, with a value of each kind to try it on.
NAMES: Mapping[str, Any] = {
    "lane": "auto",
    "prompt_tokens": 100,
    "history_tokens": 0,
    "words": 20,
    "complexity": 0.5,
    "kind": "chat",
    "task": "",
    "state": "new",
    "preset": "auto",
    "preference": "balanced",
    "priority": "normal",
    "groups": ["group"],
    "languages": ["en"],
    "code": ["python"],
    "media": ["image"],
    "uses_tools": False,
    "wish": "",
    "detailed": False,
    "structured": False,
    "reasoning": False,
    "hour": 12,
    "weekday": "mon",
}
# A call may have nothing of what a list names.
NOTHING: Mapping[str, Any] = {name: [] for name, value in NAMES.items() if isinstance(value, list)}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_PARTS = 120
REFUSED = (
    ast.Attribute, ast.JoinedStr, ast.FormattedValue, ast.Dict, ast.ListComp, ast.SetComp, ast.DictComp,
    ast.GeneratorExp, ast.Pow, ast.LShift, ast.RShift,
)  # fmt: skip

Kind = Literal["chat", "code", "reasoning", "writing", "translation", "extraction", "summary", "task"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def evaluated(expression: str, names: Mapping[str, Any]) -> bool:
    """Return whether a checked expression holds; raises what Python raises where the values do not fit it."""
    evaluator = simpleeval.EvalWithCompoundTypes(names=dict(names), functions={"len": len, "min": min, "max": max})
    return bool(evaluator.eval(expression, previously_parsed=_parsed(expression)))


@cache
def _parsed(expression: str) -> Any:
    return simpleeval.SimpleEval.parse(expression)


def checked_expression(expression: str) -> str:
    """Return the expression, if it can be evaluated on signals in bounded time; raise ValueError otherwise."""
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError("it is no expression; write a comparison, such as `kind == 'code' and words > 200`") from None
    parts = list(ast.walk(tree))
    if len(parts) > MOST_PARTS:
        raise ValueError(f"it has more than {MOST_PARTS} parts; make it several rules")
    if any(isinstance(part, REFUSED) for part in parts):
        raise ValueError("it uses more than names, numbers, texts, lists, comparisons and arithmetic; leave that out")
    for part in parts:
        if isinstance(part, ast.Name) and part.id not in (*NAMES, "len", "min", "max"):
            raise ValueError(_unknown(part.id))
    try:
        evaluated(expression, NAMES)
        evaluated(expression, {**NAMES, **NOTHING})
    except IndexError:
        raise ValueError("it counts on a list that may be empty; write `'de' in languages`") from None
    except Exception as error:  # whatever an expression raises here it would raise on every call
        raise ValueError(f"it cannot be evaluated ({error}); compare like with like: texts, numbers, lists") from None
    return expression


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, NAMES, n=1)
    return f"`{name}` is no signal; " + (f"did you mean `{near[0]}`" if near else f"there are {', '.join(NAMES)}")


def checked_zone(name: str) -> str:
    """Return the name of a time zone, if there is one; raise ValueError otherwise."""
    if name not in available_timezones():
        near = difflib.get_close_matches(name, available_timezones(), n=1)
        raise ValueError(f"`{name}` is no time zone; " + (f"did you mean `{near[0]}`" if near else "try Europe/Berlin"))
    return name


@cache
def zone_of(name: str) -> ZoneInfo:
    """The time zone of a checked name."""
    return ZoneInfo(name)


def checked_hours(value: str) -> str:
    """Return hours such as 20:00-06:00, if they are some; raise ValueError otherwise."""
    hours_of(value)
    return value


@cache
def hours_of(value: str) -> tuple[time, time]:
    """The beginning and the end of hours; they go over midnight where the end is not later."""
    try:
        begin, end = (time.fromisoformat(part.strip()) for part in value.split("-"))
    except ValueError:
        raise ValueError("write hours as 20:00-06:00, in quotes") from None
    if begin.tzinfo or end.tzinfo:
        raise ValueError("write hours as 20:00-06:00, without a zone; they are in that of `time_zone`")
    return begin, end


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class Range(Section):
    """Numbers from `least` on, below `under`."""

    least: float | None = None
    under: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a number is among them."""
        return (self.least is None or value >= self.least) and (self.under is None or value < self.under)


# Conditions on what a call is about and who asks. The others are circumstances and measures, by which one saves.
CONTENT = ("kind", "preset", "group", "language", "code", "media", "expression")


class When(Section):
    """Conditions of a rule, all of which must hold; of a list, one entry."""

    lane: Texts = Field(default=("auto",), description="What was asked for: auto, a role, or a model of model_list")
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_several)] = ()
    preset: Texts = Field(default=(), description="Ids of presets")
    group: Texts = Field(default=(), description="Ids of groups in Open WebUI")
    language: Texts = Field(default=(), description="Of the question, two letters")
    code: Texts = Field(default=(), description="Language of the code in the question, such as python")
    media: Annotated[tuple[Literal["image", "audio", "video", "file"], ...], BeforeValidator(_several)] = ()
    preference: Annotated[
        tuple[Literal["balanced", "private", "quality", "thrifty"], ...], BeforeValidator(_several)
    ] = ()
    priority: Annotated[tuple[Literal["low", "normal", "high"], ...], BeforeValidator(_several)] = ()
    state: Annotated[
        tuple[Literal["new", "follow_up", "correction", "regenerated"], ...], BeforeValidator(_several)
    ] = ()
    weekday: Annotated[tuple[Weekday, ...], BeforeValidator(_several)] = ()
    time: Annotated[str, AfterValidator(checked_hours)] | None = Field(default=None, description="Such as 20:00-06:00")
    prompt_tokens: Range = Range()
    words: Range = Field(default=Range(), description="Of the question, without what was retrieved for it")
    complexity: Range = Range()
    uses_tools: bool | None = None
    expression: Annotated[str, AfterValidator(checked_expression)] | None = Field(default=None, max_length=500)


class Rule(Section):
    """The first rule that holds and says `use` decides; those with `threshold` or `prefer` change what follows."""

    name: str = Field(default="", max_length=60)
    when: When = When()
    use: str | None = Field(default=None, description="A role, a model of model_list, `local` or `cloud`")
    threshold: float | None = Field(default=None, ge=0, le=1, description="In place of auto's threshold")
    prefer: str | None = Field(default=None, description="A model or a role that comes first where it may answer")

    @property
    def keeps(self) -> bool:
        """Whether what it keeps on this machine stays there with all that follows in the chat."""
        return self.use == "local" and any(getattr(self.when, name) for name in CONTENT)

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Rule":
        given = [name for name in ("use", "threshold", "prefer") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("a rule has exactly one of `use`, `threshold` and `prefer`; make it several rules")
        return self
