"""Route a call that was judged: the signals of this moment, the models as they are, the rules in force."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from sluice.config import Deployment
from sluice.config.accounting import Price
from sluice.errors import Refused
from sluice.gateway.conversations import Conversations
from sluice.gateway.judgement import Considered, Judgement
from sluice.gateway.plan import Plan
from sluice.guard import PRIVATE, Verdict
from sluice.ledger.prices import priced, quote
from sluice.routing import Calibration, Candidate, Policy, Signals, decide, policy_of, ruled
from sluice.routing.calibration import threshold_in_force
from sluice.switches import Switches
from sluice.upstream import Fleet


class Router:
    """Makes plans. One for the process, since it remembers what answered in each conversation."""

    def __init__(
        self,
        fleet: Fleet,
        switches: Callable[[], Switches],
        calibration: Callable[[], Calibration] = Calibration,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._fleet = fleet
        self._switches = switches
        self._calibration = calibration
        self._now = now
        self.conversations = Conversations()

    def route(self, considered: Considered, judged: Judgement, candidates: Sequence[Candidate] | None) -> Plan:
        """Return the plan for a call. Raises Refused where policy blocks it, and what `decide` raises."""
        if judged.verdict.action == "block":
            raise Refused(_refusal(judged.verdict))
        signals = self._signals(considered, judged)
        # Taken together, after the last wait: a reload in between leaves no model without its deployment.
        deployments = {deployment.name: deployment for deployment in self._fleet.deployments}
        seen = self._fleet.candidates() if candidates is None else candidates
        today, prices = self._now().date(), considered.config.prices
        known = {
            candidate.name: _with_price(candidate, deployments[candidate.name], prices, today)
            for candidate in seen
            if candidate.name in deployments
        }
        previous = self.conversations.previous(considered.caller, signals.lane)
        decision = decide(signals, tuple(known.values()), self._policy(considered), previous)
        chain = tuple((deployments[name], known[name]) for name in decision.chain)
        return Plan(
            considered.call,
            considered.caller,
            considered.config,
            signals,
            decision,
            chain,
            judged.remark,
            judged.verdict,
            judged.terms.target,
            policy=judged.policy,
            keeps=judged.keeps,
        )

    def keeps(self, considered: Considered) -> frozenset[str]:
        """Labels for the branch of the chat: what a rule keeps for what it is about may not leave later either."""
        policy = self._policy(considered)
        says = ruled(policy.rules, self._signals(considered, considered.judged), policy.zone)
        return frozenset({PRIVATE}) if says.keeps else frozenset()

    def _signals(self, considered: Considered, judged: Judgement) -> Signals:
        heard = considered.heard.signals
        signals = replace(
            heard,
            at=self._now(),
            confined=judged.confined,
            masks=judged.masks,
            complexity=self._calibration().adjusted(heard.complexity, heard.task_kind),
            estimate=heard.complexity,
        )
        return self.conversations.recognised(signals, considered.caller)

    def _policy(self, considered: Considered) -> Policy:
        routing, valve = considered.config.routing, self._switches().auto_threshold
        threshold = threshold_in_force(valve, routing.chosen_threshold, self._calibration(), routing.auto_threshold)
        return policy_of(routing, threshold)


def _with_price(candidate: Candidate, deployment: Deployment, overrides: Mapping[str, Price], today: date) -> Candidate:
    """The candidate with what it costs, where that is known; a model of this machine costs nothing by the token."""
    quoted = quote(priced(deployment), candidate.location, overrides, today)
    if quoted is None:
        return candidate
    return replace(
        candidate, input_price=float(quoted.input_per_million), output_price=float(quoted.output_per_million)
    )


def _refusal(verdict: Verdict) -> str:
    found = ", ".join(verdict.reasons)
    return f"This was not sent to any model, because policy blocks it: {found}. Remove that and try again."
