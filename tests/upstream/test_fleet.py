"""Local is proven: by address, by what Ollama says of its models, and never assumed."""

import asyncio
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from sluice.config import Config, parse
from sluice.config.schema import Routing
from sluice.errors import UpstreamError
from sluice.upstream import Fleet

from tests.fakes import FakeServers
from tests.standins.ollama import REMOTE, STANDARD, LocalModel, Ollama

OLLAMA = "http://127.0.0.1:11434"
VLLM = "http://192.168.1.20:8000/v1"
Resolve = Callable[[Mapping[str, list[str]]], None]


@pytest.fixture
async def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Lets names resolve to the given addresses, and no others."""

    def use(names: Mapping[str, list[str]]) -> None:
        async def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
            if host not in names:
                raise socket.gaierror
            return [(None, None, None, "", (address, 0)) for address in names[host]]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo)

    return use


def config_of(model: str = "ollama_chat/qwen3:8b", base: str = OLLAMA, more: str = "", **info: Any) -> Config:
    api_base = f", api_base: '{base}'" if base else ""
    text = (
        f"model_list: [{{model_name: m, litellm_params: {{model: '{model}'{api_base}{more}}}, model_info: {info}}}]"
        "\nrouting: {cooldown_seconds: 30, max_num_ctx: 16384}"
    )
    return parse(text.replace("'", '"').replace("True", "true"), Path("sluice.yaml"), {})


def tags(*names: str, **more: Any) -> dict[str, Any]:
    return {f"{OLLAMA}/api/tags": {"models": [{"name": name, **more} for name in names]}, f"{OLLAMA}/api/show": {}}


def fails(fleet: Fleet, kind: str = "down") -> None:
    error = UpstreamError("It failed.", status=502, kind=kind)
    fleet.circuits.failed(fleet.deployment("m"), error, Routing(cooldown_seconds=30))


async def looked(config: Config, servers: FakeServers) -> tuple[str, str, str]:
    fleet = Fleet(config, http=servers)
    await fleet.look()
    state = fleet.state("m")
    return state.location, state.unavailable, state.doubt


async def test_a_model_of_ollama_on_this_machine_is_local() -> None:
    assert await looked(config_of(), FakeServers(tags("qwen3:8b"))) == ("local", "", "")


@pytest.mark.parametrize("model", ["ollama_chat/gpt-oss:120b-cloud", "ollama/qwen3:cloud"])
async def test_a_cloud_tag_of_ollama_is_cloud_without_asking(model: str) -> None:
    servers = FakeServers()

    location, _, doubt = await looked(config_of(model), servers)

    assert location == "cloud"
    assert "runs it remotely" in doubt
    assert not [url for url in servers.asked if "show" in url]


@pytest.mark.parametrize("key", ["remote_host", "remote_model"])
@pytest.mark.parametrize("where", ["tags", "show"])
async def test_a_model_that_ollama_runs_remotely_under_a_local_name_is_cloud(where: str, key: str) -> None:
    answers = tags("qwen3:8b", **({key: "elsewhere"} if where == "tags" else {}))
    if where == "show":
        answers[f"{OLLAMA}/api/show"] = {key: "elsewhere"}

    location, _, doubt = await looked(config_of(), FakeServers(answers))

    assert (location, doubt) == ("cloud", "Ollama runs it remotely")


async def test_the_stand_in_for_ollama_with_a_remote_model_shows_it_as_cloud() -> None:
    disguised = LocalModel("mine:latest", remote_host=REMOTE.remote_host, remote_model="gpt-oss:120b")
    with Ollama(models=(STANDARD, disguised)) as ollama:
        fleet = Fleet(config_of("ollama_chat/mine", ollama.url))
        await fleet.look()

    assert fleet.state("m").location == "cloud"


@pytest.mark.parametrize(
    "base", ["http://8.8.8.8:11434", "http://[2001:4860:4860::8888]:11434", "http://[::ffff:8.8.8.8]"]
)
async def test_a_public_address_is_cloud(base: str) -> None:
    location, _, doubt = await looked(config_of(base=base), FakeServers())

    assert (location, doubt) == ("cloud", "its address is public")


@pytest.mark.parametrize(
    "base",
    ["http://127.0.0.1:1", "http://localhost:1", "http://10.1.2.3", "http://172.16.0.9", "http://192.168.0.2",
     "http://100.100.1.1", "http://[::1]:1", "http://[fd00::1]:1", "http://[::ffff:10.0.0.1]"],
)  # fmt: skip
async def test_a_private_address_that_does_not_answer_is_unavailable_and_never_cloud(base: str) -> None:
    location, unavailable, _ = await looked(config_of(base=base), FakeServers())

    assert (location, unavailable) == ("local", "Ollama does not answer") or "localhost" in base


@pytest.mark.parametrize(
    ("addresses", "location", "reason"),
    [
        (["192.168.7.7"], "local", ""),
        (["93.184.216.34"], "cloud", "its address is public"),
        (["192.168.7.7", "93.184.216.34"], "cloud", "its address is public"),
        (["fd00::7"], "local", ""),
        (["2606:2800::1"], "cloud", "its address is public"),
    ],
    ids=["private", "public", "both", "private v6", "public v6"],
)
async def test_a_name_is_as_local_as_every_address_it_has(
    resolve: Resolve, addresses: list[str], location: str, reason: str
) -> None:
    resolve({"gpu.office.example": addresses})
    base = "http://gpu.office.example:11434"
    servers = FakeServers({f"{base}/api/tags": {"models": [{"name": "qwen3:8b"}]}, f"{base}/api/show": {}})

    found = await looked(config_of(base=base), servers)

    assert (found[0], found[2]) == (location, reason)


@pytest.mark.parametrize("host", ["gpu.office.example", "ollama"])
async def test_a_name_that_does_not_resolve_is_unavailable_and_never_cloud(resolve: Resolve, host: str) -> None:
    resolve({})

    found = await looked(config_of(base=f"http://{host}:11434"), FakeServers())

    assert found == ("local", "its server cannot be found", "")


async def test_a_name_without_a_dot_that_resolves_publicly_is_cloud(resolve: Resolve) -> None:
    resolve({"ollama": ["93.184.216.34"]})

    assert (await looked(config_of(base="http://ollama:11434"), FakeServers()))[0] == "cloud"


async def test_another_server_must_be_declared_trusted() -> None:
    location, _, doubt = await looked(config_of("openai/x", VLLM, location="local"), FakeServers())

    assert location == "cloud"
    assert "declare `trusted_local: true`" in doubt


async def test_a_trusted_server_on_a_private_address_is_local() -> None:
    config = config_of("openai/x", VLLM, location="local", trusted_local=True)

    assert await looked(config, FakeServers({f"{VLLM}/models": {"data": []}})) == ("local", "", "")


async def test_a_trusted_server_on_a_public_address_is_cloud_all_the_same() -> None:
    config = config_of("openai/x", "https://api.example.com/v1", location="local", trusted_local=True)

    assert config.deployments[0].trusted_local
    fleet = Fleet(config_of("openai/x", "http://8.8.4.4/v1", location="local", trusted_local=True), http=FakeServers())
    await fleet.look()
    assert fleet.state("m").location == "cloud"


async def test_a_model_declared_local_without_an_address_is_not_local() -> None:
    location, _, _ = await looked(config_of("openai/gpt-4.1", "", location="local"), FakeServers())

    assert location == "cloud"


async def test_a_trusted_model_without_an_address_never_goes_to_the_providers_own() -> None:
    config = config_of("openai/gpt-4.1", "", location="local", trusted_local=True)
    fleet = Fleet(config, http=FakeServers())
    await fleet.look()

    (candidate,) = fleet.candidates()
    assert candidate.unavailable or candidate.location == "cloud"


def _status(code: int) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", VLLM)
    return httpx.HTTPStatusError("", request=request, response=httpx.Response(code, request=request))


@pytest.mark.parametrize(
    ("answer", "unavailable"),
    [
        (httpx.ConnectError(""), "its server does not answer"),
        (httpx.ReadTimeout(""), "its server does not answer"),
        (_status(500), "its server reports an error"),
        (_status(401), ""),
        (ValueError(), ""),
    ],
    ids=["refused", "timeout", "500", "401", "no json"],
)
async def test_another_server_counts_as_up_when_it_speaks(answer: Exception, unavailable: str) -> None:
    config = config_of("openai/x", VLLM, location="local", trusted_local=True)

    assert (await looked(config, FakeServers({f"{VLLM}/models": answer})))[:2] == ("local", unavailable)


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({f"{OLLAMA}/api/tags": httpx.ConnectError("")}, "Ollama does not answer"),
        ({f"{OLLAMA}/api/tags": ValueError()}, "Ollama does not answer"),
        ({f"{OLLAMA}/api/tags": []}, "Ollama does not answer"),
        ({f"{OLLAMA}/api/tags": {"models": None}}, "it is not pulled (ollama pull qwen3:8b)"),
        (tags("qwen3:4b"), "it is not pulled (ollama pull qwen3:8b)"),
        ({**tags("qwen3:8b"), f"{OLLAMA}/api/show": httpx.ReadTimeout("")}, "its server does not answer"),
    ],
    ids=["refused", "no json", "strange json", "no models", "other models", "show fails"],
)
async def test_what_keeps_a_model_of_ollama_from_use_is_said(answers: dict[str, Any], why: str) -> None:
    assert (await looked(config_of(), FakeServers(answers)))[:2] == ("local", why)


@pytest.mark.parametrize(
    "base", ["http://localhost:99999", "http://127.0.0.1:abc", "ftp://127.0.0.1", "127.0.0.1:11434"]
)
async def test_an_address_that_is_none_is_a_reason_and_does_not_end_the_watch(base: str) -> None:
    fleet = Fleet(config_of(base=base))

    await fleet.look()

    assert fleet.candidates()[0].unavailable or fleet.state("m").location == "cloud"


async def test_an_answer_out_of_the_ordinary_is_a_reason_and_does_not_end_the_watch() -> None:
    found = await looked(config_of(), FakeServers({**tags("qwen3:8b"), f"{OLLAMA}/api/show": ["strange"]}))

    assert found[:2] == ("local", "its server could not be asked; check its api_base")


async def test_a_name_without_a_tag_means_latest() -> None:
    assert (await looked(config_of("ollama_chat/mine"), FakeServers(tags("mine:latest"))))[1] == ""


def test_before_the_first_look_no_local_model_counts_as_up() -> None:
    (candidate,) = Fleet(config_of(), http=FakeServers()).candidates()

    assert candidate.unavailable == "it is being looked at"


async def test_a_look_that_finds_a_model_elsewhere_takes_it_from_the_local_ones() -> None:
    servers = FakeServers(tags("qwen3:8b"))
    fleet = Fleet(config_of(), http=servers)
    await fleet.look()
    servers.answers = tags("qwen3:8b", remote_host="https://ollama.com")

    await fleet.look()

    assert fleet.location_now(fleet.deployments[0]) == "cloud"


async def test_a_removed_model_is_trusted_no_more() -> None:
    fleet = Fleet(config_of(), http=FakeServers(tags("qwen3:8b")))
    await fleet.look()
    (gone,) = fleet.deployments

    fleet.configure(config_of("ollama_chat/other"))

    assert fleet.location_now(gone) == "cloud"


async def test_a_new_configuration_keeps_what_is_known_of_unchanged_models_only() -> None:
    fleet = Fleet(config_of(), http=FakeServers(tags("qwen3:8b")))
    await fleet.look()

    fleet.configure(config_of())
    kept = fleet.state("m").unavailable
    fleet.configure(config_of(more=", rpm: 3"))

    assert kept == ""
    assert fleet.state("m").unavailable == "it is being looked at"


async def test_a_failed_model_is_left_alone_for_a_while() -> None:
    now = [100.0]
    fleet = Fleet(config_of(), http=FakeServers(tags("qwen3:8b")), clock=lambda: now[0])
    await fleet.look()

    fails(fleet)
    at_once = fleet.candidates()[0].unavailable
    now[0] += 29
    soon = fleet.candidates()[0].unavailable
    now[0] += 2

    assert (at_once, soon) == ("down: it failed a moment ago",) * 2
    assert fleet.candidates()[0].unavailable == ""


async def test_a_model_that_answers_is_not_left_alone_any_more() -> None:
    fleet = Fleet(config_of(), http=FakeServers(tags("qwen3:8b")))
    await fleet.look()
    fails(fleet)

    fleet.circuits.succeeded(fleet.deployment("m"))

    assert fleet.candidates()[0].unavailable == ""


@pytest.mark.parametrize(
    ("shown", "info", "window"),
    [
        ({}, {}, 8192),
        ({"model_info": {"qwen3.context_length": 4096}}, {}, 4096),
        ({"model_info": {"qwen3.context_length": 131072}}, {}, 16384),
        ({"model_info": {"qwen3.context_length": 131072}}, {"max_input_tokens": 2048}, 2048),
        ({"model_info": {"qwen3.context_length": 131072}}, {"max_input_tokens": 65536}, 16384),
    ],
    ids=["unknown", "small", "more than is asked of memory", "configured", "configured above memory"],
)
async def test_the_window_of_a_local_model_is_what_it_can_and_what_memory_allows(
    shown: dict[str, Any], info: dict[str, Any], window: int
) -> None:
    fleet = Fleet(config_of(**info), http=FakeServers({**tags("qwen3:8b"), f"{OLLAMA}/api/show": shown}))
    await fleet.look()

    assert fleet.candidates()[0].window == window


async def test_abilities_come_from_the_server_unless_configured() -> None:
    shown = {f"{OLLAMA}/api/show": {"capabilities": ["completion", "vision"]}}
    seen = Fleet(config_of(), http=FakeServers({**tags("qwen3:8b"), **shown}))
    told = Fleet(config_of(supports_function_calling=True), http=FakeServers({**tags("qwen3:8b"), **shown}))
    await seen.look()
    await told.look()

    assert (seen.candidates()[0].sees_images, seen.candidates()[0].calls_tools) == (True, False)
    assert told.candidates()[0].calls_tools


def test_abilities_of_a_cloud_model_come_from_litellms_map() -> None:
    (candidate,) = Fleet(config_of("openai/gpt-4.1", "")).candidates()

    assert (candidate.location, candidate.sees_images, candidate.calls_tools) == ("cloud", True, True)
    assert candidate.window > 1_000_000


async def test_a_dry_run_takes_every_model_as_up_and_keeps_what_is_known_against_it() -> None:
    text = (
        "model_list: [{model_name: a, litellm_params: {model: openai/x, api_key: os.environ/NONE}},"
        "{model_name: b, litellm_params: {model: 'ollama/x:cloud'}},"
        "{model_name: c, litellm_params: {model: ollama/y}}]"
    )
    fleet = Fleet(parse(text, Path("sluice.yaml"), {}), http=FakeServers())

    assert [(c.name, c.location, c.unavailable) for c in fleet.assumed_candidates()] == [
        ("a", "cloud", ""), ("b", "cloud", ""), ("c", "local", ""),
    ]  # fmt: skip
