"""Secrets are made once, and only their owner can read them."""

import os
from pathlib import Path

import pytest
from sluice.workstation.secret_files import SECRETS, make


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_secrets_are_long_and_only_the_owner_can_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = make(folder)

    assert set(made) == set(SECRETS) == {path.name for path in folder.iterdir()}
    assert _mode(folder) == 0o700
    assert {_mode(path) for path in folder.iterdir()} == {0o600}
    assert all(len(path.read_text()) >= 20 for path in folder.iterdir())


def test_secrets_that_exist_stay(tmp_path: Path) -> None:
    make(tmp_path)
    before = {path.name: path.read_text() for path in tmp_path.iterdir()}
    (tmp_path / "gateway_key").unlink()

    assert make(tmp_path) == ["gateway_key"]
    assert {name: (tmp_path / name).read_text() for name in before if name != "gateway_key"} == {
        name: value for name, value in before.items() if name != "gateway_key"
    }


def test_an_empty_file_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "gateway_key").touch()

    assert "gateway_key" in make(tmp_path)
    assert (tmp_path / "gateway_key").read_text()


def test_a_group_may_read_where_parts_run_as_different_users(tmp_path: Path) -> None:
    folder = tmp_path / "volume"
    make(folder, group=os.getgid())

    assert _mode(folder) == 0o750
    assert {_mode(path) for path in folder.iterdir()} == {0o440}


@pytest.mark.parametrize("name", list(SECRETS))
def test_no_two_secrets_are_alike(name: str) -> None:
    assert SECRETS[name]() != SECRETS[name]()
