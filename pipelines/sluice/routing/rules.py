"""Apply an admin's rules to the signals of a call, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, tzinfo
from typing import Any

from sluice.config.rules import WEEKDAYS, Rule, When, evaluated, hours_of
from sluice.routing.signals import Signals, facts
from sluice.words import words


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules say of a call."""

    use: str = ""  # a role, a model, local or cloud
    rule: str = ""  # the name of the rule that says so
    keeps: bool = False  # what follows in the chat stays on this machine, too
    threshold: float | None = None
    prefer: tuple[str, ...] = ()  # models and roles, the first before the second
    reasons: tuple[str, ...] = ()


def ruled(rules: Sequence[Rule], signals: Signals, zone: tzinfo) -> Ruled:
    """Return what the rules that hold say; the first that decides is the last that is read."""
    known, says = _known(signals, zone), Ruled()
    for number, rule in enumerate(rules, 1):
        name = rule.name or str(number)
        try:
            holds = _holds(rule.when, signals, known, zone)
        except Exception as error:  # where nobody can tell, what might have to stay stays; else it decides nothing
            failed = words("the rule “{rule}” could not be evaluated ({why})", rule=name, why=type(error).__name__)
            says, holds = replace(says, reasons=(*says.reasons, failed)), rule.use == "local"
        if holds:
            says = _with(says, rule, name)
            if says.use:
                break
    return says


def _with(says: Ruled, rule: Rule, name: str) -> Ruled:
    if rule.use is not None:
        reason = words("the rule “{rule}” says {use}", rule=name, use=rule.use)
        return replace(says, use=rule.use, rule=name, keeps=rule.keeps, reasons=(*says.reasons, reason))
    if rule.prefer is not None:
        reason = words("the rule “{rule}” prefers {use}", rule=name, use=rule.prefer)
        return replace(says, prefer=(*says.prefer, rule.prefer), reasons=(*says.reasons, reason))
    reason = words("the rule “{rule}” sets the threshold", rule=name)
    return replace(says, threshold=rule.threshold, reasons=(*says.reasons, reason))


def _known(signals: Signals, zone: tzinfo) -> Mapping[str, Any]:
    now = _local(signals.at, zone)
    return {**facts(signals), "hour": now.hour if now else -1, "weekday": WEEKDAYS[now.weekday()] if now else ""}


def _local(at: datetime | None, zone: tzinfo) -> datetime | None:
    return at.astimezone(zone) if at else None


def _holds(when: When, signals: Signals, known: Mapping[str, Any], zone: tzinfo) -> bool:
    one_of = {
        "lane": when.lane,
        "kind": when.kind,
        "preset": when.preset,
        "preference": when.preference,
        "priority": when.priority,
        "state": when.state,
        "weekday": when.weekday,
    }
    some_of = {"groups": when.group, "languages": when.language, "code": when.code, "media": when.media}
    return (
        all(not wanted or known[name] in wanted for name, wanted in one_of.items())
        and all(not wanted or bool(set(known[name]) & set(wanted)) for name, wanted in some_of.items())
        and when.prompt_tokens.holds(signals.prompt_tokens)
        and when.words.holds(signals.words)
        and when.complexity.holds(signals.complexity)
        and when.uses_tools in (None, signals.uses_tools)
        and (when.time is None or _within(when.time, _local(signals.at, zone)))
        and (when.expression is None or evaluated(when.expression, known))
    )


def _within(hours: str, now: datetime | None) -> bool:
    if now is None:
        return False
    begin, end = hours_of(hours)
    clock = time(now.hour, now.minute)
    return begin <= clock < end if begin < end else clock >= begin or clock < end
