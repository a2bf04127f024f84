"""The local model: an Ollama that answers, one that can be started, else the embedded one."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sluice.workstation import local_model

from tests.standins.ollama import Ollama


@pytest.fixture
def no_usual_ollama(monkeypatch: pytest.MonkeyPatch, free_port: Callable[[], int]) -> int:
    """Stand in for the usual port with one where nothing listens, whatever runs on this machine."""
    port = free_port()
    monkeypatch.setattr(local_model, "USUAL_PORT", port)
    return port


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "ollama"
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_without_any_ollama_the_embedded_model_serves(no_usual_ollama: int, tmp_path: Path) -> None:
    chosen = local_model.choose({"PATH": str(tmp_path)}, 9, False, ["qwen3:8b"])

    assert chosen.embedded
    assert not chosen.starts
    assert not chosen.remark
    assert chosen.ollama_url == f"http://127.0.0.1:{no_usual_ollama}"


def test_an_ollama_on_path_is_started_and_the_embedded_model_helps_until_it_has_models(
    no_usual_ollama: int, program: Path
) -> None:
    chosen = local_model.choose({"PATH": str(program.parent)}, 9, False, ["qwen3:8b"])

    assert chosen.starts == str(program)
    assert chosen.embedded


def test_an_ollama_that_answers_and_has_a_model_serves_alone(ollama: Ollama, tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path), "OLLAMA_BASE_URL": ollama.url}
    [name, *_] = sorted(local_model.installed(local_model.health.json_at(f"{ollama.url}/api/tags")))

    chosen = local_model.choose(environ, 9, False, [name])

    assert (chosen.ollama_url, chosen.embedded, chosen.starts) == (ollama.url, False, "")


def test_an_ollama_without_the_models_of_sluice_yaml_is_helped_out_and_it_is_said(
    ollama: Ollama, tmp_path: Path
) -> None:
    environ = {"PATH": str(tmp_path), "OLLAMA_BASE_URL": ollama.url}
    chosen = local_model.choose(environ, 9, False, ["never-heard-of:1b"])

    assert chosen.embedded
    assert "ollama pull never-heard-of:1b" in chosen.remark


def test_an_ollama_that_was_named_and_does_not_answer_is_said(free_port: Callable[[], int], program: Path) -> None:
    environ = {"PATH": str(program.parent), "OLLAMA_BASE_URL": f"http://127.0.0.1:{free_port()}"}
    chosen = local_model.choose(environ, 9, False, [])

    assert chosen.embedded
    assert not chosen.starts
    assert environ["OLLAMA_BASE_URL"] in chosen.remark
