"""Find the people, places and organisations that a text names."""

from sluice.guard.naming.names import Names

__all__ = ["Names"]
