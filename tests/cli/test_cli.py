"""The command line: what each verb prints, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sluice.cli import main

from tests.standins.ollama import Ollama

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {model: "ollama_chat/qwen3:8b", api_base: os.environ/OLLAMA_BASE_URL}
    model_info: {roles: [standard]}
  - model_name: server
    litellm_params: {model: openai/mine, api_base: "http://127.0.0.1:9/v1"}
    model_info: {location: local, trusted_local: true}
  - model_name: doubtful
    litellm_params: {model: openai/yours, api_base: "http://127.0.0.1:9/v1"}
    model_info: {location: local}
  - model_name: gpt
    litellm_params: {model: openai/gpt-4.1, api_key: os.environ/OPENAI_API_KEY}
    model_info: {location: cloud, roles: [cloud, frontier]}
"""
KEYS = ["location", "model", "complexity", "reasons", "transform", "chain"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "sluice.yaml"
    file.write_text(CONFIG, encoding="utf-8")
    return file


def run(path: Path, *arguments: str, given: str | bytes = "", **environ: str) -> Result:
    return CliRunner().invoke(main, arguments, input=given, env={"SLUICE_CONFIG": str(path), **environ})


def lines(result: Result) -> list[Any]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def ask(text: str, **more: Any) -> str:
    return json.dumps({"messages": [{"role": "user", "content": text}], **more})


def test_a_decision_for_each_line_with_the_promised_keys(path: Path) -> None:
    given = "\n".join(
        [
            ask("hello"),
            ask("hello", lane="local"),
            ask("hello", lane="gpt"),
            ask("hello", lane="sluice.frontier"),
            ask("Write to jane.doe@corp.example", lane="gpt"),
            ask("@cloud hello", lane="auto"),
            ask("hello", model="sluice.gpt"),
            "",
            ask("hello", lane="nope"),
            "not json",
            "{}",
            ask("@local hello", lane="gpt"),
        ]
    )

    result = run(path, "route", "--jsonl", given=given)

    decided = lines(result)
    assert result.exit_code == 0
    assert [list(one) for one in decided if "location" in one] == [KEYS] * 8
    assert [one.get("model", one.get("code")) for one in decided] == [
        "qwen", "qwen", "gpt", "gpt", "gpt", "gpt", "gpt", "model_not_found", "invalid_request", "invalid_request",
        "qwen",
    ]  # fmt: skip
    assert [one["location"] for one in decided[:3]] == ["local", "local", "cloud"]
    assert all(0 <= one["complexity"] <= 1 for one in decided if "location" in one)
    assert [one["transform"] for one in decided if "location" in one] == ["none"] * 4 + ["mask"] + ["none"] * 3
    assert "jane" not in result.stdout


def test_one_decision_for_a_single_request(path: Path) -> None:
    (decided,) = lines(run(path, "route", given=ask("hello")))

    assert (decided["model"], decided["chain"][0]) == ("qwen", "qwen")


def test_a_decision_is_explained_in_words(path: Path) -> None:
    result = run(path, "route", "--explain", given=ask("my key is sk-ant-api03-Zk3x9Qw7Lm2Np5Rt8Vy1Bc4Df6Gh0Jk"))

    said = result.stdout
    assert said.startswith("Local: qwen (rung standard)\n")
    assert "decided by  what keeps the call on this machine" in said
    assert "a key or password" in said
    assert "answers     qwen" in said
    assert "passed over gpt: it is in the cloud, and the call stays:" in said
    assert "sk-ant" not in said


def test_a_live_decision_uses_the_models_as_they_are(path: Path, ollama: Ollama) -> None:
    (up,) = lines(run(path, "route", "--live", given=ask("hello", lane="local"), OLLAMA_BASE_URL=ollama.url))
    (down,) = lines(
        run(path, "route", "--live", given=ask("hello", lane="local"), OLLAMA_BASE_URL="http://127.0.0.1:9")
    )

    assert up["chain"] == ["qwen"]
    assert "Ollama does not answer" in down["error"]


def test_findings_for_each_line(path: Path) -> None:
    texts = [json.dumps({"text": text}) for text in ("Write to jane.doe@corp.example", "hello")]
    given = "\n".join([*texts, "nonsense", '{"text": 1}'])

    result = run(path, "inspect", "--jsonl", given=given)

    first, second, third, fourth = lines(result)
    assert set(first["findings"][0]) == {"type", "class", "start", "end", "score"}
    assert "personal" in first["labels"]
    assert second == {"findings": [], "labels": []}
    assert "error" in third
    assert "error" in fourth
    assert "jane" not in result.stdout


def test_findings_in_a_plain_text_of_any_bytes(path: Path) -> None:
    result = run(path, "inspect", given=b"caf\xe9 jane.doe@corp.example")

    assert result.exit_code == 0
    assert lines(result)[0]["labels"] == ["personal"]


def test_a_text_that_the_guard_does_not_read_is_an_error_and_the_next_is_read(path: Path) -> None:
    path.write_text(CONFIG + "privacy: {max_characters: 20}\n", encoding="utf-8")
    given = "\n".join(json.dumps({"text": text}) for text in ("x" * 30, "hello"))

    first, second = lines(run(path, "inspect", "--jsonl", given=given))

    assert "guard" in first["error"]
    assert second["findings"] == []


def test_a_valid_configuration_is_listed_with_what_keeps_each_model_from_use(path: Path) -> None:
    result = run(path, "config", "check")

    assert result.exit_code == 0
    assert [line.split()[:2] for line in result.stdout.splitlines()[:4]] == [
        ["qwen", "local"], ["server", "local"], ["doubtful", "cloud"], ["gpt", "cloud"],
    ]  # fmt: skip
    assert "OLLAMA_BASE_URL is not set" in result.stdout
    assert "OPENAI_API_KEY is not set" in result.stdout
    assert "declare `trusted_local: true`" in result.stdout
    assert "The configuration is valid" in result.stdout


@pytest.mark.parametrize(
    "arguments", [("config", "check"), ("route",), ("inspect",), ("doctor",)], ids=lambda a: " ".join(a)
)
def test_a_wrong_configuration_is_told_and_ends_with_2(path: Path, arguments: tuple[str, ...]) -> None:
    path.write_text(CONFIG + "zebra: 1\nrouting: {auto_threshold: 7}\n", encoding="utf-8")

    result = run(path, *arguments, given=ask("x"))

    assert result.exit_code == 2
    assert result.stdout == ""
    assert "line 14: `zebra` is not a known setting" in result.stderr
    assert "line 15: `routing.auto_threshold` is wrong" in result.stderr


def test_another_file_can_be_checked_by_its_path(path: Path, tmp_path: Path) -> None:
    result = run(path, "config", "check", str(tmp_path / "none.yaml"))

    assert result.exit_code == 2
    assert "none.yaml cannot be read" in result.stderr


def test_the_doctor_says_of_each_model_where_it_runs_and_what_is_wrong(path: Path, ollama: Ollama) -> None:
    result = run(path, "doctor", OLLAMA_BASE_URL=ollama.url)

    said = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert result.exit_code == 0
    assert said["qwen3:8b"].split()[1:] == ["local", "available"]
    assert "its server does not answer" in said["mine"]
    assert "Sluice takes your word" in said["mine"]
    assert said["gpt-4.1"].split(maxsplit=2)[1:] == ["cloud", "OPENAI_API_KEY is not set"]


def test_the_doctor_ends_with_1_when_no_model_can_be_used(path: Path) -> None:
    text = "model_list: [{model_name: q, litellm_params: {model: ollama_chat/q, api_base: 'http://127.0.0.1:9'}}]"
    path.write_text(text, encoding="utf-8")

    result = run(path, "doctor")

    assert result.exit_code == 1
    assert "No model can be used. Pull one" in result.stdout


@pytest.mark.parametrize("verb", ["serve", "inspect", "route", "provision", "config", "doctor"])
def test_every_verb_explains_itself(verb: str) -> None:
    result = CliRunner().invoke(main, [verb, "--help"])

    assert result.exit_code == 0
    assert len(result.stdout.splitlines()[2].strip()) >= 20
