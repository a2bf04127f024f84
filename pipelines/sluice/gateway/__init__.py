"""The core: one call through the stages in order."""

from sluice.gateway.core import Gateway
from sluice.gateway.events import End, Event, Status
from sluice.gateway.plan import PREFIX, Plan, lane_of, signals_of

__all__ = ["PREFIX", "End", "Event", "Gateway", "Plan", "Status", "lane_of", "signals_of"]
