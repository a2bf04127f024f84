"""The calibration: what it does to an estimate, and how it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sluice.errors import CalibrationError
from sluice.routing import Adjustment, Calibration
from sluice.routing.calibration import threshold_in_force
from sluice.routing.calibration_file import FILE, PREVIOUS, LiveCalibration, read_calibration, write_calibration

SCORES = st.floats(0, 1)
ADJUSTMENTS = st.builds(Adjustment, shift=st.floats(-12, 12), slope=st.floats(0.1, 10))
MATHS = Calibration(threshold=0.7, kinds={"reasoning": Adjustment(shift=2.0)})


@given(SCORES, st.sampled_from(["chat", "code", "no kind at all"]))
def test_nothing_learned_changes_nothing(score: float, kind: str) -> None:
    assert Calibration().adjusted(score, kind) == score


@given(SCORES, SCORES, ADJUSTMENTS)
def test_within_a_kind_the_order_of_calls_stays(one: float, other: float, adjustment: Adjustment) -> None:
    easier, harder = sorted((one, other))

    assert 0 <= adjustment.of(easier) <= adjustment.of(harder) <= 1


def test_only_the_kind_that_was_learned_moves() -> None:
    assert MATHS.adjusted(0.5, "reasoning") == pytest.approx(0.881, abs=0.001)
    assert MATHS.adjusted(0.5, "writing") == 0.5


@pytest.mark.parametrize(
    ("valve", "configured", "calibrated", "expected"),
    [
        (0.1, 0.2, 0.3, 0.1),
        (0.0, 0.2, 0.3, 0.0),
        (None, 0.2, 0.3, 0.2),
        (None, 0.0, 0.3, 0.0),
        (None, None, 0.3, 0.3),
        (None, None, None, 0.8),
    ],
    ids=["the valve", "a valve of 0", "the file", "a file's 0", "what was calibrated", "the default"],
)
def test_an_admins_own_threshold_wins(
    valve: float | None, configured: float | None, calibrated: float | None, expected: float
) -> None:
    assert threshold_in_force(valve, configured, Calibration(threshold=calibrated), 0.8) == expected


def test_what_was_written_is_read_and_the_one_before_is_kept(tmp_path: Path) -> None:
    write_calibration(tmp_path, Calibration(threshold=0.5))
    write_calibration(tmp_path, MATHS)

    assert read_calibration(tmp_path) == MATHS
    assert json.loads((tmp_path / PREVIOUS).read_text())["threshold"] == 0.5
    assert sorted(path.name for path in tmp_path.iterdir()) == [FILE, PREVIOUS]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "Invalid JSON"),
        ('{"threshold": 3}', "less than or equal to 1"),
        ('{"thresold": 0.5}', "not permitted"),
        ('{"kinds": {"code": {"slope": -1}}}', "greater than or equal to 0.1"),
        ('{"kinds": {"code": {"shift": NaN}}}', "`kinds.code.shift`"),
    ],
    ids=["broken", "out of range", "misspelt", "falling", "no number"],
)
def test_a_file_that_cannot_be_used_says_why(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / FILE).write_text(text)

    with pytest.raises(CalibrationError, match=why):
        read_calibration(tmp_path)


def test_a_broken_edit_leaves_the_last_good_one_in_force(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_calibration(tmp_path, MATHS)
    live = LiveCalibration(tmp_path)

    (tmp_path / FILE).write_text("{")
    live.reload()

    assert live.current == MATHS
    assert "The last good one stays in force" in caplog.text


def test_a_deleted_file_is_no_calibration(tmp_path: Path) -> None:
    write_calibration(tmp_path, MATHS)
    live = LiveCalibration(tmp_path)

    (tmp_path / FILE).unlink()
    live.reload()

    assert live.current == Calibration()
