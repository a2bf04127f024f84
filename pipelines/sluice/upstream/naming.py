"""Name a model as people know it."""

from sluice.config import Deployment


def title(deployment: Deployment) -> str:
    """The model's own name, without the provider."""
    return deployment.model.split("/")[-1]
