"""A new fit from what people made of answers: which way each kind moves, what it would have moved, and when."""

from __future__ import annotations

import json

import pytest
from sluice.learning import Past, evidence
from sluice.ledger import Signal
from sluice.profile import items
from sluice.routing import Calibration
from sluice.routing.calibration_file import PREVIOUS, read_calibration, write_calibration

from tests.learning.conftest import Team


def answered(*signals: Signal, location: str = "local") -> Past:
    return Past("c", "m", "code", 0.5, location, signals=frozenset(signals))  # type: ignore[arg-type]


@pytest.mark.parametrize("signal", ["regenerated", "corrected", "asked_cloud", "thumbs_down"])
def test_a_complaint_is_a_failure(signal: Signal) -> None:
    (seen,) = evidence([answered(signal)])

    assert (seen.failed, seen.weight) == (True, 1.0)


def test_silence_weighs_less_than_praise_and_an_edit_less_than_a_complaint() -> None:
    silent, praised, edited, both = evidence(
        [answered(), answered("thumbs_up"), answered("edited"), answered("thumbs_up", "thumbs_down")]
    )

    assert not silent.failed
    assert silent.weight < praised.weight
    assert edited.failed
    assert edited.weight < 1.0
    assert both.failed


def test_answers_of_the_cloud_say_nothing_of_local_models() -> None:
    assert evidence([answered("thumbs_down", location="cloud")]) == []


def test_the_kind_that_people_complain_of_rises_and_the_other_falls(team: Team) -> None:
    team.asks(0.5, "code", times=40, signal="regenerated")
    team.asks(0.5, "writing", times=40, signal="thumbs_up")

    result = team.runs("refit", "--apply")

    learned = read_calibration(team.folder)
    assert result.exit_code == 0, result.output
    assert learned.adjusted(0.6, "code") > 0.8
    assert learned.adjusted(0.9, "writing") < 0.85
    assert learned.adjusted(0.5, "summary") == 0.5


def test_it_shows_what_would_have_moved_and_what_that_costs_before_it_is_switched_on(team: Team) -> None:
    team.asks(0.7, "code", times=40, signal="corrected")
    team.asks(0.7, "code", times=10, classes={"personal": 1})

    shown = team.runs("refit")
    untouched = read_calibration(team.folder)

    (row,) = [line.split() for line in shown.stdout.splitlines() if line.startswith("code") and "+" in line]
    # 1,000 tokens in and 500 out, at USD 2 and 8 for a million: https://openai.com/api/pricing
    assert row == ["code", "50", "10", "0", "40", "40", "0", f"+{40 * (1000 * 2 + 500 * 8) / 1e6:.4f}"]
    assert "Nothing was changed. `sluice refit --apply` switches it on." in shown.stdout
    assert untouched == Calibration()


def test_what_comes_back_from_the_cloud_is_saved(team: Team) -> None:
    write_calibration(team.folder, Calibration(threshold=0.6))
    team.asks(0.3, "writing", times=60, signal="thumbs_up")
    team.asks(0.65, "writing", times=10, location="cloud", model="gpt", usd="0.01")

    (row,) = [line.split() for line in team.runs("refit").stdout.splitlines() if line.endswith("-0.1000")]

    assert row[:7] == ["writing", "70", "0", "10", "0", "0", "10"]


def test_the_profile_counts_beside_what_people_say(team: Team) -> None:
    code = [item for item in items() if item.kind == "code"]
    lines = [{"model": "ollama_chat/qwen3:8b", "item": one.id, "passed": False, "seconds": 1.0} for one in code]
    (team.folder / "profile.jsonl").write_text("\n".join(map(json.dumps, lines)))

    result = team.runs("refit", "--apply")

    assert f"{len(code)}" in result.stdout
    assert read_calibration(team.folder).adjusted(0.6, "code") > 0.8
    assert read_calibration(team.folder).kinds_from.startswith(f"{len(code)} answers of the profile and 0 of the last")


def test_a_profile_of_a_model_that_is_no_longer_used_counts_no_more(team: Team) -> None:
    old = {"model": "ollama_chat/another:1b", "item": items()[0].id, "passed": False, "seconds": 1.0}
    (team.folder / "profile.jsonl").write_text(json.dumps(old))

    result = team.runs("refit")

    assert result.exit_code == 1
    assert "There is nothing to learn from" in result.stderr


def test_the_calibration_before_is_kept(team: Team) -> None:
    write_calibration(team.folder, Calibration(threshold=0.7))
    team.asks(0.5, times=5)

    team.runs("refit", "--apply")

    assert json.loads((team.folder / PREVIOUS).read_text())["threshold"] == 0.7
    assert json.loads((team.folder / PREVIOUS).read_text())["kinds"] == {}
    assert read_calibration(team.folder).threshold == 0.7
