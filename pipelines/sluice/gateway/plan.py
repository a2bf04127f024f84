"""What is decided for a call before any model is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sluice import chat
from sluice.chat import Call, Piece
from sluice.config import Config, Deployment
from sluice.errors import UpstreamError
from sluice.identity import Caller
from sluice.routing import Candidate, Decision, Signals, complexity

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
    names_caller: bool


def hear(call: Call, caller: Caller) -> Heard:
    """Read a call for guard and routing."""
    pieces = chat.pieces(call)
    return Heard(pieces, signals_of(call, caller), _names(caller, pieces))


def signals_of(call: Call, caller: Caller) -> Signals:
    """Read from a call what routing may know; what confines it is found out later."""
    schema = call.parameters.get("response_format")
    return Signals(
        lane=lane_of(call),
        prompt_tokens=chat.prompt_tokens(call.messages, [*call.tools, *([schema] if schema else ())]),
        complexity=complexity(chat.bare_question(call)),
        answer_tokens=call.answer_tokens,
        media=chat.media_kinds(call),
        uses_tools=bool(call.tools),
        wish=chat.wish(call),
        preference=call.intent.preference,
        task=caller.task,
    )


def _names(caller: Caller, pieces: Sequence[Piece]) -> bool:
    """Whether the proven caller's full name or e-mail address stands in what would be sent."""
    words = [word.casefold() for word in (caller.email, caller.name if " " in caller.name else "") if word]
    return bool(words) and any(word in piece.text.casefold() for piece in pieces for word in words)


def status_line(plan: Plan, candidate: Candidate, failures: Sequence[UpstreamError]) -> str:
    """Where the answer comes from and why, such as `Local · qwen3:8b · private`."""
    return _joined(candidate.location.capitalize(), candidate.title, note_of(plan, failures))


def note_of(plan: Plan, failures: Sequence[UpstreamError]) -> str:
    """Only why: what put the call where it is, and which models failed before."""
    failed = f"after: {failures[-1]}" if failures else ""
    return _joined(plan.decision.note, failed, plan.remark)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
