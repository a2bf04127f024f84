"""How likely the local model is to fall short of the cloud model, from the person's bare words."""

from sluice.routing.complexity.estimate import Basis, Estimate, complexity, estimate

__all__ = ["Basis", "Estimate", "complexity", "estimate"]
