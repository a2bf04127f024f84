"""Rules that hold for every file in presets/."""

import base64
from pathlib import Path

import pytest
from sluice.config.schema import LANES
from sluice.guard.values import Detector
from sluice.guard.workers import default_detector
from sluice.provision import files

ROOT = Path(__file__).resolve().parents[2]
WANTED = files.load(ROOT / "presets", ROOT / "functions")
PRESETS = {preset.id: preset for preset in WANTED.presets}


@pytest.fixture(scope="module")
def detector() -> Detector:
    return default_detector()


@pytest.fixture(params=sorted(PRESETS))
def preset(request: pytest.FixtureRequest) -> files.Preset:
    return PRESETS[request.param]


def test_there_are_the_six_in_their_order_with_auto_as_default() -> None:
    assert [(preset.id, preset.name, preset.lane) for preset in WANTED.presets] == [
        ("auto", "Auto", "auto"),
        ("private", "Private", "local"),
        ("everyday", "Everyday", "standard"),
        ("quick", "Quick", "small"),
        ("code-review", "Code Review", "coder"),
        ("deep-analysis", "Deep Analysis", "frontier"),
    ]
    assert WANTED.switches.default_models == ["auto"]
    assert WANTED.switches.task_model == "sluice.local"


def test_its_file_is_named_after_it_and_its_lane_exists(preset: files.Preset) -> None:
    assert (ROOT / "presets" / f"{preset.id}.yaml").is_file()
    assert preset.lane in LANES


def test_its_system_prompt_is_brief_enough_for_a_small_model(preset: files.Preset) -> None:
    words = len(preset.system.split())

    assert words <= (60 if preset.lane == "small" else 180)
    assert preset.system == preset.system.strip(), "Open WebUI trims it on saving, which would look like an edit"


def test_its_description_says_in_plain_words_where_it_runs(preset: files.Preset) -> None:
    assert "machine" in preset.description
    assert ("cloud" in preset.description) is (preset.lane in {"auto", "local", "frontier"})


def test_by_default_no_tool_schema_goes_along(preset: files.Preset) -> None:
    # These are sent only when the person switches the feature on, or when an admin enabled it.
    on_demand = {"web_search", "image_generation", "code_interpreter"}

    assert set(preset.tools) <= on_demand


def test_it_has_a_small_picture_that_open_webui_serves(preset: files.Preset) -> None:
    head, _, data = WANTED.icons[preset.id].partition(",")

    assert head == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")
    assert len(data) < 4000


def test_it_has_tags_and_suggestions(preset: files.Preset) -> None:
    assert preset.tags
    assert len(preset.suggestions) >= 2


def test_it_is_named_in_the_readme(preset: files.Preset) -> None:
    assert preset.name in (ROOT / "README.md").read_text("utf-8")


def test_the_guard_finds_nothing_private_in_its_words(preset: files.Preset, detector: Detector) -> None:
    """They go along with each message: a name among them would keep every message local."""
    words = [preset.system, *(suggestion.prompt for suggestion in preset.suggestions)]

    assert [(finding.type, finding.klass) for text in words for finding in detector.find(text, names=True)] == []


def test_the_guard_finds_nothing_private_in_the_suggestions_for_all(detector: Detector) -> None:
    prompts = [suggestion.prompt for suggestion in WANTED.switches.suggestions]

    assert [text for text in prompts if detector.find(text, names=True)] == []
