"""Learn from use: where calls went, what people made of the answers, and what a change would have moved."""

from sluice.learning.evidence import evidence
from sluice.learning.moves import Move, Rule, moves
from sluice.learning.past import Past, past_calls
from sluice.learning.threshold import TooShort, threshold_for

__all__ = ["Move", "Past", "Rule", "TooShort", "evidence", "moves", "past_calls", "threshold_for"]
