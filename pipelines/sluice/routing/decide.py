"""Choose where a call is answered: on this machine or in the cloud, and by which models in which order.

What policy confines comes first, then what was asked for by a lane, an admin's rules, the person's wish, the
conversation, and last the estimate. Among models that can do the job, cost and waiting decide.
"""

from collections.abc import Sequence
from dataclasses import replace

from sluice.config.schema import ROLES, Location, Role
from sluice.errors import UnknownModel
from sluice.routing.aim import Aim, by_estimate, local_rung
from sluice.routing.burden import burden
from sluice.routing.candidate import Candidate
from sluice.routing.continuity import continued
from sluice.routing.decision import Decision, Previous, Weighed
from sluice.routing.fit import obstacle, usable
from sluice.routing.ladder import LADDER, STAYS, Burden, by_role, home, ladder, rung_of, unique
from sluice.routing.policy import Policy
from sluice.routing.rules import Ruled, ruled
from sluice.routing.signals import Signals
from sluice.words import words

DEFAULT = Policy()


def decide(
    signals: Signals, candidates: Sequence[Candidate], policy: Policy = DEFAULT, previous: Previous | None = None
) -> Decision:
    """Return the models that may answer, best first.

    Raises UnknownModel for a lane that does not exist, TooLong when the prompt fits no admitted model,
    and NoModel when none is there.
    """
    known = {candidate.name for candidate in candidates}
    if signals.lane not in ("auto", "local", *ROLES) and signals.lane not in known:
        raise UnknownModel(f"sluice.{signals.lane}")
    says = ruled(policy.rules, signals, policy.zone)
    in_force = policy if says.threshold is None else replace(policy, threshold=says.threshold)
    stays = _why_local(signals, says)
    aim = _aim(signals, candidates, in_force, says, previous, kept_local=bool(stays))
    ordered = _ordered(aim, signals, candidates, in_force, says)
    admitted = [c for c in ordered if c.location == "local" or not stays]
    chain = _tools_first(usable(admitted, signals, kept_local=bool(stays)), signals)
    if signals.task:
        # To swap models for a title takes longer than any of them needs for it.
        chain = sorted(chain, key=lambda c: c.loaded is not True)
    return _decision(signals, candidates, in_force, says, stays, aim, ordered, chain)


def _why_local(signals: Signals, says: Ruled) -> tuple[str, ...]:
    """Everything that forbids leaving the machine, the strongest first."""
    why = list(signals.confined)
    if signals.lane == "local":
        why.append(words("this lane never leaves the machine"))
    if signals.task:
        why.append(words("background tasks stay local"))
    if signals.wish == "local":
        why.append("@local")
    if signals.preference == "private":
        why.append(words("your preference is private"))
    if says.use == "local":
        why.append(words("the rule “{rule}” keeps it local", rule=says.rule))
    return tuple(why)


def _aim(
    signals: Signals,
    candidates: Sequence[Candidate],
    policy: Policy,
    says: Ruled,
    previous: Previous | None,
    *,
    kept_local: bool,
) -> Aim:
    asked = _asked_for(signals, says)
    if asked is not None and not (kept_local and _leaves(asked, candidates)):
        return asked
    if kept_local:
        return _local(signals, candidates, policy, previous)
    return continued(by_estimate(signals, candidates, policy), signals, candidates, policy, previous)


def _leaves(aim: Aim, candidates: Sequence[Candidate]) -> bool:
    named = next((c.location for c in candidates if c.name == aim.pinned), home(aim.rung))
    return named == "cloud"


def _asked_for(signals: Signals, says: Ruled) -> Aim | None:
    """What a wish, a rule or a lane names, the first before the next."""
    if signals.lane == "auto" and signals.wish in ("cloud", "frontier"):
        return Aim(signals.wish, "wish", (f"@{signals.wish}",))
    if says.use and says.use != "local":
        used: Role = next((role for role in ROLES if role == says.use), "standard")
        return Aim(used, "rule", (), pinned="" if says.use in ROLES else says.use)
    if signals.lane in ROLES:
        role = next(role for role in ROLES if role == signals.lane)
        return Aim(role, "lane", (words("lane {lane}", lane=signals.lane),))
    if signals.lane not in ("auto", "local"):
        return Aim("standard", "lane", (words("model {lane}", lane=signals.lane),), pinned=signals.lane)
    return None


def _local(signals: Signals, candidates: Sequence[Candidate], policy: Policy, previous: Previous | None) -> Aim:
    """The best rung of this machine, by the same rules as elsewhere as far as it goes."""
    rung, why = local_rung(signals, candidates, policy)
    fresh = Aim(rung, "policy", (why,) if why else ())
    if signals.task:
        return fresh
    aim = continued(fresh, signals, candidates, policy, previous)
    if home(aim.rung) == "local":
        return replace(aim, decided_by="policy")
    # The next rung is in the cloud, where this may not go: what stands highest here answers.
    strongest, _ = local_rung(signals, candidates, replace(policy, small_threshold=0.0))
    return Aim(strongest, "policy", fresh.reasons)


