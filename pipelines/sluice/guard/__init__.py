"""The guard: decides for each call whether it may leave the machine.

It runs inside the gateway, so nothing passes around it, and it fails closed: what it cannot read stays
local. `values` says what comes out, `classes` and `policy` hold the two tables to change, `secrets`,
`patterns` and `names` recognize, `workers` keeps the heavy work off the event loop.
"""

from sluice.guard.classes import CLASS_OF, CLASSES
from sluice.guard.guard import Guard
from sluice.guard.policy import default_policy
from sluice.guard.values import Detector, Finding, ModelMissing, Verdict, report
from sluice.guard.workers import default_detector

__all__ = [
    "CLASSES",
    "CLASS_OF",
    "Detector",
    "Finding",
    "Guard",
    "ModelMissing",
    "Verdict",
    "default_detector",
    "default_policy",
    "report",
]
