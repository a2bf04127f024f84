"""Upstream: the models themselves, what state they are in, and calls to them."""

from sluice.upstream.client import Delta, Usage, num_ctx, stream
from sluice.upstream.fleet import Fleet, title

__all__ = ["Delta", "Fleet", "Usage", "num_ctx", "stream", "title"]
