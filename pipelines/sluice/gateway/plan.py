"""What is decided for a call before any model is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from sluice import chat
from sluice.chat import Call, Piece
from sluice.config import Config, Deployment
from sluice.config.schema import Location, Target
from sluice.errors import UpstreamError
from sluice.gateway.leaving import Leaving
from sluice.gateway.own import own_findings
from sluice.guard import Finding, Verdict
from sluice.identity import Caller
from sluice.routing import Candidate, Decision, Signals, complexity
from sluice.words import said, words

PREFIX = "sluice."


@dataclass(frozen=True, slots=True)
class Plan:
    """A call, who makes it, the configuration it is answered under, and what was decided."""

    call: Call
    caller: Caller
    config: Config
    signals: Signals
    decision: Decision
    chain: tuple[tuple[Deployment, Candidate], ...]
    remark: str = ""  # of a switch that lets pass what policy would not: shown with every answer
    verdict: Verdict = field(default_factory=lambda: Verdict("allow"))
    target: Target = "auto"
    leaving: Leaving | None = None  # what the cloud gets in place of the call; None where it gets the call itself
    policy: str = ""  # hash of the policy it was decided by
    keeps: frozenset[str] = frozenset()  # labels for the branch of the chat

    @property
    def leaves(self) -> bool:
        """Whether any model that may be asked is in the cloud."""
        return any(candidate.location == "cloud" for _, candidate in self.chain)


def lane_of(call: Call) -> str:
    """The lane asked for. Intent may replace `auto`, and tighten any lane to `local`; it lifts nothing."""
    lane = call.model.removeprefix(PREFIX)
    wanted = call.intent.lane
    return wanted if wanted and (lane == "auto" or wanted == "local") else lane


@dataclass(frozen=True, slots=True)
class Heard:
    """What the stages need of a call, read once. Long to compute for long texts: best in a thread."""

    pieces: Sequence[Piece]
    signals: Signals
    own: Sequence[Sequence[Finding]]  # for each piece, the caller's own name and address


def hear(call: Call, caller: Caller, public_sources: Sequence[str] = (), salt: bytes = b"") -> Heard:
    """Read a call for guard and routing; `salt` makes the names of turns."""
    pieces = chat.pieces(call, public_sources)
    signals = replace(signals_of(call, caller), turn=chat.branch(call, salt))
    return Heard(pieces, signals, [own_findings(piece.text, caller) for piece in pieces])


def target_of(signals: Signals, cloud: Collection[str]) -> Target:
    """Who chose the cloud: the person, by a lane, by the name of one of these models or by a wish, or the router."""
    picked = signals.lane in ("cloud", "frontier") or signals.lane in cloud
    wished = signals.wish in ("cloud", "frontier") and signals.lane == "auto"
    return "picked" if picked or wished else "auto"


def signals_of(call: Call, caller: Caller) -> Signals:
    """Read from a call what routing may know; what confines it is found out later."""
    question = chat.bare_question(call)
    kind: chat.TaskKind = "task" if caller.task else chat.task_kind(question)
    schema = call.parameters.get("response_format")
    return Signals(
        lane=lane_of(call),
        prompt_tokens=chat.prompt_tokens(call.messages, [*call.tools, *([schema] if schema else ())]),
        complexity=complexity(chat.asked_for(question, kind)),
        answer_tokens=call.answer_tokens,
        history_tokens=chat.history_tokens(call),
        words=chat.word_count(question),
        media=chat.media_kinds(call),
        offers_tools=bool(call.tools),
        uses_tools=chat.uses_tools(call),
        wish=chat.wish(call),
        preference=call.intent.preference,
        priority=call.priority,
        task=caller.task,
        task_kind=kind,
        languages=chat.languages(question),
        code=chat.code_languages(question),
        demand=chat.demand(call, question),
        state=chat.state(call),
        goes_on=chat.goes_on(call),
        preset=call.intent.preset or caller.preset,
        groups=caller.groups,
        message=caller.message,
    )


def status_line(plan: Plan, candidate: Candidate, failures: Sequence[UpstreamError], *, continued: bool = False) -> str:
    """Where the answer comes from and why, such as `Local · qwen3:8b · private`, in the person's language."""
    place = words("Cloud") if candidate.location == "cloud" else words("Local")
    note = note_of(plan, failures, candidate.location, continued=continued)
    return _joined(said(place, plan.call.language), candidate.title, note)


def note_of(plan: Plan, failures: Sequence[UpstreamError], location: Location, *, continued: bool = False) -> str:
    """Only why: what put the call where it is, how it left, and which models failed before, or began the answer."""
    failed = _failed(str(failures[-1]), continued=continued) if failures else ""
    masked = plan.leaving.note if plan.leaving and location == "cloud" else ""
    return _joined(*(said(part, plan.call.language) for part in (plan.decision.note, masked, failed, plan.remark)))


def _failed(failure: str, *, continued: bool) -> str:
    if continued:
        return words("continued after: {failure}", failure=failure)
    return words("after: {failure}", failure=failure)


def reasons_of(plan: Plan) -> list[str]:
    """Every reason of the decision, in the person's language."""
    return [said(reason, plan.call.language) for reason in plan.decision.reasons]


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
