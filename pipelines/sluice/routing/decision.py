"""What was decided for a call, and why, in words."""

from dataclasses import dataclass
from typing import Literal

from sluice.config.schema import Location, Role

Means = Literal["policy", "lane", "wish", "rule", "conversation", "estimate"]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One model: its place in the chain (from 1), or why it is not in it."""

    model: str
    title: str
    place: int | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Where a call goes. `chain` names the models to try in order, `note` is the reason in one word or two."""

    location: Location
    model: str
    complexity: float
    reasons: tuple[str, ...]
    chain: tuple[str, ...]
    note: str = ""
    transform: Literal["none", "mask"] = "none"
    kept_local: bool = False
    rung: Role = "standard"  # of the ladder, on which the model stands
    decided_by: Means = "estimate"
    rule: str = ""  # the name of the rule that decided
    threshold: float = 1.0  # the estimate from which this call would have gone to the cloud
    change: Literal["", "stayed", "escalated", "returned"] = ""  # against what answered before in this chat
    weighed: tuple[Weighed, ...] = ()


@dataclass(frozen=True, slots=True)
class Previous:
    """What answered last in a conversation, on one lane."""

    model: str
    location: Location
    rung: Role
    complexity: float  # of the question that it was chosen for
    turn: str  # names the conversation up to the question that it answered
    message: str  # id of its answer
    escalated: bool = False  # it was chosen since another fell short
    fell_short: bool = False  # the person said so by other means than words: a thumb, an edit
    preset: str = ""  # that was asked: two may answer the same question side by side
