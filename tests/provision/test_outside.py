"""Which addresses count as this machine and its network."""

import pytest
from sluice.provision.outside import is_local
from sluice.upstream.address import host_of, literal_is_private


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:9099", True),
        ("http://localhost:11434/v1", True),
        ("http://[::1]:8080", True),
        ("http://192.168.1.20:8000/v1", True),
        ("http://10.0.0.3", True),
        ("http://ollama:11434", True),
        ("http://host.docker.internal:11434", True),
        ("http://nas.local/v1", True),
        ("tika:9998", True),
        ("https://api.openai.com/v1", False),
        ("https://openai.example.internal.com", False),
        ("http://8.8.8.8", False),
        ("http://[::ffff:8.8.8.8]/", False),
        ("http://[2606:4700::1111]", False),
        ("http://0.0.0.0", True),  # a call to it reaches this machine
        ("http://100.64.3.7:11434", True),
        ("http://100.128.0.1", False),
        ("http://[fe80::1%25eth0]:8080", True),
        ("http://LOCALHOST.:8080", True),
        ("http://127.0.0.1.example.com", False),
        ("http://user:pass@api.openai.com@evil.example", False),
        ("http://[broken", False),
        ("", False),
    ],
)
def test_only_what_surely_stays_here_is_local(url: str, local: bool) -> None:
    assert is_local(url) is local


@pytest.mark.parametrize("host", ["10.0.0.3", "100.64.3.7", "0.0.0.0", "8.8.8.8", "[fd00::1]", "[::ffff:10.0.0.3]"])
def test_provisioning_and_gateway_judge_an_address_alike(host: str) -> None:
    assert is_local(f"http://{host}:80") is literal_is_private(host_of(f"http://{host}:80"))


def test_an_accepted_host_counts_as_local_and_its_neighbours_do_not() -> None:
    accepted = {"tools.example.com"}

    assert is_local("https://tools.example.com/openapi.json", accepted)
    assert not is_local("https://evil.tools.example.com", accepted)
