"""Ports are chosen once, kept, and a taken one is a sentence."""

import socket
from pathlib import Path

import pytest
from sluice.errors import StartError
from sluice.workstation import ports


def test_ports_are_remembered(tmp_path: Path) -> None:
    file = tmp_path / "run" / "ports.json"
    first = ports.remembered(file, 3000, free=lambda port: True)

    assert ports.remembered(file, 4000, free=lambda port: False) == first == ports.known(file)


def test_taken_ports_are_passed_over(tmp_path: Path) -> None:
    chosen = ports.remembered(tmp_path / "ports.json", 3000, free=lambda port: port % 2 == 0)

    assert all(port % 2 == 0 for port in chosen.values())
    assert len(set(chosen.values())) == len(ports.PARTS)


def test_a_broken_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{")

    assert set(ports.remembered(tmp_path / "ports.json", 65000, free=lambda port: True)) == set(ports.PARTS)


def test_a_port_in_use_is_one_clear_sentence() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        assert not ports.is_free(port)
        with pytest.raises(StartError, match=f"Port {port} is used by another program, and Open WebUI needs it"):
            ports.require_free(port, "127.0.0.1", use="Open WebUI", mend="Choose another.")
    assert ports.is_free(port)


@pytest.mark.parametrize("text", ["", "abc", "0", "70000", "-1", "３０００"])
def test_what_is_no_port_is_said(text: str) -> None:
    with pytest.raises(StartError, match="SLUICE_PUBLIC_PORT"):
        ports.public_port(text)
