"""Routing: from signals and candidates to a decision. Plain values in, plain values out."""

from sluice.routing.calibration import Adjustment, Calibration
from sluice.routing.candidate import Candidate
from sluice.routing.complexity import complexity
from sluice.routing.decide import Decision, Signals, decide

__all__ = ["Adjustment", "Calibration", "Candidate", "Decision", "Signals", "complexity", "decide"]
