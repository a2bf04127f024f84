"""Environments belong to a state of their lock; what keeps one from being built is one clear sentence."""

import sys
from pathlib import Path

import pytest
from sluice.errors import StartError
from sluice.workstation import environments
from sluice.workstation.environments import RECIPES, Recipe, environment
from sluice.workstation.places import ROOT, places
from sluice.workstation.progress import Step


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "locks").mkdir()
    for recipe in RECIPES.values():
        (tmp_path / "locks" / recipe.lock).write_text("something==1.0\n")
    return tmp_path


@pytest.mark.parametrize("name", list(RECIPES))
def test_every_recipe_has_its_lock(name: str) -> None:
    assert environment(name, ROOT, Path("cache")).lock.is_file()


def test_another_lock_is_another_environment(root: Path) -> None:
    before = environment("gateway", root, root / "cache")
    assert environment("gateway", root, root / "cache") == before

    before.lock.write_text("something==2.0\n")

    assert environment("gateway", root, root / "cache").folder != before.folder


def test_an_environment_without_its_mark_is_not_complete(root: Path) -> None:
    wanted = environment("gateway", root, root / "cache")
    wanted.python.parent.mkdir(parents=True)
    wanted.python.touch()
    assert not wanted.is_complete

    (wanted.folder / environments.COMPLETE).touch()

    assert wanted.is_complete
    assert environments.ensure("gateway", root, root / "cache") == wanted


def test_too_little_disk_space_is_said_before_anything_is_fetched(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    huge = Recipe("Gateway", "gateway.txt", disk_gib=10_000_000)
    monkeypatch.setattr(environments, "RECIPES", {"gateway": huge})

    with pytest.raises(StartError, match=r"needs 1e\+07 GB of disk space .* SLUICE_CACHE"):
        environments.ensure("gateway", root, root / "cache")


def test_a_missing_compiler_is_said_with_the_way_around_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(root))

    with pytest.raises(StartError, match=r"build-essential.*Ollama"):
        environments.ensure("llama", root, root / "cache")


def test_the_wrong_python_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))

    with pytest.raises(StartError, match=r"Python 3\.11 or 3\.12, and this is 3\.9"):
        environments.require_python()


# Lines as pip 23 to 25 prints them.
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one that was locked"),
        ("WARNING: Retrying (...) after connection broken by 'NewConnectionError(...)'", "a download failed"),
        ("ERROR: No matching distribution found for something==1.0", "a package was not found"),
        ("/usr/bin/python3: No module named venv", "python3-venv"),
        ("error: subprocess-exited-with-error", "could not be compiled"),
        ("anything else", "pip gave up"),
    ],
)
def test_a_failed_build_is_one_sentence_with_its_log(tmp_path: Path, line: str, sentence: str) -> None:
    log = tmp_path / "gateway.log"
    log.write_text(f"Collecting something\n{line}\n")

    said = environments._why(RECIPES["gateway"], log)

    assert sentence in said
    assert said.endswith(str(log))
    assert "\n" not in said


# Lines of pip's own output: from an index, from a folder of wheels, and compiling.
def test_the_lines_of_pip_become_a_share_and_a_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    lines = [
        "Collecting litellm==1.106.2 (from -r gateway.txt (line 1))",
        "  Downloading litellm-1.106.2-py3-none-any.whl (9.1 MB)",
        "Processing /wheels/torch-2.13.0+cpu-cp311-cp311-manylinux_2_28_x86_64.whl",
        "  Building wheel for llama-cpp-python (pyproject.toml): started",
        "Installing collected packages: litellm, torch",
    ]
    with (tmp_path / "log").open("w") as out:
        step = Step("Gateway", out=out)
        counter = environments._Counter(step, tmp_path, 0.0, 1.0, total=4)
        shown = []
        for line in lines:
            counter.read(line)
            shown.append(step._line())

    assert [line.partition("0:00")[2].strip() for line in shown] == [
        "fetching litellm",
        "fetching litellm (9.1 MB)",
        "fetching torch",
        "compiling llama-cpp-python",
        "unpacking, 0 of 2 packages",
    ]
    assert [line.split()[2] for line in shown] == ["12%", "12%", "25%", "25%", "50%"]

    (tmp_path / "litellm-1.106.2.dist-info").mkdir()
    step._look()
    assert "75%" in step._line()
    assert "unpacking, 1 of 2 packages" in step._line()


def test_places_follow_the_environment_and_else_the_usual_folders() -> None:
    assert places({"HOME": "/h"}).home == Path("/h/.local/share/sluice")
    assert places({"HOME": "/h"}).cache == Path("/h/.cache/sluice")
    assert places({"HOME": "/h", "XDG_DATA_HOME": "/d", "XDG_CACHE_HOME": "/c"}).home == Path("/d/sluice")
    assert places({"HOME": "/h", "SLUICE_HOME": "/s", "SLUICE_CACHE": "/k"}).cache == Path("/k")
