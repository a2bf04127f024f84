"""Profiles of scripted models with known answers: which kinds move, which way, and what an interruption costs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sluice.cli import main
from sluice.profile import items
from sluice.profile.items import KINDS
from sluice.routing.calibration import Calibration
from sluice.routing.calibration_file import read_calibration, write_calibration

from tests.profile.conftest import RIGHT, good_at
from tests.standins.cloud import Cloud
from tests.standins.ollama import Ollama
from tests.standins.script import SERVER_ERROR, Answer, Reply
from tests.upstream.conftest import _close_litellm, _warm_litellm  # noqa: F401

CONFIG = """\
model_list:
  - model_name: qwen
    litellm_params: {{model: "ollama_chat/qwen3:8b", api_base: "{ollama}"}}
    model_info: {{roles: [standard]}}
  - model_name: programmer
    litellm_params: {{model: "ollama_chat/qwen2.5-coder:7b", api_base: "{ollama}"}}
    model_info: {{roles: [coder]}}
  - model_name: gpt
    litellm_params: {{model: openai/gpt-4.1, api_base: "{cloud}/v1", api_key: sk-canary}}
    model_info: {{location: cloud, roles: [cloud, frontier]}}
"""
Profile = Callable[..., Result]


@pytest.fixture
def profile(tmp_path: Path, ollama: Ollama, cloud: Cloud) -> Profile:
    config = tmp_path / "sluice.yaml"
    config.write_text(CONFIG.format(ollama=ollama.url, cloud=cloud.url))

    def run(*arguments: str) -> Result:
        environ = {"SLUICE_CONFIG": str(config), "SLUICE_DATA": str(tmp_path)}
        return CliRunner().invoke(main, ["profile", *arguments], env=environ)

    return run


EVERYTHING_BUT_MATHS = [kind for kind in KINDS if kind != "reasoning"]
EVERYTHING_BUT_CODE = [kind for kind in KINDS if kind != "code"]


@pytest.mark.parametrize(
    ("good", "falls_short"),
    [(EVERYTHING_BUT_MATHS, {"reasoning"}), (EVERYTHING_BUT_CODE, {"code"}), (KINDS, set()), ((), set(KINDS))],
    ids=["fails all maths", "fails all code", "solves all", "solves nothing"],
)
def test_the_estimate_rises_where_the_model_falls_short_and_falls_elsewhere(
    profile: Profile, ollama: Ollama, tmp_path: Path, good: list[str], falls_short: set[str]
) -> None:
    ollama.script.always(good_at(*good))

    result = profile("--model", "qwen")

    learned = read_calibration(tmp_path)
    assert result.exit_code == 0, result.output
    assert {kind for kind in KINDS if learned.adjusted(0.6, kind) > 0.8} == falls_short
    assert {kind for kind in KINDS if learned.adjusted(0.8, kind) < 0.8} == set(KINDS) - falls_short


def test_who_manages_the_easy_half_keeps_it(profile: Profile, ollama: Ollama, tmp_path: Path) -> None:
    ollama.script.always(good_at(*KINDS, up_to=2))

    profile("--model", "qwen")

    # Between one that solves all and one that solves nothing.
    assert all(0.35 < read_calibration(tmp_path).adjusted(0.6, kind) < 0.99 for kind in KINDS)


def test_each_kind_is_asked_of_the_model_that_answers_it_here_and_the_cloud_of_nothing(
    profile: Profile, ollama: Ollama, cloud: Cloud
) -> None:
    ollama.script.always(good_at(*KINDS))

    result = profile("--limit", "40")

    asked = Counter((RIGHT[seen.messages[0]["content"]].kind == "code", seen.model) for seen in ollama.seen)
    coding = sum(item.kind == "code" for item in items()[:40])
    assert asked == {(True, "qwen2.5-coder:7b"): coding, (False, "qwen3:8b"): 40 - coding}
    assert not cloud.record.requests
    assert "qwen2.5-coder:7b passed at level 1: " in result.stdout


def test_what_was_answered_is_not_asked_again(profile: Profile, ollama: Ollama, tmp_path: Path) -> None:
    ollama.script.always(breaks_after(25))
    broken = profile("--model", "qwen", "--limit", "40")
    kept = (tmp_path / "profile.jsonl").read_text().splitlines()
    ollama.script.always(good_at(*KINDS))
    before = len(ollama.seen)

    whole = profile("--model", "qwen", "--limit", "40")

    assert broken.exit_code == 1
    assert "run it again to go on" in broken.stderr
    assert len(kept) == 25
    assert len(ollama.seen) - before == 15
    assert whole.exit_code == 0


def breaks_after(count: int) -> Callable[[Mapping[str, Any]], Reply]:
    """A server that answers so many questions and then fails for good."""
    left = iter([True] * count)
    right = good_at(*KINDS)
    return lambda body: right(body) if next(left, False) else SERVER_ERROR


def test_half_a_line_of_a_killed_run_is_no_result(profile: Profile, ollama: Ollama, tmp_path: Path) -> None:
    ollama.script.always(good_at(*KINDS))
    (tmp_path / "profile.jsonl").write_text('{"model": "ollama_chat/qwen3:8b", "item": "co')

    assert profile("--model", "qwen", "--limit", "3").exit_code == 0
    assert len(ollama.seen) == 3


def test_it_says_how_it_went_and_holds_no_text(profile: Profile, ollama: Ollama, tmp_path: Path) -> None:
    ollama.script.always(good_at("chat"))

    result = profile("--model", "qwen", "--limit", "60", "--dry-run")

    chats = sum(item.kind == "chat" for item in items()[:60])
    assert f"{chats} of {chats}" in result.stdout
    assert "Nothing was changed." in result.stdout
    assert not (tmp_path / "calibration.json").exists()
    assert set(json.loads((tmp_path / "profile.jsonl").read_text().splitlines()[0])) == {
        "model", "item", "passed", "seconds",
    }  # fmt: skip


def test_a_threshold_that_was_calibrated_stays(profile: Profile, ollama: Ollama, tmp_path: Path) -> None:
    write_calibration(tmp_path, Calibration(threshold=0.7, threshold_from="history"))
    ollama.script.always(Answer("no"))

    profile("--model", "qwen", "--limit", "10")

    assert read_calibration(tmp_path).threshold == 0.7
    assert read_calibration(tmp_path).kinds_from == "profile: 10 answers of qwen3:8b"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--model", "gpt"], "`gpt` is no local model"),
        (["--model", "gtp"], "those are: qwen, programmer"),
    ],
    ids=["a cloud model", "an unknown one"],
)
def test_only_local_models_are_asked(profile: Profile, cloud: Cloud, arguments: list[str], why: str) -> None:
    result = profile(*arguments)

    assert result.exit_code == 1
    assert why in result.stderr
    assert not cloud.record.requests


def test_a_server_that_is_down_is_said(profile: Profile, ollama: Ollama) -> None:
    ollama.models.clear()

    result = profile()

    assert result.exit_code == 1
    assert "not pulled" in result.stderr
