"""The running server takes new settings without a restart, keeps its valves, and ends in good order."""

import json
import signal
import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.server.process import Running, person, wait_until
from tests.server.test_completions import chunks_of, content_of
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import Answer

Make = Callable[..., Running]


def models(gateway: Running) -> list[str]:
    return [one["id"] for one in gateway.get("/models").json()["data"]]


def missing(gateway: Running) -> str:
    return " ".join(gateway.get("/readyz").json()["missing"])


def set_valves(gateway: Running, **valves: Any) -> None:
    gateway.post("/sluice/valves/update", json=valves).raise_for_status()


def location(gateway: Running, model: str = "frontier", text: str = "hello") -> str:
    return str(gateway.ask(text, model).json()["usage"]["location"])


def test_a_changed_file_is_in_force_at_once_and_a_bad_edit_keeps_the_old_one(make_gateway: Make) -> None:
    gateway = make_gateway().start()
    good = gateway.config.read_text(encoding="utf-8")

    gateway.config.write_text(good.replace("model_name: gpt", "model_name: other"), encoding="utf-8")
    wait_until(lambda: "sluice.other" in models(gateway), "the edit is taken")
    gateway.config.write_text(good.replace("location: cloud", "location: moon"), encoding="utf-8")
    wait_until(lambda: "configuration: " in missing(gateway), "the bad edit is told")

    assert "sluice.yaml, line 7" in missing(gateway)
    assert "sluice.other" in models(gateway)
    assert location(gateway) == "cloud"

    gateway.config.write_text(good, encoding="utf-8")
    gateway.process.send_signal(signal.SIGHUP)  # type: ignore[union-attr]
    wait_until(lambda: "sluice.gpt" in models(gateway), "the file is read again")
    wait_until(lambda: gateway.get("/readyz").status_code == 200, "all is well again")


def test_a_changed_valve_holds_for_the_next_answer_and_survives_a_restart(make_gateway: Make) -> None:
    gateway = make_gateway().start()
    before = location(gateway)

    set_valves(gateway, cloud=False)
    after = location(gateway)
    gateway.stop()
    gateway.start()
    restarted = location(gateway)
    set_valves(gateway, cloud=True, guard="observe")
    observed = gateway.ask("Write to jane.doe@corp.example", "frontier", stream=True)

    assert (before, after, restarted) == ("cloud", "local", "local")
    assert chunks_of(observed)[0]["event"]["data"]["description"].startswith(
        "Cloud · gpt-4.1 · the guard only observes; it would have masked names and numbers"
    )


def test_saved_valves_that_cannot_be_read_do_not_keep_the_server_from_starting(make_gateway: Make) -> None:
    gateway = make_gateway()
    file = gateway.data / "pipelines" / "sluice_gateway" / "valves.json"
    file.parent.mkdir(parents=True)
    file.write_text('{"cloud": "maybe", "guard": "observe", "removed_in_this_version": 1}', encoding="utf-8")

    gateway.start(ready=False)

    valves = gateway.get("/sluice/valves").json()
    assert valves == {"cloud": False, "guard": "observe", "budgets": "enforce", "auto_threshold": None}
    assert json.loads(file.read_text(encoding="utf-8")) == {"guard": "observe", "cloud": False}


def test_a_wrong_valve_changes_nothing(gateway: Running) -> None:
    before = gateway.get("/sluice/valves").json()

    answer = gateway.post("/sluice/valves/update", json={"guard": "off"})

    assert answer.status_code >= 400
    assert gateway.get("/sluice/valves").json() == before


def test_told_to_end_it_lets_a_running_stream_end_first(make_gateway: Make, cloud: Cloud) -> None:
    gateway = make_gateway().start()
    cloud.script.next(Answer("word " * 40, piece=5, delay_between=0.05))
    answers: list[Any] = []
    asking = threading.Thread(target=lambda: answers.append(gateway.ask("hello", "gpt", stream=True)))
    asking.start()
    assert cloud.record.wait_for(lambda all_: len(all_) == 1)

    code = gateway.stop()
    asking.join()

    assert code in (0, -signal.SIGTERM)
    assert content_of(chunks_of(answers[0])) == "word " * 40
    assert chunks_of(answers[0])[-1] == "[DONE]"
    assert "Traceback" not in gateway.printed()


def test_killed_in_mid_answer_it_starts_again_whole(make_gateway: Make, cloud: Cloud) -> None:
    gateway = make_gateway().start()
    cloud.script.next(Answer("word " * 400, piece=5, delay_between=0.05))
    headers = person()
    with gateway.client(headers) as client:
        body = {"model": "sluice.gpt", "messages": [{"role": "user", "content": "hello"}], "stream": True}
        with client.stream("POST", "/chat/completions", json=body):
            assert gateway.process is not None
            gateway.process.kill()
            gateway.process.wait()

    gateway.start()

    assert location(gateway) == "cloud"


def test_readiness_tells_what_is_missing(make_gateway: Make, ollama: Ollama) -> None:
    ollama.models = {}
    gateway = make_gateway(OPENAI_API_KEY="").start(ready=False)

    wait_until(lambda: "not pulled" in missing(gateway), "the models are looked at")

    assert gateway.get("/readyz").status_code == 503
    assert "model gpt-4.1: OPENAI_API_KEY is not set" in missing(gateway)
    assert "model qwen3:8b: it is not pulled (ollama pull qwen3:8b)" in missing(gateway)


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"SLUICE_KEY": "0p3n-w3bu!"}, "well-known default key"),
        ({"SLUICE_KEY": ""}, "SLUICE_KEY is not set"),
        ({"SLUICE_CONFIG": "/nowhere/sluice.yaml"}, "Set SLUICE_CONFIG to the path"),
    ],
    ids=["default key", "no key", "no configuration"],
)
def test_what_keeps_it_from_starting_is_one_clear_sentence(
    make_gateway: Make, environ: dict[str, str], says: str
) -> None:
    gateway = make_gateway()
    gateway._environ.update(environ)

    with pytest.raises(AssertionError):
        gateway.start()

    assert gateway.process is not None
    assert gateway.process.wait() == 2
    assert says in gateway.printed()
    assert "Traceback" not in gateway.printed()
