"""Open WebUI's own settings: what is always set back, what is a starting point, engines that go outside."""

from collections.abc import Callable, Mapping
from typing import Any

from sluice.provision.changes import Change, Findings
from sluice.provision.files import Wanted
from sluice.provision.merge import merge
from sluice.provision.outside import Engine, outside_engines
from sluice.provision.settings import Settings
from sluice.provision.webui import State, Write

# Open WebUI keeps configuration rows it does not know, so what we wrote last is remembered in its database.
STAMP = "sluice.written"
IMPORT = "/api/v1/configs/import"
EMBEDDING = "rag.embedding_engine"


def plan(state: State, wanted: Wanted, settings: Settings, local: Callable[[str], bool], *, force: bool) -> Findings:
    """Compare the settings; those in `settings:` are enforced, those in `defaults:` an admin may change."""
    enforced = {
        **wanted.switches.settings,
        "task.model.default": wanted.switches.task_model,
        "task.model.external": wanted.switches.task_model,
    }
    defaults = {
        **wanted.switches.defaults,
        "ui.default_models": ",".join(wanted.switches.default_models),
        "ui.model_order_list": [preset.id for preset in wanted.presets],
        "ui.prompt_suggestions": [suggestion.row for suggestion in wanted.switches.suggestions],
    }
    stamp = state.config.get(STAMP) or {}
    merged = merge(enforced | defaults, state.config, stamp, enforced=enforced, unstamped_is_ours=True, force=force)
    changes = [_change(key, state.config, value) for key, value in merged.values.items()]
    changes += _embedding(state.config, settings, local)
    changes += [
        _engine(engine, where) for engine, where in outside_engines(state.config, local) if engine.key != EMBEDDING
    ]
    if dict(merged.stamp) != stamp:
        write = Write("remember what was set", IMPORT, {"config": {STAMP: dict(merged.stamp)}})
        changes.append(Change("settings", "what was set is remembered", (write,)))
    return Findings(tuple(changes), tuple(_kept(key) for key in merged.kept), _chosen_outside(settings, local))


def _change(key: str, config: Mapping[str, Any], value: Any) -> Change:
    write = Write(f"set {key}", IMPORT, {"config": {key: value}})
    return Change("setting", f"{key} was {_shown(config.get(key))}, now {_shown(value)}", (write,))


def _kept(key: str) -> str:
    return f"setting {key}: an admin chose another value (`provision --force` sets ours)"


def _shown(value: Any) -> str:
    text = "empty" if value in (None, "", [], {}) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _embedding(config: Mapping[str, Any], settings: Settings, local: Callable[[str], bool]) -> list[Change]:
    """Follow the environment, which Open WebUI itself reads only once; without it, stay on the machine."""
    went = [where for engine, where in outside_engines(config, local) if engine.key == EMBEDDING]
    wanted = {**({EMBEDDING: ""} if went else {}), **settings.embedding}
    if all((config.get(key) or "") == value for key, value in wanted.items()):
        return []
    words = f"embeddings went outside, to {went[0]}: set back to this machine" if went else "embeddings differed"
    return [Change("engine", words, (_embedding_write({**config, **wanted}),))]


def _chosen_outside(settings: Settings, local: Callable[[str], bool]) -> tuple[str, ...]:
    where = [where for engine, where in outside_engines(settings.embedding, local) if engine.key == EMBEDDING]
    return tuple(f"the environment sends embeddings outside, to {address}." for address in where)


def _engine(engine: Engine, where: str) -> Change:
    if engine.key == "rag.reranking_engine":
        # Only this route also drops the reranking function that is already loaded.
        body = {"RAG_RERANKING_ENGINE": engine.fallback, "RAG_RERANKING_MODEL": ""}
        write = Write("switch reranking off", "/api/v1/retrieval/config/update", body)
    else:
        write = Write(f"change {engine.key}", IMPORT, {"config": {engine.key: engine.fallback}})
    return Change("engine", f"{engine.name} went outside, to {where}: set back to this machine", (write,))


def _embedding_write(config: Mapping[str, Any]) -> Write:
    # Only this route also exchanges the embedding function that is already loaded.
    body = {
        "RAG_EMBEDDING_ENGINE": config.get("rag.embedding_engine") or "",
        "RAG_EMBEDDING_MODEL": config.get("rag.embedding_model") or "",
        "RAG_EMBEDDING_BATCH_SIZE": config.get("rag.embedding_batch_size"),
        "ENABLE_ASYNC_EMBEDDING": config.get("rag.enable_async_embedding"),
        "RAG_EMBEDDING_CONCURRENT_REQUESTS": config.get("rag.embedding_concurrent_requests"),
        "openai_config": {
            "url": config.get("rag.openai.api_base_url"),
            "key": config.get("rag.openai.api_key"),
        },
        "ollama_config": {"url": config.get("rag.ollama.base_url"), "key": config.get("rag.ollama.api_key")},
    }
    return Write("change the embedding engine", "/api/v1/retrieval/embedding/update", body)
