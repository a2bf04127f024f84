"""Choose where a call is answered: on this machine or in the cloud, and by which models in which order."""

from collections.abc import Iterable, Sequence

from sluice.chat import Preference
from sluice.config.schema import ROLES, Location, Role
from sluice.errors import NoModel, TooLong, UnknownModel
from sluice.routing.candidate import Candidate
from sluice.routing.decision import Decision
from sluice.routing.signals import Signals

# Room that is kept for the answer when the caller names no limit, in tokens.
ANSWER_TOKENS = 1024

# A missing role falls to the next; what stands behind the ladder is any other model of the same location.
LADDER: dict[Role, tuple[Role, ...]] = {
    "small": ("small", "standard"),
    "standard": ("standard", "small"),
    "coder": ("coder", "standard", "small"),
    "vision": ("vision", "standard"),
    "long": ("long", "standard"),
    "cloud": ("cloud", "frontier"),
    "frontier": ("frontier", "cloud"),
}
# Lanes that a person reads as "on this machine" do not leave it because something is down.
STAYS: frozenset[str] = frozenset({"small", "standard", "coder"})

# How a preference moves the share of calls that auto sends to the cloud.
THRESHOLD_FACTOR: dict[Preference, float] = {"balanced": 1.0, "quality": 0.5, "thrifty": 1.5, "private": 1.0}


def decide(signals: Signals, candidates: Sequence[Candidate], threshold: float) -> Decision:
    """Return the models that may answer, best first.

    Raises UnknownModel for a lane that does not exist, TooLong when the prompt fits no admitted model,
    and NoModel when none is there.
    """
    known = {candidate.name for candidate in candidates}
    if signals.lane not in ("auto", "local", *ROLES) and signals.lane not in known:
        raise UnknownModel(f"sluice.{signals.lane}")
    stays = _why_local(signals)
    ordered, reasons = _order(signals, candidates, threshold, kept_local=bool(stays))
    admitted = [c for c in ordered if c.location == "local" or not stays]
    usable = _usable(admitted, signals, kept_local=bool(stays))
    first = usable[0]
    passed = [c for c in ordered if c.unavailable and _rank(c, ordered) < _rank(first, ordered)]
    reasons = (*stays, *reasons, *_passed_over(passed))
    return Decision(
        location=first.location,
        model=first.name,
        complexity=signals.complexity,
        reasons=reasons or ("the standard choice",),
        chain=tuple(candidate.name for candidate in usable),
        note=_note(signals, stays, passed, first),
        transform="mask" if signals.masks and first.location == "cloud" else "none",
        kept_local=bool(stays),
    )


def _why_local(signals: Signals) -> tuple[str, ...]:
    """Everything that forbids leaving the machine, the strongest first."""
    why = list(signals.confined)
    if signals.lane == "local":
        why.append("this lane never leaves the machine")
    if signals.task:
        why.append("background tasks stay local")
    if signals.wish == "local":
        why.append("@local")
    if signals.preference == "private":
        why.append("your preference is private")
    return tuple(why)


def _order(
    signals: Signals, candidates: Sequence[Candidate], threshold: float, *, kept_local: bool
) -> tuple[list[Candidate], tuple[str, ...]]:
    """All candidates that the lane admits, best first, and what put them in this order."""
    lane = signals.lane
    if lane in ("auto", "local"):
        if lane == "auto" and not kept_local:
            return _automatic(signals, candidates, threshold)
        return _local_first(signals, candidates), ()
    if lane in LADDER:
        role = next(role for role in ROLES if role == lane)
        return _by_role(role, candidates), (f"lane {lane}",)
    named = next(candidate for candidate in candidates if candidate.name == lane)
    rest = [c for c in candidates if c is not named and (c.location == named.location or c.location == "local")]
    return [named, *sorted(rest, key=lambda c: c.location != named.location)], (f"model {lane}",)


def _automatic(
    signals: Signals, candidates: Sequence[Candidate], threshold: float
) -> tuple[list[Candidate], tuple[str, ...]]:
    local, cloud = _local_first(signals, candidates), _ladder("cloud", candidates, "cloud")
    bar = min(1.0, threshold * THRESHOLD_FACTOR[signals.preference])
    if signals.wish in ("cloud", "frontier"):
        return _unique([*cloud, *local]), ("@cloud",)
    measured = f"complexity {signals.complexity:.2f}"
    if signals.complexity >= bar:
        return _unique([*cloud, *local]), (f"{measured} is at least {bar:.2f}",)
    return _unique([*local, *cloud]), (f"{measured} is below {bar:.2f}",)


