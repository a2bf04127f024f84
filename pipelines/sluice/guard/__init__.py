"""The guard: decides for each call whether it may leave the machine.

It runs inside the gateway, so nothing passes around it, and it fails closed: what it cannot read stays
local. `values` says what comes out, `classes` and `policy` hold the two tables to change. `secrets`, `identifiers`,
`naming` and `documents` recognize, `disguises` undoes what hides a text and `joined` puts together what messages
split; `workers` and `process` keep the heavy work off the event loop, `memory` keeps labels, consents and wrong alarms.
"""

from sluice.guard.classes import CLASS_OF, CLASSES, WHOLE
from sluice.guard.guard import Guard
from sluice.guard.memory import Alarm, Conversation, Memory
from sluice.guard.policy import OBSERVED, PRIVATE, Policy, Rule, Terms, default_policy, policy_of
from sluice.guard.values import Ask, Detector, Dictionary, Finding, ModelMissing, Verdict, report
from sluice.guard.workers import default_detector

__all__ = [
    "CLASSES",
    "CLASS_OF",
    "OBSERVED",
    "PRIVATE",
    "WHOLE",
    "Alarm",
    "Ask",
    "Conversation",
    "Detector",
    "Dictionary",
    "Finding",
    "Guard",
    "Memory",
    "ModelMissing",
    "Policy",
    "Rule",
    "Terms",
    "Verdict",
    "default_detector",
    "default_policy",
    "policy_of",
    "report",
]
