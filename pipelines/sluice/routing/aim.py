"""Choose the rung of the ladder that a question asks for, by its estimate and its signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sluice.config.schema import Role
from sluice.routing.candidate import Candidate
from sluice.routing.decision import Means
from sluice.routing.fit import needed, unread
from sluice.routing.policy import Policy
from sluice.routing.signals import Signals
from sluice.words import words

Change = Literal["", "stayed", "escalated", "returned"]

# The small model is for what is short and asks for little; to load it beside a longer chat costs more than it saves.
SMALL_KINDS = frozenset({"chat", "translation", "writing", "extraction", "summary"})
SMALL_WORDS = 15
SMALL_HISTORY_TOKENS = 300

# What asks for it in so many words counts as harder than this share of everyday questions.
HARD = 0.9


@dataclass(frozen=True, slots=True)
class Aim:
    """The rung that a call should be answered on, what says so, and the model that comes first on it."""

    rung: Role
    decided_by: Means
    reasons: tuple[str, ...]
    pinned: str = ""
    change: Change = ""


def local_rung(signals: Signals, candidates: Sequence[Candidate], policy: Policy) -> tuple[Role, str]:
    """The rung for what is answered on this machine, and why it is not the standard one."""
    if signals.task:
        return "small", words("a background task")
    if "image" in signals.media:
        return "vision", words("it has an image")
    if _is_too_long(signals, candidates):
        return "long", words("it is too long for the standard model")
    if signals.task_kind == "code":
        return "coder", words("it is about code")
    if is_small(signals, policy):
        return "small", words("a small question")
    return "standard", ""


def by_estimate(signals: Signals, candidates: Sequence[Candidate], policy: Policy) -> Aim:
    """The rung by how demanding the question is: the estimate against the threshold, and how far above it."""
    bar, frontier = policy.bar(signals.preference), policy.frontier_bar(signals.preference)
    measured = f"{signals.complexity:.2f}"
    if signals.complexity < bar <= HARD and (hard := _why_hard(signals)):
        return Aim("cloud", "estimate", (hard,))
    if signals.opinion:
        return _by_opinion(signals, candidates, policy)
    if signals.complexity >= bar:
        over = words("complexity {measured} is at least {bar}", measured=measured, bar=f"{bar:.2f}")
        if signals.complexity < frontier:
            return Aim("cloud", "estimate", (over,))
        far = words("from {bar} on the best model is asked", bar=f"{frontier:.2f}")
        return Aim("frontier", "estimate", (over, far))
    rung, why = local_rung(signals, candidates, policy)
    below = words("complexity {measured} is below {bar}", measured=measured, bar=f"{bar:.2f}")
    return Aim(rung, "estimate", (below, *([why] if why else [])))


def _by_opinion(signals: Signals, candidates: Sequence[Candidate], policy: Policy) -> Aim:
    """The rung where the estimate is too near the threshold to tell, and the local model was asked itself."""
    near = words("complexity {measured} is near the threshold", measured=f"{signals.complexity:.2f}")
    if signals.opinion == "cannot":
        return Aim("cloud", "estimate", (near, words("the local model says that it cannot answer this well")))
    rung, why = local_rung(signals, candidates, policy)
    can = words("the local model says that it can answer this")
    return Aim(rung, "estimate", (near, can, *([why] if why else [])))


def _why_hard(signals: Signals) -> str:
    """What makes a question hard whatever its words measure, as in languages that the estimate was not trained on."""
    if signals.demand.rigorous:
        return words("it asks for a proof or a derivation")
    if signals.demand.detailed and signals.task_kind in ("reasoning", "code"):
        return words("it asks for reasoning in detail")
    if signals.demand.lengthy and signals.task_kind == "writing":
        return words("it asks for pages of text")
    return ""


def is_small(signals: Signals, policy: Policy) -> bool:
    """Whether the small model is enough."""
    wants = signals.demand
    demanding = wants.detailed or wants.structured or wants.reasoning or wants.rigorous or wants.composed
    return (
        signals.complexity < policy.small_threshold
        and signals.task_kind in SMALL_KINDS
        and signals.words <= SMALL_WORDS
        and signals.history_tokens <= SMALL_HISTORY_TOKENS
        and signals.preference != "quality"
        and not (demanding or signals.uses_tools)
    )


def _is_too_long(signals: Signals, candidates: Sequence[Candidate]) -> bool:
    standard = [c for c in candidates if "standard" in c.roles and c.location == "local" and not unread(signals, c)]
    return bool(standard) and all(needed(signals, c) > c.window for c in standard)