def _ordered(
    aim: Aim, signals: Signals, candidates: Sequence[Candidate], policy: Policy, says: Ruled
) -> list[Candidate]:
    """All candidates that the lane admits, best first."""
    weigh = burden(signals, candidates)
    ordered = _by_lane(aim, signals, candidates, policy, weigh)
    if signals.lane in STAYS and aim.decided_by == "rule":
        ordered = [c for c in ordered if c.location == "local"]
    preferred = [c for name in says.prefer for c in ordered if name == c.name or name in c.roles]
    first = [c for c in preferred if ordered and c.location == ordered[0].location]
    pinned = [c for c in ordered if c.name == aim.pinned]
    return unique([*(first or pinned), *pinned, *ordered])


def _by_lane(
    aim: Aim, signals: Signals, candidates: Sequence[Candidate], policy: Policy, weigh: Burden
) -> list[Candidate]:
    if aim.decided_by == "lane" and not aim.pinned:
        return by_role(aim.rung, candidates, weigh)
    named = next((c for c in candidates if c.name == aim.pinned), None)
    if aim.decided_by in ("lane", "rule") and named is not None:
        rest = [c for c in candidates if c is not named and (c.location == named.location or c.location == "local")]
        return [named, *sorted(rest, key=lambda c: c.location != named.location)]
    place = home(aim.rung)
    # What the cloud should answer is never small.
    fitting, _ = local_rung(signals, candidates, replace(policy, small_threshold=0.0))
    behind: Role = "cloud" if place == "local" else fitting
    other: Location = "local" if place == "cloud" else "cloud"
    return unique([*ladder(aim.rung, candidates, place, weigh), *ladder(behind, candidates, other, weigh)])


def _tools_first(fitting: list[Candidate], signals: Signals) -> list[Candidate]:
    """A model without tools still answers, only later: tool schemas are in most chats and say little."""
    if not (signals.offers_tools or signals.uses_tools):
        return fitting
    place = fitting[0].location
    return sorted(fitting, key=lambda c: (c.location != place, c.name != signals.lane, not c.calls_tools))


def _decision(
    signals: Signals,
    candidates: Sequence[Candidate],
    policy: Policy,
    says: Ruled,
    stays: Sequence[str],
    aim: Aim,
    ordered: Sequence[Candidate],
    chain: Sequence[Candidate],
) -> Decision:
    first = chain[0]
    passed = [c for c in ordered[: list(ordered).index(first)] if c.unavailable]
    reasons = (*stays, *says.reasons, *aim.reasons, *_passed_over(passed))
    return Decision(
        location=first.location,
        model=first.name,
        complexity=signals.complexity,
        reasons=reasons or (words("the standard choice"),),
        chain=tuple(candidate.name for candidate in chain),
        note=_note(signals, stays, passed, first, aim),
        transform="mask" if signals.masks and first.location == "cloud" else "none",
        kept_local=bool(stays),
        rung=rung_of(first, aim.rung),
        decided_by="policy" if stays else aim.decided_by,
        rule=says.rule,
        threshold=policy.bar(signals.preference),
        change=aim.change if home(aim.rung) == first.location else "",
        weighed=tuple(_weighed(c, signals, stays, ordered, chain) for c in candidates),
    )


def _weighed(
    candidate: Candidate,
    signals: Signals,
    stays: Sequence[str],
    ordered: Sequence[Candidate],
    chain: Sequence[Candidate],
) -> Weighed:
    if candidate in chain:
        return Weighed(candidate.name, candidate.title, list(chain).index(candidate) + 1)
    if candidate not in ordered:
        why: str = words("it is not on this lane")
    elif stays and candidate.location == "cloud":
        why = words("it is in the cloud, and the call stays: {why}", why=stays[0])
    else:
        why = obstacle(candidate, signals)
    return Weighed(candidate.name, candidate.title, None, why)


def _passed_over(passed: Sequence[Candidate]) -> tuple[str, ...]:
    return tuple(words("{model} is unavailable: {why}", model=c.title, why=c.unavailable) for c in passed)


def _note(signals: Signals, stays: Sequence[str], passed: Sequence[Candidate], first: Candidate, aim: Aim) -> str:
    """The reason worth a word in the chat; that a workstation lacks a model which another stands in for is not."""
    if stays and (signals.lane == "local" or signals.preference == "private" or signals.wish == "local"):
        return words("private")
    if stays:
        return words("kept local: {why}", why=stays[0])
    why = passed[0].unavailable if passed else ""
    wished = signals.wish in ("cloud", "frontier") and signals.lane == "auto"
    if first.location == "local" and (signals.lane in ("cloud", "frontier") or wished):
        if not passed:
            return words("no cloud model is configured")
        return words("no cloud model is available ({why})", why=why)
    if aim.change == "escalated" and home(aim.rung) == first.location:
        return words("a stronger model, since {why}", why=aim.reasons[0])
    return _instead(signals, first, why)


def _instead(signals: Signals, first: Candidate, why: str) -> str:
    if signals.lane in LADDER and signals.lane not in first.roles:
        unavailable = words("no {lane} model is available ({why})", lane=signals.lane, why=why)
        return unavailable if why else words("no {lane} model is available", lane=signals.lane)
    if signals.lane not in ("auto", "local", *LADDER) and first.name != signals.lane:
        instead = words("instead of {lane} ({why})", lane=signals.lane, why=why)
        return instead if why else words("instead of {lane}", lane=signals.lane)
    return ""
