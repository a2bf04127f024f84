"""Route calls as the gateway does, on a workstation with the whole ladder, and remember what answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sluice.chat import Call, branch
from sluice.config.schema import Role, Routing
from sluice.gateway.plan import signals_of
from sluice.identity import Caller
from sluice.routing import Candidate, Decision, Policy, Previous, Signals, decide, policy_of, recognised
from sluice.routing.ladder import rung_of

from tests.bench.routing.cases import Case
from tests.bench.routing.team_day import Asked

# As compose/sluice.yaml has them, with a long and a vision model beside, all up. Prices as listed for such models.
LADDER = (
    Candidate("qwen3-8b", "qwen3:8b", "local", ("standard",), window=32_768),
    Candidate("llama3.2-3b", "llama3.2:3b", "local", ("small",), window=32_768),
    Candidate("qwen2.5-coder-7b", "qwen2.5-coder:7b", "local", ("coder",), window=32_768),
    Candidate("qwen2.5-vl-7b", "qwen2.5vl:7b", "local", ("vision",), window=32_768, sees_images=True),
    Candidate("qwen-long", "qwen3:8b-128k", "local", ("long",), window=131_072),
    Candidate(
        "gpt-4.1", "gpt-4.1", "cloud", ("cloud",), window=1_000_000, sees_images=True, input_price=2.0, output_price=8.0
    ),
    Candidate(
        "claude-sonnet", "claude-sonnet-5-5", "cloud", ("frontier", "cloud"), window=200_000, sees_images=True,
        input_price=3.0, output_price=15.0,
    ),
)  # fmt: skip
PERSON = Caller(user="u", chat="c", message="m")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def default_policy() -> Policy:
    """What a workstation routes by where nobody set anything."""
    return policy_of(Routing(), Routing().auto_threshold)


def signals(call: Call, *, confined: bool = False, task: str = "", at: datetime = NOON) -> Signals:
    """The signals of a call, as the gateway reads them."""
    heard = signals_of(call, replace(PERSON, task=task))
    why = ("personal data (1)",) if confined else ()
    return replace(heard, turn=branch(call, b"salt"), at=at, confined=why)


def decided(case: Case, policy: Policy) -> tuple[Role, Decision]:
    """The rung that a labelled question is answered on, and the decision."""
    read = signals(case.call(), confined=case.confined)
    previous = _previous(case, read)
    decision = decide(recognised(read, previous), LADDER, policy, previous)
    return rung(decision), decision


def replayed(calls: Sequence[Asked], policy: Policy) -> Iterator[tuple[Asked, Decision]]:
    """Each call of a day with its decision, in order; every chat remembers what answered."""
    last: dict[tuple[str, str], Previous] = {}
    for number, asked in enumerate(calls):
        key = (asked.chat, asked.case.lane)
        read = replace(
            signals(asked.case.call(), confined=asked.case.confined, task=asked.task, at=asked.at),
            message=f"m-{number}",
            groups=frozenset({asked.group}),
        )
        previous = None if asked.task else last.get(key)
        decision = decide(recognised(read, previous), LADDER, policy, previous)
        if not asked.task:
            escalated = decision.change == "escalated" or (
                previous is not None and previous.escalated and decision.change == "stayed"
            )
            last[key] = Previous(
                decision.model,
                decision.location,
                rung(decision),
                read.complexity,
                read.turn,
                read.message,
                escalated,
                preset=read.preset,
            )
        yield asked, decision


def rung(decision: Decision) -> Role:
    """The rung on which the chosen model stands."""
    chosen = next(candidate for candidate in LADDER if candidate.name == decision.model)
    return rung_of(chosen, decision.rung)


def _previous(case: Case, read: Signals) -> Previous | None:
    if not case.before:
        return None
    model = next(candidate for candidate in LADDER if case.before in candidate.roles)
    turn = read.turn if case.regenerated else "before"
    return Previous(model.name, model.location, case.before, 0.5, turn, "m-before", preset=read.preset)
