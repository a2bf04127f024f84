"""Who takes no connection is found out at once, and nobody is called unreachable who is not."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from sluice.config import Deployment, parse
from sluice.errors import UpstreamError
from sluice.upstream import Delta
from sluice.upstream.reach import Reach

from tests.conftest import unused_port
from tests.standins.cloud import Cloud


def of_openai(base: str = "") -> Deployment:
    where = f", api_base: '{base}'" if base else ""
    text = f"model_list: [{{model_name: m, litellm_params: {{model: openai/gpt-4.1, api_key: k{where}}}}}]"
    return parse(text, Path("sluice.yaml"), {}).deployments[0]


async def thinking(seconds: float) -> AsyncGenerator[Delta, None]:
    """An answer that takes its time, as from a model that thinks or a connection that nobody takes."""
    await asyncio.sleep(seconds)
    yield Delta(content="Four.")
    yield Delta(finish_reason="stop")


async def read(deployment: Deployment, seconds: float) -> str:
    watched = Reach().watched(thinking(seconds), deployment, "gpt-4.1", seconds=5)
    return "".join([delta.content async for delta in watched])


async def test_a_server_that_takes_no_connection_is_unreachable_before_any_limit_of_the_call() -> None:
    with pytest.raises(UpstreamError) as caught:
        await asyncio.wait_for(read(of_openai(f"http://127.0.0.1:{unused_port()}/v1"), 60), 20)

    assert caught.value.kind == "unreachable"


async def test_a_model_that_thinks_for_long_is_waited_for(cloud: Cloud) -> None:
    assert await read(of_openai(cloud.openai_base), 0.3) == "Four."


async def test_an_address_of_the_environment_is_the_one_that_is_tried(
    cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_BASE", cloud.openai_base)

    assert await read(of_openai(), 0.3) == "Four."


async def test_behind_a_proxy_nobody_is_tried_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")

    assert await read(of_openai("https://provider.example/v1"), 0.1) == "Four."
