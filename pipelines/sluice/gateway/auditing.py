"""Say what was decided, without a word of any text: entries for the audit log."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from sluice import chat
from sluice.audit import Entry
from sluice.chat import Call
from sluice.config import Config
from sluice.config.schema import LANES
from sluice.errors import Refused, SluiceError
from sluice.gateway.judgement import Considered
from sluice.gateway.plan import Plan
from sluice.guard import Verdict
from sluice.guard.asks import DOUBTED, DOUBTFUL
from sluice.identity import Caller
from sluice.routing import Candidate


def entry_of(plan: Plan, candidate: Candidate) -> Entry:
    """Return the audit entry of a call that this model is about to get."""
    leaving = plan.leaving if candidate.location == "cloud" else None
    return replace(
        _begun(plan.caller, plan.verdict),
        kind=kind_of(plan.call, plan.caller),
        lane=plan.signals.lane,
        masked=leaving.masked if leaving else 0,
        target=plan.target,
        location=candidate.location,
        model=candidate.name,
        policy=plan.policy,
        reasons=(*plan.decision.reasons, *((plan.remark,) if plan.remark else ())),
    )


def refusal_entry(considered: Considered, error: SluiceError) -> Entry:
    """Return the audit entry of a call that no model gets."""
    judged = considered.judged
    blocked = isinstance(error, Refused)
    return replace(
        _begun(considered.caller, judged.verdict),
        kind=kind_of(considered.call, considered.caller),
        lane=known_lane(considered.heard.signals.lane, considered.config),
        target=judged.terms.target,
        policy=judged.policy,
        reasons=judged.verdict.reasons if blocked else (*judged.confined, error.code.replace("_", " ")),
    )


def consent_entry(caller: Caller, lane: str, asks: Sequence[str], *, given: bool) -> Entry:
    """Return the audit entry of a person's answer to an ask."""
    return Entry(
        user=caller.user or "",
        chat=caller.chat,
        message=caller.message,
        event="consent",
        lane=lane,
        counts=Counter(DOUBTFUL if ask.startswith(DOUBTED) else "document" for ask in asks),
        action="masked" if given else "local",
        target="picked",
    )


def alarm_entry(admin: Caller, mark: str, state: str) -> Entry:
    """Return the audit entry of an admin's answer to a wrong alarm; the mark is a salted hash."""
    return Entry(user=admin.user or "", event="alarm", action=state, detail={"mark": mark})


def kind_of(call: Call, caller: Caller) -> str:
    """What a call is for: a background task's name, a tool round, a chat, the API, or a batch that can wait."""
    if caller.task:
        return caller.task
    if chat.is_tool_round(call):
        return "tool round"
    if caller.message:
        return "chat"
    return "batch" if call.priority == "low" else "api"


def _begun(caller: Caller, verdict: Verdict) -> Entry:
    return Entry(
        user=caller.user or "",
        chat=caller.chat,
        message=caller.message,
        counts=verdict.counts,
        weak=verdict.weak,
        action=verdict.action,
    )


def known_lane(lane: str, config: Config) -> str:
    """A lane that does not exist is whatever the caller wrote, and no text comes into logs and traces."""
    names = {deployment.name for deployment in config.deployments}
    return lane if lane in LANES or lane in names else ""
