"""What one failure says of other models: those on the same server, those with the same key."""

from pathlib import Path

import pytest
from sluice.config import Deployment, parse
from sluice.config.schema import Routing
from sluice.errors import UpstreamError
from sluice.upstream.circuits import Circuits

MODELS = """\
model_list:
  - {model_name: tiny, litellm_params: {model: "ollama_chat/a", api_base: "http://127.0.0.1:1"}}
  - {model_name: large, litellm_params: {model: "ollama_chat/b", api_base: "http://127.0.0.1:1/"}}
  - {model_name: other, litellm_params: {model: "ollama_chat/a", api_base: "http://127.0.0.1:2"}}
  - {model_name: gpt, litellm_params: {model: openai/gpt-4.1, api_key: one}}
  - {model_name: mini, litellm_params: {model: openai/gpt-4.1-mini, api_key: one}}
  - {model_name: spare, litellm_params: {model: openai/gpt-4.1, api_key: two}}
  - {model_name: sonnet, litellm_params: {model: anthropic/claude-sonnet-5-5, api_key: one}}
"""
ROUTING = Routing(cooldown_seconds=30, longest_cooldown_seconds=300)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def deployments() -> dict[str, Deployment]:
    return {one.name: one for one in parse(MODELS, Path("sluice.yaml"), {}).deployments}


def failure(kind: str, status: int = 502, retry_after: float | None = None) -> UpstreamError:
    return UpstreamError("It failed.", status=status, kind=kind, retry_after=retry_after)


@pytest.mark.parametrize(
    ("failed", "error", "left_alone"),
    [
        ("tiny", failure("down"), {"tiny"}),
        ("tiny", failure("timeout"), {"tiny"}),
        ("tiny", failure("unreachable"), {"tiny", "large"}),
        ("gpt", failure("unreachable"), {"gpt", "mini", "spare"}),
        ("gpt", failure("key", 401), {"gpt", "mini"}),
        ("gpt", failure("key", 403), {"gpt"}),
        ("gpt", failure("busy", 429), {"gpt"}),
        ("gpt", failure("request", 400), set()),
        ("gpt", failure("filter", 400), set()),
        ("gpt", failure("too_long", 413), set()),
    ],
    ids=lambda value: f"{value.kind} {value.status}" if isinstance(value, UpstreamError) else None,
)
def test_a_failure_opens_what_it_says_something_of(failed: str, error: UpstreamError, left_alone: set[str]) -> None:
    circuits, models = Circuits(lambda: 0.0), deployments()

    circuits.failed(models[failed], error, ROUTING)

    assert {name for name, model in models.items() if circuits.why_not(model)} == left_alone


def test_a_success_closes_all_that_its_failure_had_opened() -> None:
    circuits, models = Circuits(lambda: 0.0), deployments()
    circuits.failed(models["gpt"], failure("key", 401), ROUTING)

    circuits.succeeded(models["mini"])

    assert not circuits.why_not(models["gpt"])


def test_a_server_that_shows_itself_again_is_asked_again() -> None:
    circuits, models = Circuits(lambda: 0.0), deployments()
    circuits.failed(models["tiny"], failure("unreachable"), ROUTING)

    circuits.reached(models["tiny"])

    assert not circuits.why_not(models["large"])


def test_one_call_tries_a_half_open_model_and_others_pass_it_by() -> None:
    clock, models = Clock(), deployments()
    circuits = Circuits(clock)
    circuits.failed(models["gpt"], failure("down"), ROUTING)
    clock.now = 31

    with circuits.asking(models["gpt"]):
        during = circuits.why_not(models["gpt"])

    assert during == "down: it failed a moment ago"


def test_a_trial_whose_caller_leaves_gives_way_to_the_next() -> None:
    clock, models = Clock(), deployments()
    circuits = Circuits(clock)
    circuits.failed(models["gpt"], failure("down"), ROUTING)
    clock.now = 31

    with pytest.raises(GeneratorExit), circuits.asking(models["gpt"]):
        raise GeneratorExit

    assert not circuits.why_not(models["gpt"])


@pytest.mark.parametrize(
    ("kind", "asked"),
    [("down", True), ("timeout", True), ("cut", True), ("memory", True), ("busy", True),
     ("key", False), ("missing", False), ("unreachable", False)],
)  # fmt: skip
def test_as_a_last_resort_what_may_have_recovered_is_asked(kind: str, asked: bool) -> None:
    circuits, models = Circuits(lambda: 0.0), deployments()
    circuits.failed(models["tiny"], failure(kind), ROUTING)

    assert circuits.why_not(models["tiny"])
    assert (circuits.why_not(models["tiny"], last_resort=True) == "") is asked
