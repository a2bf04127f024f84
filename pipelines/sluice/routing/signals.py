"""What routing may know of a call; never its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sluice.chat import Demand, Preference, Priority, State, TaskKind, Wish


@dataclass(frozen=True, slots=True)
class Signals:
    """A call in plain values, read from all of it: after retrieval, with history, tool results and images."""

    lane: str  # auto, local, a role, or a model_name
    prompt_tokens: int  # a safe upper estimate
    complexity: float  # 0..1: share of everyday calls that are easier
    estimate: float = 0.0  # the same before what was learned of the local models is applied
    opinion: Literal["", "can", "cannot"] = ""  # what the local model says of itself, where it was asked
    answer_tokens: int | None = None  # the caller's own limit
    history_tokens: int = 0  # what stood in the chat before the newest message
    words: int = 0  # of the newest question, without what was retrieved for it
    media: frozenset[str] = frozenset()  # image, audio, video, file
    offers_tools: bool = False  # has schemas of tools, as nearly every chat does
    uses_tools: bool = False  # called one, got a result, or must call one
    wish: Wish | None = None
    preference: Preference = "balanced"
    priority: Priority = "normal"
    task: str = ""  # a background task of Open WebUI: title, tags, …
    task_kind: TaskKind = "chat"
    languages: tuple[str, ...] = ()  # of the question, two letters each
    code: tuple[str, ...] = ()  # languages of the code in the question; other where nobody can tell
    demand: Demand = field(default_factory=Demand)
    state: State = "new"  # of the conversation
    preset: str = ""
    groups: frozenset[str] = frozenset()  # of the proven caller
    goes_on: bool = False  # with an answer that was begun: by what tools gave, or where it stopped
    turn: str = ""  # names the conversation up to its newest question
    message: str = ""  # id of the answer that is being made
    at: datetime | None = None  # when the call came, with its time zone
    confined: tuple[str, ...] = ()  # why policy keeps the call local; empty when it may leave
    masks: bool = False  # what leaves is masked first


def facts(signals: Signals) -> Mapping[str, Any]:
    """The signals by the names that rules and their expressions use."""
    return {
        "lane": signals.lane,
        "prompt_tokens": signals.prompt_tokens,
        "history_tokens": signals.history_tokens,
        "words": signals.words,
        "complexity": signals.complexity,
        "kind": signals.task_kind,
        "task": signals.task,
        "state": signals.state,
        "preset": signals.preset,
        "preference": signals.preference,
        "priority": signals.priority,
        "groups": sorted(signals.groups),
        "languages": list(signals.languages),
        "code": list(signals.code),
        "media": sorted(signals.media),
        "uses_tools": signals.uses_tools,
        "wish": signals.wish or "",
        "detailed": signals.demand.detailed,
        "structured": signals.demand.structured,
        "reasoning": signals.demand.reasoning,
    }
