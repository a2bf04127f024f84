"""LiteLLM's first call imports much and its clients outlive a test: warm it once, close after each."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sluice.upstream import quiet_litellm

from tests.standins.cloud import Cloud


@pytest.fixture(scope="session", autouse=True)
def _warm_litellm() -> None:
    async def call(base: str) -> None:
        module = quiet_litellm.litellm()
        for model, url in (("openai/gpt-4.1", f"{base}/v1"), ("anthropic/claude-sonnet-5-5", base)):
            answer = await module.acompletion(
                model=model, api_base=url, api_key="k", stream=True, messages=[{"role": "user", "content": "hi"}]
            )
            async for _ in answer:
                pass
        await quiet_litellm.close()

    with Cloud() as cloud:
        asyncio.run(call(cloud.url))


@pytest.fixture(autouse=True)
async def _close_litellm() -> AsyncIterator[None]:
    yield
    await quiet_litellm.close()
