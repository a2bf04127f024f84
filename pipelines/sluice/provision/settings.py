"""Where Open WebUI, the gateway and our files are, read from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sluice.config.references import Unset, from_environment
from sluice.provision.errors import ProvisionError

EMBEDDING_VARIABLES = {
    "rag.embedding_engine": "RAG_EMBEDDING_ENGINE",
    "rag.embedding_model": "RAG_EMBEDDING_MODEL",
    "rag.openai.api_base_url": "RAG_OPENAI_API_BASE_URL",
    "rag.ollama.base_url": "RAG_OLLAMA_BASE_URL",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """All that provisioning needs; the two secrets are left out of its `repr`."""

    webui_url: str
    gateway_url: str
    admin_email: str
    admin_password: str = field(repr=False)
    gateway_key: str = field(repr=False)
    presets: Path
    functions: Path
    embedding: Mapping[str, str] = field(default_factory=dict)


def from_environ(environ: Mapping[str, str]) -> Settings:
    """Read the settings, and name every one that is missing at once."""
    missing: list[str] = []

    def needed(name: str) -> str:
        value = from_environment(name, environ)
        if isinstance(value, Unset):
            missing.append(value.why)
            return ""
        return value

    settings = Settings(
        webui_url=needed("SLUICE_WEBUI_URL").rstrip("/"),
        gateway_url=needed("SLUICE_GATEWAY_URL").rstrip("/"),
        admin_email=needed("SLUICE_ADMIN_EMAIL"),
        admin_password=needed("SLUICE_ADMIN_PASSWORD"),
        gateway_key=needed("SLUICE_KEY"),
        presets=Path(environ.get("SLUICE_PRESETS") or "presets"),
        functions=Path(environ.get("SLUICE_FUNCTIONS") or "functions"),
        embedding={key: environ[name] for key, name in EMBEDDING_VARIABLES.items() if environ.get(name) is not None},
    )
    if missing:
        raise ProvisionError(f"Provisioning cannot start: {'; '.join(missing)}. `./scripts/up` sets all of them.")
    return settings
