"""Tell people where they stand in line."""

from sluice.gateway.events import Status
from sluice.gateway.plan import Plan
from sluice.routing import Candidate
from sluice.upstream import Place, Rank
from sluice.words import said, words


def rank_of(plan: Plan) -> Rank:
    """How urgent a call is beside others that wait for the same server."""
    if plan.signals.priority == "low" or not (plan.caller.in_ui or plan.caller.task):
        return Rank.PERSON if plan.signals.priority == "high" else Rank.BATCH
    return Rank.TASK if plan.caller.task else Rank.PERSON


def place_in_line(candidate: Candidate, place: Place, language: str) -> Status:
    """Such as `Local · qwen3:8b · 2nd in line, about 20 s`, in the person's language."""
    number = words("next in line")
    if place.number > 1:
        number = words("{ordinal} in line", ordinal=ordinal(place.number), number=place.number)
    if place.seconds is not None:
        number = words("{place}, about {duration}", place=number, duration=duration(place.seconds))
    where = words("Cloud") if candidate.location == "cloud" else words("Local")
    return Status(f"{said(where, language)} · {candidate.title} · {said(number, language)}", done=False)


def ordinal(number: int) -> str:
    """Such as 2nd or 11th."""
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def duration(seconds: float) -> str:
    """A rough time, as people say it: estimates are no better."""
    if seconds >= 90:
        return f"{round(seconds / 60)} min"
    return f"{max(5, 5 * round(seconds / 5))} s" if seconds > 7.5 else f"{max(1, round(seconds))} s"
