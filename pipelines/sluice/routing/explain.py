"""Say in words what was decided for a call, by what, and why each other model was passed over."""

from collections.abc import Iterator

from sluice.routing.decision import Decision, Means, Weighed
from sluice.routing.signals import Signals

BY: dict[Means, str] = {
    "policy": "what keeps the call on this machine",
    "lane": "the lane or model that was picked",
    "wish": "the wish in the message",
    "rule": "the rule “{rule}”",
    "conversation": "the conversation so far",
    "estimate": "the estimate of complexity",
}


def explained(decision: Decision, signals: Signals) -> str:
    """Return a few lines for a person: the model, what decided, what was read of the call, and every candidate."""
    return "\n".join(_lines(decision, signals))


def _lines(decision: Decision, signals: Signals) -> Iterator[str]:
    yield f"{decision.location.capitalize()}: {decision.model} (rung {decision.rung})"
    yield f"  decided by  {BY[decision.decided_by].format(rule=decision.rule)}"
    yield from (f"  because     {reason}" for reason in decision.reasons)
    yield f"  complexity  {decision.complexity:.2f}, the cloud from {decision.threshold:.2f} on"
    yield f"  read        {', '.join(_read(signals))}"
    if decision.transform == "mask":
        yield "  leaves      masked"
    placed = sorted((one for one in decision.weighed if one.place), key=lambda one: one.place or 0)
    yield from (_placed(one) for one in placed)
    yield from (f"  passed over {one.model}: {one.why}" for one in decision.weighed if not one.place)


def _read(signals: Signals) -> Iterator[str]:
    yield f"{signals.task_kind.replace('_', ' ')}"
    yield f"about {signals.prompt_tokens:,} tokens"
    yield f"{signals.state.replace('_', ' ')} question" if signals.state in ("new", "follow_up") else signals.state
    if signals.languages:
        yield f"in {' and '.join(signals.languages)}"
    if signals.code:
        yield f"with code ({', '.join(signals.code)})"
    if signals.media:
        yield f"with {', '.join(sorted(signals.media))}"
    if signals.uses_tools:
        yield "uses tools"
    if signals.preference != "balanced":
        yield f"preference {signals.preference}"
    if signals.priority != "normal":
        yield f"priority {signals.priority}"


def _placed(one: Weighed) -> str:
    return f"  {'answers' if one.place == 1 else f'then ({one.place})':11} {one.model}"
