"""Keep a conversation on the model that answers it, and move it when that pays.

A switch costs: the next model reads the whole chat anew, and what was cached of it is lost. So a follow-up moves only
where its estimate differs clearly, a new question starts afresh, and an answer that fell short asks the next rung.
"""

from collections.abc import Sequence
from dataclasses import replace

from sluice.config.schema import Role
from sluice.routing.aim import Aim, local_rung
from sluice.routing.candidate import Candidate
from sluice.routing.decision import Previous
from sluice.routing.ladder import LADDER, LEVELS, home
from sluice.routing.policy import Policy
from sluice.routing.signals import Signals
from sluice.words import words

# To read so little anew costs nothing that anybody would notice, in tokens.
CHEAP_HISTORY_TOKENS = 1_500
# A conversation that went to the cloud returns only where it is clearly easier: so many times the stickiness.
DOWNWARDS = 2.5
# "Shorter, please" is as hard as what it is about: a follow-up that says so little is no measure of itself.
SAYS_LITTLE_WORDS = 14


def recognised(signals: Signals, previous: Previous | None) -> Signals:
    """The signals with what only earlier calls tell: that the same question is asked once more."""
    if previous is None or signals.goes_on or signals.task:
        return signals
    same = signals.turn == previous.turn and signals.preset == previous.preset
    if signals.turn and same and signals.message != previous.message:
        return replace(signals, state="regenerated")
    if previous.fell_short and signals.state == "follow_up":
        return replace(signals, state="correction")
    return signals


def continued(
    fresh: Aim, signals: Signals, candidates: Sequence[Candidate], policy: Policy, previous: Previous | None
) -> Aim:
    """Return the aim for a question that may stand in a conversation, given that for the question alone."""
    if previous is not None and signals.goes_on and signals.turn == previous.turn:
        return _stays(previous, words("the same answer goes on"))
    if signals.state in ("correction", "regenerated"):
        return _escalated(fresh, signals, candidates, policy, previous)
    if previous is None:
        return fresh
    if signals.state == "new":
        return _afresh(fresh, signals, previous)
    return _followed(fresh, signals, policy, previous)


def _escalated(
    fresh: Aim, signals: Signals, candidates: Sequence[Candidate], policy: Policy, previous: Previous | None
) -> Aim:
    before: Role = previous.rung if previous else "standard"
    next_rung = _above(before, previous.model if previous else "", signals, candidates, policy)
    rung = fresh.rung if LEVELS[fresh.rung] > LEVELS[next_rung] else next_rung
    why = words("you asked once more") if signals.state == "regenerated" else words("the last answer fell short")
    if LEVELS[rung] == LEVELS[before]:
        return replace(fresh, rung=rung, decided_by="conversation", reasons=(why,))
    asks = words("so a stronger model is asked")
    return Aim(rung, "conversation", (why, asks), change="escalated")


def _above(rung: Role, model: str, signals: Signals, candidates: Sequence[Candidate], policy: Policy) -> Role:
    """The next rung. From the small model it is the one on this machine that fits best, where another model has it."""
    if rung == "small":
        fitting, _ = local_rung(signals, candidates, replace(policy, small_threshold=0.0))
        stronger = set(LADDER[fitting]) - {"small"}
        others = [c for c in candidates if c.location == "local" and c.name != model and not c.unavailable]
        if any(stronger.intersection(other.roles) for other in others):
            return fitting
    return "frontier" if rung in ("cloud", "frontier") else "cloud"


def _afresh(fresh: Aim, signals: Signals, previous: Previous) -> Aim:
    """A question about something else: by its own estimate, but no change between neighbours for its own sake."""
    if home(previous.rung) == "cloud" and home(fresh.rung) == "local":
        back = words("another subject, which this machine can answer")
        return replace(fresh, reasons=(*fresh.reasons, back), change="returned")
    if _is_a_whim(fresh, signals, previous):
        return _stays(previous, words("it answers this chat already"))
    return fresh


def _is_a_whim(fresh: Aim, signals: Signals, previous: Previous) -> bool:
    """A step down on the same side, where it would cost more to read the chat anew than it saves."""
    same_side = home(previous.rung) == home(fresh.rung)
    down = LEVELS[fresh.rung] < LEVELS[previous.rung]
    return same_side and down and signals.history_tokens > CHEAP_HISTORY_TOKENS


def _followed(fresh: Aim, signals: Signals, policy: Policy, previous: Previous) -> Aim:
    up, down = _clearly(fresh, signals, policy, previous)
    if up:
        return fresh
    if home(previous.rung) == "cloud" and home(fresh.rung) == "local":
        if down and not previous.escalated and signals.words > SAYS_LITTLE_WORDS:
            back = words("clearly easier than what the cloud was asked for")
            return replace(fresh, reasons=(*fresh.reasons, back), change="returned")
        return _stays(previous, words("a follow-up stays with the model that answered"))
    if _needs_another_specialist(fresh, signals, previous):
        return fresh
    return _stays(previous, words("a follow-up stays with the model that answered"))


def _clearly(fresh: Aim, signals: Signals, policy: Policy, previous: Previous) -> tuple[bool, bool]:
    """Whether the question asks clearly for more, or for less, than what answered."""
    if LEVELS[fresh.rung] > LEVELS[previous.rung]:
        bars: dict[Role, float] = {
            "cloud": policy.bar(signals.preference),
            "frontier": policy.frontier_bar(signals.preference),
        }
        bar = bars.get(fresh.rung, policy.small_threshold)
        return signals.complexity >= min(1.0, bar + policy.stickiness / 2), False
    bar = policy.bar(signals.preference)
    return False, signals.complexity < bar - DOWNWARDS * policy.stickiness


def _needs_another_specialist(fresh: Aim, signals: Signals, previous: Previous) -> bool:
    """An image or a text that the model before cannot take, or code while the chat is short."""
    if LEVELS[fresh.rung] != LEVELS[previous.rung] or fresh.rung == previous.rung:
        return False
    cheap = signals.history_tokens <= CHEAP_HISTORY_TOKENS
    return fresh.rung in ("vision", "long") or (fresh.rung == "coder" and cheap)


def _stays(previous: Previous, why: str) -> Aim:
    return Aim(previous.rung, "conversation", (why,), pinned=previous.model, change="stayed")
