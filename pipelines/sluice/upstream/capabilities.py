"""What a model can do: as configured, else as its server says, else as LiteLLM's map says."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluice.config import Deployment
from sluice.upstream.quiet_litellm import litellm

LOCAL_WINDOW = 8192
CLOUD_WINDOW = 128_000
MEDIA = {"audio": "supports_audio_input", "video": "supports_video_input", "file": "supports_pdf_input"}


@dataclass(frozen=True, slots=True)
class Capabilities:
    """`window` is in tokens, prompt and answer together; None where a source does not say."""

    window: int | None = None
    sees_images: bool | None = None
    calls_tools: bool | None = None
    reads: frozenset[str] = frozenset()  # other media: audio, video, file


def configured(deployment: Deployment) -> Capabilities:
    """From `model_info` in sluice.yaml."""
    return _from_info(deployment.info)


def listed(deployment: Deployment) -> Capabilities:
    """From LiteLLM's map of cloud models. Empty for a model it does not know."""
    known: Mapping[str, Any] = litellm().model_cost
    bare = deployment.model.split("/", 1)[-1]
    return _from_info(known.get(deployment.model) or known.get(bare) or {})


def shown_by_ollama(shown: Mapping[str, Any]) -> Capabilities:
    """From Ollama's answer to /api/show."""
    abilities = shown.get("capabilities")
    info = shown.get("model_info") or {}
    windows = [value for key, value in info.items() if key.endswith(".context_length") and isinstance(value, int)]
    return Capabilities(
        window=windows[0] if windows else None,
        sees_images="vision" in abilities if isinstance(abilities, list) else None,
        calls_tools="tools" in abilities if isinstance(abilities, list) else None,
    )


def first_known(*sources: Capabilities) -> Capabilities:
    """Merge, the earlier source winning."""
    return Capabilities(
        window=next((s.window for s in sources if s.window is not None), None),
        sees_images=next((s.sees_images for s in sources if s.sees_images is not None), None),
        calls_tools=next((s.calls_tools for s in sources if s.calls_tools is not None), None),
        reads=frozenset().union(*(s.reads for s in sources)),
    )


def _from_info(info: Mapping[str, Any]) -> Capabilities:
    window = info.get("max_input_tokens") or info.get("max_tokens")
    return Capabilities(
        window=int(window) if isinstance(window, int | float) else None,
        sees_images=info.get("supports_vision"),
        calls_tools=info.get("supports_function_calling"),
        reads=frozenset(kind for kind, key in MEDIA.items() if info.get(key)),
    )
