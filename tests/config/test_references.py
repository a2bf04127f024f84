"""References lead to the environment or to a file, or say what to set."""

from pathlib import Path

import pytest
from sluice.config.references import Unset, from_environment, resolve


@pytest.mark.parametrize("value", ["plain", 3, None, True, ["os.environ/X"], "environ/X", ""])
def test_what_refers_to_nothing_is_itself(value: object) -> None:
    assert resolve(value, {"X": "1"}) == value


def test_a_variable_is_read_without_surrounding_space() -> None:
    assert resolve("os.environ/KEY", {"KEY": " sk-1\n"}) == "sk-1"


def test_a_variable_may_name_a_file_instead(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-2\n", encoding="utf-8")

    assert from_environment("KEY", {"KEY_FILE": str(tmp_path / "key")}) == "sk-2"


def test_an_empty_variable_counts_as_not_set_so_that_its_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-3", encoding="utf-8")

    assert from_environment("KEY", {"KEY": " ", "KEY_FILE": str(tmp_path / "key")}) == "sk-3"


def test_a_file_is_read_directly(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("sk-4", encoding="utf-8")

    assert resolve(f"file:{tmp_path}/key", {}) == "sk-4"


def test_what_leads_nowhere_says_what_to_set(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "binary").write_bytes(b"\xff\xfe")

    whys = [
        resolve(value, {"GONE_FILE": str(tmp_path / "gone")})
        for value in ("os.environ/NONE", "os.environ/GONE", f"file:{tmp_path}/empty", f"file:{tmp_path}/binary")
    ]

    assert whys == [
        Unset("NONE is not set"),
        Unset(f"the file {tmp_path}/gone cannot be read"),
        Unset(f"the file {tmp_path}/empty is empty"),
        Unset(f"the file {tmp_path}/binary cannot be read"),
    ]
