"""Import LiteLLM so that it is silent and stays on the machine: no price download, no telemetry, no hub."""

import logging
import os
from collections.abc import Iterable
from functools import cache
from typing import Any

# Read by LiteLLM at import and later: without the first two, lists of prices and of Anthropic's headers are fetched.
ENVIRONMENT = {
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
    "LITELLM_LOG": "CRITICAL",
    "LITELLM_MODE": "PRODUCTION",
}


@cache
def litellm() -> Any:
    """The module, imported once and configured. The import takes seconds, so it waits until it is needed."""
    os.environ.update(ENVIRONMENT)
    import litellm as module

    module.telemetry = False
    module.suppress_debug_info = True
    module.set_verbose = False
    module.drop_params = True
    module.turn_off_message_logging = True
    module.disable_hf_tokenizer_download = True
    module.num_retries = 0
    module.disable_end_user_cost_tracking = True
    _ask_no_ollama()
    for name in ("LiteLLM", "LiteLLM Proxy", "LiteLLM Router", "litellm"):
        logger = logging.getLogger(name)
        # Its debug lines hold whole requests: no level of the root logger may bring them back.
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
        logger.setLevel(logging.CRITICAL + 1)
        logger.disabled = True
    return module


def keep_off_proxies(hosts: Iterable[str]) -> None:
    """Have calls to these hosts, and to this machine, never go through a proxy of the environment."""
    wanted = {"localhost", "127.0.0.1", "::1", *hosts}
    known = {host for name in ("NO_PROXY", "no_proxy") for host in os.environ.get(name, "").split(",") if host}
    for name in ("NO_PROXY", "no_proxy"):
        os.environ[name] = ",".join(sorted(known | wanted))
    if not wanted <= known and litellm.cache_info().currsize:
        # Its clients read the environment when they are made.
        litellm().in_memory_llm_clients_cache.flush_cache()


def _ask_no_ollama() -> None:
    """For every call to an Ollama model LiteLLM would ask http://localhost:11434, wherever the model is."""
    from litellm.llms.ollama.common_utils import OllamaModelInfo

    OllamaModelInfo.get_model_info = lambda *_, **__: None


async def close() -> None:
    """Close the connections that LiteLLM keeps open."""
    if litellm.cache_info().currsize:
        await litellm().close_litellm_async_clients()
        litellm().in_memory_llm_clients_cache.flush_cache()
