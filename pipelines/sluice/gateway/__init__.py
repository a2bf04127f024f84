"""The core: one call through the stages in order."""

from sluice.gateway.core import Gateway, Records
from sluice.gateway.events import End, Event, Status
from sluice.gateway.leaving import Exit, Leaving
from sluice.gateway.plan import PREFIX, Plan, lane_of, signals_of

__all__ = ["PREFIX", "End", "Event", "Exit", "Gateway", "Leaving", "Plan", "Records", "Status", "lane_of", "signals_of"]
