"""Routing: from signals and candidates to a decision. Plain values in, plain values out."""

from sluice.routing.calibration import Adjustment, Calibration
from sluice.routing.candidate import Candidate
from sluice.routing.complexity import Estimate, complexity, estimate
from sluice.routing.continuity import recognised
from sluice.routing.decide import decide
from sluice.routing.decision import Decision, Previous, Weighed
from sluice.routing.explain import explained
from sluice.routing.policy import Policy, policy_of
from sluice.routing.rules import ruled
from sluice.routing.signals import Signals, facts

__all__ = [
    "Adjustment",
    "Calibration",
    "Candidate",
    "Decision",
    "Estimate",
    "Policy",
    "Previous",
    "Signals",
    "Weighed",
    "complexity",
    "decide",
    "estimate",
    "explained",
    "facts",
    "policy_of",
    "recognised",
    "ruled",
]