def _local_first(signals: Signals, candidates: Sequence[Candidate]) -> list[Candidate]:
    role: Role = "small" if signals.task else "vision" if "image" in signals.media else "standard"
    return _ladder(role, candidates, "local")


def _by_role(role: Role, candidates: Sequence[Candidate]) -> list[Candidate]:
    ordered = _unique(c for step in LADDER[role] for c in candidates if step in c.roles)
    if role in STAYS:
        leaves = [c for c in ordered if role not in c.roles and c.location == "cloud"]
        return _unique([*(c for c in ordered if c not in leaves), *_ladder(role, candidates, "local")])
    home: Location = "cloud" if role in ("cloud", "frontier") else "local"
    other: Location = "local" if home == "cloud" else "cloud"
    behind: Role = "standard" if other == "local" else "cloud"
    return _unique([*ordered, *_ladder(role, candidates, home), *_ladder(behind, candidates, other)])


def _ladder(role: Role, candidates: Sequence[Candidate], location: Location) -> list[Candidate]:
    """The models of one location: by the role's ladder, then the others as configured."""
    here = [candidate for candidate in candidates if candidate.location == location]
    return _unique([*(c for step in LADDER[role] for c in here if step in c.roles), *here])


def _unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    return list(dict.fromkeys(candidates))


def _usable(admitted: Sequence[Candidate], signals: Signals, *, kept_local: bool) -> list[Candidate]:
    up = [candidate for candidate in admitted if not candidate.unavailable]
    if not up:
        raise NoModel([f"{c.title}: {c.unavailable}" for c in admitted], kept_local=kept_local)
    able = [c for c in up if not _unread(signals, c)]
    if not able:
        raise NoModel([f"{c.title} reads no {_unread(signals, c)}" for c in up], kept_local=kept_local)
    fitting = [c for c in able if _needed(signals, c) <= c.window]
    if not fitting:
        raise TooLong(signals.prompt_tokens, max(c.window for c in able), kept_local=kept_local)
    if signals.offers_tools or signals.uses_tools:
        # A model without tools still answers, only later: tool schemas are in most chats and say little.
        home = fitting[0].location
        fitting.sort(key=lambda c: (c.location != home, c.name != signals.lane, not c.calls_tools))
    return fitting


def _unread(signals: Signals, candidate: Candidate) -> str:
    """What the call carries and the model would not see; a part that is dropped in silence is worse than a no."""
    seen = candidate.reads | ({"image"} if candidate.sees_images else frozenset())
    return " or ".join("images" if kind == "image" else kind for kind in sorted(signals.media - seen))


def _needed(signals: Signals, candidate: Candidate) -> int:
    """Prompt and answer together; the room for the answer yields on small windows, the prompt never does."""
    room = signals.answer_tokens or ANSWER_TOKENS
    return signals.prompt_tokens + min(room, ANSWER_TOKENS, candidate.window // 4)


def _rank(candidate: Candidate, ordered: Sequence[Candidate]) -> int:
    return ordered.index(candidate)


def _passed_over(passed: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(f"{candidate.title} is unavailable: {candidate.unavailable}" for candidate in passed)


def _note(signals: Signals, stays: Sequence[str], passed: Sequence[Candidate], first: Candidate) -> str:
    """The reason worth a word in the chat; that a workstation lacks a model which another stands in for is not."""
    if stays and (signals.lane == "local" or signals.preference == "private" or signals.wish == "local"):
        return "private"
    if stays:
        return f"kept local: {stays[0]}"
    why = f" ({passed[0].unavailable})" if passed else ""
    if first.location == "local" and (signals.lane in ("cloud", "frontier") or signals.wish in ("cloud", "frontier")):
        return f"no cloud model is available{why}" if passed else "no cloud model is configured"
    if signals.lane in LADDER and signals.lane not in first.roles:
        return f"no {signals.lane} model is available{why}"
    if signals.lane not in ("auto", "local", *LADDER) and first.name != signals.lane:
        return f"instead of {signals.lane}{why}"
    return ""
