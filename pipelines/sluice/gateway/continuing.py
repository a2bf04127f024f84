"""Ask another model to go on where one broke off, under the same rules for what may leave."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sluice import chat
from sluice.chat import Call
from sluice.config.schema import Location
from sluice.errors import StaysLocal, UpstreamError
from sluice.gateway.judgement import Judge, policy_in_force
from sluice.gateway.leaving import Exit
from sluice.gateway.plan import Plan

GO_ON = (
    "Your last message was cut off by a technical fault. Continue it from exactly where it stops, in the same "
    "language, tone and format. Begin with the very next word. Do not repeat anything of it, do not start over, and "
    "do not mention the interruption."
)
LIMITS = ("max_tokens", "max_completion_tokens")


class Continuing:
    """Turns the plan of a call into that of its continuation."""

    def __init__(self, judge: Judge, exit: Exit) -> None:
        self._judge = judge
        self._exit = exit

    async def plan(self, plan: Plan, said: str, location: Location) -> Plan:
        """Return a plan under which a model there goes on after `said`, the real text that the person has seen.

        What one model said may hold what was never judged, so it leaves the machine only after the guard has read it,
        and masked as the call is. Raises UpstreamError where it may not leave.
        """
        call = _with_answer(plan.call, said)
        tokens = plan.signals.prompt_tokens + chat.text_tokens(said) + chat.text_tokens(GO_ON)
        plan = replace(plan, signals=replace(plan.signals, prompt_tokens=tokens))
        if location == "local":
            return replace(plan, call=_asking(call))
        return await self._leaving(plan, call)

    async def _leaving(self, plan: Plan, call: Call) -> Plan:
        considered = await self._judge.consider(call, plan.caller)
        judged = considered.judged
        if judged.confined or judged.verdict.action == "block":
            raise _stays(", ".join(judged.confined or judged.verdict.reasons))
        if plan.leaving is None and not judged.masks and not considered.heard.signals.media:
            return replace(plan, call=_asking(call), verdict=judged.verdict)
        try:
            leaving = await self._exit.prepare(
                call, plan.caller, judged.terms, policy_in_force(considered), plan.config.privacy
            )
        except StaysLocal as error:
            raise _stays(str(error)) from None
        leaving = replace(leaving, call=_asking(leaving.call))
        return replace(plan, call=_asking(call), leaving=leaving, verdict=judged.verdict)


def _with_answer(call: Call, said: str) -> Call:
    """The call with the answer so far, and with what is left of the caller's limit."""
    parameters = {key: value for key, value in call.parameters.items() if key != "response_format"}
    spent = chat.text_tokens(said)
    left = {key: max(1, parameters[key] - spent) for key in LIMITS if key in parameters}
    messages = (*call.messages, {"role": "assistant", "content": said})
    return replace(call, messages=messages, parameters={**parameters, **left})


def _asking(call: Call) -> Call:
    ask: Mapping[str, Any] = {"role": "user", "content": GO_ON}
    return replace(call, messages=(*call.messages, ask))


def _stays(why: str) -> UpstreamError:
    return UpstreamError(f"What was answered so far stays on this machine: {why}.", status=503, kind="confined")
