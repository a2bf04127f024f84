"""A running configuration is replaced whole or not at all."""

import asyncio
import logging
from pathlib import Path

import pytest
from sluice.config import Config, LiveConfig
from sluice.errors import ConfigError

GOOD = "model_list: [{model_name: one, litellm_params: {model: ollama_chat/a}}]\n"
OTHER = "model_list: [{model_name: two, litellm_params: {model: ollama_chat/b}}]\n"
BAD = "model_list: [{model_name: two}]\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "sluice.yaml"
    file.write_text(GOOD, encoding="utf-8")
    return file


def name_in(live: LiveConfig) -> str:
    return live.current.deployments[0].name


def test_a_bad_file_at_start_is_an_error(path: Path) -> None:
    path.write_text(BAD, encoding="utf-8")

    with pytest.raises(ConfigError):
        LiveConfig(path, {})


def test_a_good_edit_is_taken_and_listeners_are_told(path: Path) -> None:
    live = LiveConfig(path, {})
    told: list[Config] = []
    live.on_change(told.append)
    path.write_text(OTHER, encoding="utf-8")

    assert live.reload()

    assert name_in(live) == "two"
    assert told == [live.current]


@pytest.mark.parametrize("edit", [BAD, "", "{", "a\x00b"], ids=["incomplete", "empty", "no yaml", "control character"])
def test_a_bad_edit_keeps_the_old_configuration_and_says_so(
    path: Path, edit: str, caplog: pytest.LogCaptureFixture
) -> None:
    live = LiveConfig(path, {})
    live.on_change(lambda _: pytest.fail("told of a configuration that is not in force"))
    path.write_text(edit, encoding="utf-8")

    with caplog.at_level(logging.ERROR):
        taken = live.reload()

    assert not taken
    assert name_in(live) == "one"
    assert live.problems
    assert "the old one stays in force" in caplog.text


def test_a_file_that_disappears_keeps_the_old_configuration(path: Path) -> None:
    live = LiveConfig(path, {})
    path.unlink()

    assert not live.reload()

    assert name_in(live) == "one"


def test_mending_a_bad_edit_clears_the_problems(path: Path) -> None:
    live = LiveConfig(path, {})
    path.write_text(BAD, encoding="utf-8")
    live.reload()
    path.write_text(OTHER, encoding="utf-8")

    assert live.reload()

    assert live.problems == ()
    assert name_in(live) == "two"


def test_an_edit_that_changes_nothing_tells_nobody(path: Path) -> None:
    live = LiveConfig(path, {})
    live.on_change(lambda _: pytest.fail("nothing changed"))

    assert live.reload()


async def test_a_changed_file_is_noticed_without_a_signal(path: Path) -> None:
    live = LiveConfig(path, {}, poll_seconds=0.01)
    changed = asyncio.Event()
    live.on_change(lambda _: changed.set())
    watching = asyncio.create_task(live.watch())
    path.write_text(OTHER, encoding="utf-8")  # noqa: ASYNC240 - a few bytes

    await asyncio.wait_for(changed.wait(), 10)
    watching.cancel()

    assert name_in(live) == "two"
