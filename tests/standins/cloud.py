"""A cloud on loopback that speaks OpenAI's and Anthropic's chat APIs."""

from __future__ import annotations

from tests.standins import anthropic_api, openai_api
from tests.standins.record import Received
from tests.standins.serving import Standin, Wire, main

OPENAI_MODELS = ("gpt-4.1", "gpt-4.1-mini", "gpt-4o")
ANTHROPIC_MODELS = ("claude-sonnet-4-5", "claude-haiku-4-5")


class Cloud(Standin):
    """Both providers on one port: `openai_base` and `anthropic_base` are what clients are pointed to."""

    key = "standin-cloud-key"

    @property
    def openai_base(self) -> str:
        return f"{self.url}/v1"

    @property
    def anthropic_base(self) -> str:
        return self.url

    async def respond(self, received: Received, wire: Wire) -> None:
        path = received.path.partition("?")[0].removeprefix("/v1")
        if received.method == "GET" and path == "/models":
            await wire.json(200, openai_api.model_list(OPENAI_MODELS + ANTHROPIC_MODELS))
        elif received.method == "POST" and path == "/chat/completions":
            await openai_api.respond(received, wire, self.script)
        elif received.method == "POST" and path == "/messages":
            await anthropic_api.respond(received, wire, self.script)
        else:
            await wire.json(404, {"error": {"message": f"Unknown request URL: {path}", "type": "not_found"}})


if __name__ == "__main__":
    main(Cloud, "A stand-in for the OpenAI and Anthropic APIs that records what it receives.")
