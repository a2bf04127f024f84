"""Find what in Open WebUI's settings would carry text past the gateway to somewhere outside."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sluice.upstream.address import host_of, literal_is_private

# Names that no public registry hands out.
LOCAL_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


@dataclass(frozen=True, slots=True)
class Engine:
    """A choice of engine: values that stay on the machine, and settings that hold the address of others."""

    name: str
    key: str
    local: frozenset[str]
    addresses: Mapping[str, str]
    fallback: str = ""


ENGINES = (
    Engine("embeddings", "rag.embedding_engine", frozenset({""}),
           {"openai": "rag.openai.api_base_url", "ollama": "rag.ollama.base_url"}),
    Engine("reranking", "rag.reranking_engine", frozenset({""}), {"external": "rag.external_reranker_url"}),
    Engine("text extraction from files", "rag.content_extraction_engine", frozenset({""}),
           {"tika": "rag.tika_server_url", "docling": "rag.docling_server_url",
            "external": "rag.external_document_loader_url", "mineru": "rag.mineru_api_url",
            "paddleocr_vl": "rag.paddleocr_vl_base_url"}),
    Engine("reading of web pages", "web.loader.engine", frozenset({"", "safe_web"}),
           {"playwright": "web.loader.playwright_ws_url", "external": "web.loader.external_web_loader_url",
            "firecrawl": "web.loader.firecrawl_api_url"}),
    Engine("speech to text", "audio.stt.engine", frozenset({""}),
           {"openai": "audio.stt.openai.api_base_url"}),
    Engine("text to speech", "audio.tts.engine", frozenset({"", "transformers"}),
           {"openai": "audio.tts.openai.api_base_url"}),
    Engine("code execution", "code_execution.engine", frozenset({"", "pyodide"}),
           {"jupyter": "code_execution.jupyter.url"}, fallback="pyodide"),
    Engine("the code interpreter", "code_interpreter.engine", frozenset({"", "pyodide"}),
           {"jupyter": "code_interpreter.jupyter.url"}, fallback="pyodide"),
)  # fmt: skip

SERVER_LISTS = {
    "tool_server.connections": "the tool server",
    "terminal_server.connections": "the terminal server",
}


def is_local(url: str, accepted: Collection[str] = ()) -> bool:
    """Tell whether an address stays on this machine or network; what cannot be told counts as outside.

    Names are judged as they are written: asking a resolver would make the answer depend on the network.
    """
    host = host_of(url if "//" in url else f"//{url}").rstrip(".")
    if not host:
        return False
    if host in accepted:
        return True
    literal = literal_is_private(host)
    if literal is not None:
        return literal
    # A name without a dot is a container beside us; it cannot be a public one.
    return "." not in host or host.endswith(LOCAL_ENDINGS)


def outside_engines(config: Mapping[str, Any], local: Callable[[str], bool]) -> list[tuple[Engine, str]]:
    """Return each engine that sends text outside, with where it goes."""
    found = []
    for engine in ENGINES:
        chosen = str(config.get(engine.key) or "")
        if chosen in engine.local:
            continue
        address = str(config.get(engine.addresses.get(chosen, "")) or "")
        if not local(address):
            found.append((engine, address or chosen))
    return found


def outside_servers(config: Mapping[str, Any], local: Callable[[str], bool]) -> list[str]:
    """Return a sentence for each outside server that only an admin can judge."""
    found = []
    for key, name in SERVER_LISTS.items():
        for entry in config.get(key) or []:
            switched_on = (entry.get("config") or {}).get("enable", entry.get("enabled", True))
            if switched_on and not local(str(entry.get("url", ""))):
                found.append(f"{name} at {entry.get('url')} is outside: what a model sends it is not guarded.")
    if (hook := config.get("webhook_url")) and not local(str(hook)):
        found.append("the webhook of Open WebUI posts to an outside address.")
    return found
