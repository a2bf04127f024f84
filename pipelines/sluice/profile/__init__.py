"""Profile the team's own local models: graded questions, the rules that grade answers, what came out."""

from sluice.profile.grading import passes
from sluice.profile.items import Item, items
from sluice.profile.results import Result, Results

__all__ = ["Item", "Result", "Results", "items", "passes"]
