"""Upstream: the models themselves, what state they are in, and calls to them."""

from sluice.upstream.client import Delta, Usage, num_ctx, stream
from sluice.upstream.fleet import Fleet
from sluice.upstream.line import Impatient, Line, Place, Rank
from sluice.upstream.naming import title
from sluice.upstream.retries import pause

__all__ = ["Delta", "Fleet", "Impatient", "Line", "Place", "Rank", "Usage", "num_ctx", "pause", "stream", "title"]
