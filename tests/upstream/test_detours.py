"""A call goes to the server that was looked at, and to no other: no proxy, no default server, no foreign key."""

from pathlib import Path
from typing import Any

import pytest
from sluice.config import Deployment, parse
from sluice.config.schema import Routing
from sluice.errors import ConfigError
from sluice.upstream import Fleet, stream

from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama

ASK = [{"role": "user", "content": "Hello there"}]
LOCAL = "model_list: [{{model_name: m, litellm_params: {{model: {model}, api_base: '{base}'}}, model_info: {info}}}]"


def fleet_of(model: str, base: str, info: str = "{location: local, trusted_local: true}") -> tuple[Fleet, Deployment]:
    config = parse(LOCAL.format(model=model, base=base, info=info), Path("sluice.yaml"), {})
    return Fleet(config), config.deployments[0]


@pytest.mark.parametrize("model", ["ollama_chat/qwen3:8b", "openai/local-one"])
async def test_a_proxy_of_the_environment_sees_no_local_call(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud, ollama: Ollama, model: str
) -> None:
    with Cloud() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "intranet.example")
        base = ollama.url if model.startswith("ollama") else cloud.openai_base
        _, deployment = fleet_of(model, base)

        deltas = [delta async for delta in stream(deployment, ASK, {}, Routing())]

        assert "".join(delta.content for delta in deltas)
        assert proxy.record.requests == []


async def test_a_call_to_ollama_asks_its_own_server_only(monkeypatch: pytest.MonkeyPatch, ollama: Ollama) -> None:
    with Ollama() as default:
        monkeypatch.setenv("OLLAMA_API_BASE", default.url)
        _, deployment = fleet_of("ollama_chat/qwen3:8b", ollama.url)

        assert [delta async for delta in stream(deployment, ASK, {}, Routing())]

        assert default.record.requests == []
        assert [request.path for request in ollama.record.requests] == ["/api/chat"]


async def test_the_key_of_a_provider_is_not_shown_to_another_server(
    monkeypatch: pytest.MonkeyPatch, cloud: Cloud
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary")
    _, deployment = fleet_of("openai/other", cloud.openai_base, info="{location: cloud}")

    assert [delta async for delta in stream(deployment, ASK, {}, Routing())]

    assert "sk-canary" not in cloud.record.text()


@pytest.mark.parametrize("key", ["base_url", "fallbacks", "custom_llm_provider", "context_window_fallback_dict"])
def test_a_parameter_that_leads_elsewhere_is_an_error(key: str) -> None:
    text = f"model_list: [{{model_name: m, litellm_params: {{model: ollama_chat/q, {key}: x}}}}]"

    with pytest.raises(ConfigError, match=f"`{key}` would send calls elsewhere"):
        parse(text, Path("sluice.yaml"), {})


async def test_limits_on_the_answer_become_one(cloud: Cloud) -> None:
    text = LOCAL.format(model="openai/x", base=cloud.openai_base, info="{}").replace(
        "api_base", "max_tokens: 9, api_base"
    )
    deployment = parse(text, Path("sluice.yaml"), {}).deployments[0]

    parameters: dict[str, Any] = {"max_completion_tokens": 5}
    assert [delta async for delta in stream(deployment, ASK, parameters, Routing())]

    sent = cloud.record.chats()[0].json
    assert (sent.get("max_tokens"), sent.get("max_completion_tokens")) == (5, None)
