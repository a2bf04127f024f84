"""The ladder of models: small, standard and its specialists on this machine, then cloud, then frontier."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from sluice.config.schema import Location, Role
from sluice.routing.candidate import Candidate

# A missing role falls to the next; what stands behind the ladder is any other model of the same location.
LADDER: Mapping[str, tuple[Role, ...]] = {
    "small": ("small", "standard"),
    "standard": ("standard", "small"),
    "coder": ("coder", "standard", "small"),
    "vision": ("vision", "standard"),
    "long": ("long", "standard"),
    "cloud": ("cloud", "frontier"),
    "frontier": ("frontier", "cloud"),
}
LEVELS: Mapping[Role, int] = {
    "small": 0, "standard": 1, "coder": 1, "vision": 1, "long": 1, "cloud": 2, "frontier": 3,
}  # fmt: skip
# Lanes that a person reads as "on this machine" do not leave it because something is down, or a rule says so.
STAYS: frozenset[str] = frozenset({"small", "standard", "coder"})

Burden = Callable[[Candidate], float]


def home(rung: str) -> Location:
    """Where a rung stands."""
    return "cloud" if rung in ("cloud", "frontier") else "local"


def ladder(role: Role, candidates: Sequence[Candidate], location: Location, burden: Burden) -> list[Candidate]:
    """The models of one location: by the role's ladder, within a step the least burden first, then the others."""
    here = [candidate for candidate in candidates if candidate.location == location]
    return unique([*_steps(role, here, burden), *here])


def by_role(role: Role, candidates: Sequence[Candidate], burden: Burden) -> list[Candidate]:
    """The models for a lane that is named after a role."""
    ordered = unique(_steps(role, candidates, burden))
    if role in STAYS:
        leaves = [c for c in ordered if role not in c.roles and c.location == "cloud"]
        stay = (c for c in ordered if c not in leaves)
        return unique([*stay, *ladder(role, candidates, "local", burden)])
    place = home(role)
    other: Location = "local" if place == "cloud" else "cloud"
    behind: Role = "standard" if other == "local" else "cloud"
    return unique([*ordered, *ladder(role, candidates, place, burden), *ladder(behind, candidates, other, burden)])


def rung_of(candidate: Candidate, wanted: Role) -> Role:
    """The rung on which a model stands, when it was chosen for another one."""
    if wanted in candidate.roles:
        return wanted
    fitting = [role for role in LADDER[wanted] if role in candidate.roles]
    return next(iter([*fitting, *candidate.roles]), "standard" if candidate.location == "local" else "cloud")


def unique(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Each once, at its first place."""
    return list(dict.fromkeys(candidates))


def _steps(role: Role, candidates: Sequence[Candidate], burden: Burden) -> Iterable[Candidate]:
    for step in LADDER[role]:
        able = [candidate for candidate in candidates if step in candidate.roles]
        # The better model is left to those who ask for it, though it could do this too.
        yield from sorted(able, key=lambda c: (step == "cloud" and "frontier" in c.roles, burden(c)))
